#include "drill/cloud_log.h"

#include "drill/cloud_run_world.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::drill {

namespace {

constexpr std::size_t scrapes_a_quarter = 15 * scrapes_a_minute;  // of an hour

struct Entry {
    Timestamp at{};
    Json json;
};

Entry entry_of(const World& world, std::size_t service, const Revision& revision, const Container& instance,
               Timestamp at, std::string_view severity) {
    return {at,
            {{"timestamp", google_time(at)},
             {"severity", severity},
             {"labels", {{"instanceId", instance.id}}},
             {"resource",
              {{"type", "cloud_run_revision"},
               {"labels",
                {{"project_id", cloud_project},
                 {"location", cloud_region},
                 {"service_name", world.service(service).spec->name},
                 {"revision_name", revision.name}}}}}}};
}

using Entries = std::vector<Entry>;

void add_kills(const World& world, std::size_t service, const Revision& revision, Entries& entries) {
    for (const Container* instance : revision.instances) {
        for (const auto& event : world.events()) {
            if (event.id == instance->id && event.action == "oom") {
                entries.push_back(entry_of(world, service, revision, *instance, event.at, "ERROR"));
                entries.back().json["textPayload"] = fmt::format(
                    "Memory limit of {:.0f} MiB exceeded with {:.0f} MiB used. Consider increasing the memory limit, "
                    "see "
                    "https://cloud.google.com/run/docs/configuring/memory-limits",
                    revision.limit / one_mebibyte, revision.limit / one_mebibyte + 2);
            }
        }
    }
}

// One request a minute, large while a payload is at work.
void add_requests(const World& world, std::size_t service, const Revision& revision, double least, Entries& entries) {
    constexpr double usual = 2'400;
    for (const Container* instance : revision.instances) {
        double rest = 0;
        for (std::size_t i = 0; i < instance->samples.size(); i += scrapes_a_minute) {
            const Sample& sample = instance->samples[i];
            rest = rest == 0 ? sample.anon : std::min(rest, sample.anon);
            const bool large = instance->version.memory.payload > 0 &&
                               sample.anon - rest > static_cast<double>(instance->version.memory.payload) / 2;
            const double size = large ? static_cast<double>(instance->version.memory.payload) / 4 : usual;
            if (size < least) {
                continue;
            }
            entries.push_back(entry_of(world, service, revision, *instance, sample.at, "INFO"));
            entries.back().json["httpRequest"] = {
                {"requestMethod", "POST"},
                {"requestUrl", large ? "https://shop.test/import" : "https://shop.test/"},
                {"requestSize", fmt::format("{:.0f}", size)},
                {"responseSize", "512"},
                {"status", 200}};
        }
    }
}

void add_lines(const World& world, std::size_t service, const Revision& revision, std::string_view beginning,
               std::string_view severity, Entries& entries) {
    for (const Container* instance : revision.instances) {
        for (std::size_t i = 0; i < instance->samples.size(); i += scrapes_a_quarter) {
            for (const auto& line : world.service(service).spec->log) {
                if (line.starts_with(beginning)) {
                    entries.push_back(entry_of(world, service, revision, *instance, instance->samples[i].at, severity));
                    entries.back().json["textPayload"] = line;
                }
            }
        }
    }
}

// What the application reports of itself, every quarter of an hour.
void add_reports(const World& world, std::size_t service, const Revision& revision, bool cache, Entries& entries) {
    const auto& memory = revision.instances.front()->version.memory;
    if (cache && memory.cache_per_hour == 0) {
        return;
    }
    for (const Container* instance : revision.instances) {
        for (std::size_t i = 0; i < instance->samples.size(); i += scrapes_a_quarter) {
            const Sample& sample = instance->samples[i];
            entries.push_back(entry_of(world, service, revision, *instance, sample.at, "INFO"));
            const double own = (sample.anon - static_cast<double>(memory.base)) / one_mebibyte;
            entries.back().json["jsonPayload"] =
                cache ? Json{{"cache_size", static_cast<int>(std::max(1.0, own * 40))}}
                      : Json{{"memory_usage_mb", static_cast<int>(sample.anon / one_mebibyte)}};
        }
    }
}

}  // namespace

std::optional<Json> cloud_log(const World& world, std::string_view filter, Timestamp since, std::size_t limit) {
    const auto asks = [&](std::string_view words) { return filter.find(words) != std::string_view::npos; };
    Entries entries;
    bool known = false;
    for (std::size_t service = 0; service < world.service_count(); ++service) {
        if (!asks("resource.labels.service_name=\"" + world.service(service).spec->name + "\"")) {
            continue;
        }
        for (const auto& revision : revisions_of(world, service)) {
            known = true;
            constexpr double large = 10 * one_mebibyte;
            if (asks("emory limit of")) {
                add_kills(world, service, revision, entries);
            } else if (asks("jsonPayload.memory_usage_mb:*") || asks("jsonPayload.cache_size:*")) {
                add_reports(world, service, revision, asks("cache_size"), entries);
            } else if (asks("httpRequest.requestSize>") || asks("httpRequest.requestSize:*")) {
                add_requests(world, service, revision, asks("requestSize>") ? large : 0, entries);
            } else if (asks("severity=WARNING")) {
                add_lines(world, service, revision, "WARN", "WARNING", entries);
            } else if (asks("severity=ERROR")) {
                add_kills(world, service, revision, entries);
                add_lines(world, service, revision, "ERROR", "ERROR", entries);
            } else if (asks("severity>=DEFAULT")) {
                add_kills(world, service, revision, entries);
                add_lines(world, service, revision, "", "DEFAULT", entries);
            } else {
                known = false;
            }
        }
    }
    if (!known) {
        return std::nullopt;
    }
    std::erase_if(entries, [&](const Entry& one) { return one.at < since || one.at > world.now(); });
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.at > b.at; });
    Json list = Json::array();
    for (std::size_t i = 0; i < entries.size() && i < limit; ++i) {
        entries[i].json["insertId"] = fmt::format("drill{:06}", i);
        list.push_back(std::move(entries[i].json));
    }
    return list;
}

}  // namespace memrb::drill
