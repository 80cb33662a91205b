#include "actions/cgroup_memory.h"

#include "actions/memory_counters.h"
#include "base/number.h"
#include "base/text.h"

#include <map>

namespace memrb::actions {

namespace {

constexpr std::string_view what = "cgroup files";

using Counters = std::map<std::string, Bytes, std::less<>>;

std::optional<Bytes> read_number(std::string_view text) {
    return base::number<Bytes>(base::trim(text));
}

// Lines of `name number`; what is none is left out.
Counters read_counters_file(std::string_view text) {
    Counters counters;
    for (const auto line : base::lines(text)) {
        const std::size_t blank = line.find(' ');
        const auto value = blank == std::string_view::npos ? std::nullopt : read_number(line.substr(blank + 1));
        if (value) {
            counters.emplace(line.substr(0, blank), *value);
        }
    }
    return counters;
}

std::optional<Bytes> counter(const Counters& counters, std::string_view name) {
    const auto found = counters.find(name);
    return found == counters.end() ? std::nullopt : std::optional(found->second);
}

/// The files of one container.
class Files {
public:
    explicit Files(const Json& files) : files_(files) {}

    [[nodiscard]] bool has(std::string_view name) const { return get_text(files_, name).has_value(); }
    [[nodiscard]] std::optional<Bytes> number(std::string_view name) const {
        const auto text = get_text(files_, name);
        return text ? read_number(*text) : std::nullopt;
    }
    [[nodiscard]] Counters counters(std::string_view name) const {
        return read_counters_file(get_text(files_, name).value_or(""));
    }
    [[nodiscard]] bool says_max(std::string_view name) const {
        return base::trim(get_text(files_, name).value_or("")) == "max";
    }

private:
    const Json& files_;
};

// The limit that counts is the lowest on the way to the root, which version 1 tells.
Limit limit_v1(const Files& files, const Counters& stat) {
    const auto own = files.number("memory.limit_in_bytes");
    const auto effective = counter(stat, "hierarchical_memory_limit");
    return effective ? limit_from_v1(*effective) : own ? limit_from_v1(*own) : Limit(LimitUnknown{});
}

Limit limit_v2(const Files& files) {
    if (files.says_max("memory.max")) {
        return NoLimit{};
    }
    const auto bytes = files.number("memory.max");
    return bytes && *bytes != 0 ? Limit(*bytes) : Limit(LimitUnknown{});
}

// While the cgroup exists its first process lives, so what was killed was another one in it.
OomCheck kills_of(std::uint64_t count) {
    OomCheck check{OomSource::cgroup_counter, {}, {}};
    if (count > 0) {
        check.sightings.push_back({OomLevel::process, {}, count, "oom_kill of the memory cgroup"});
    }
    return check;
}

CgroupSample read_files(std::string id, const Files& files, Timestamp at) {
    const bool v1 = files.has("memory.usage_in_bytes");
    CgroupSample sample{
        std::move(id), NoData{std::string(what), "the files of the memory cgroup are not understood"}, {}};
    const auto usage = files.number(v1 ? "memory.usage_in_bytes" : "memory.current");
    const Counters stat = files.counters("memory.stat");
    if (usage) {
        auto memory = read_counters({v1 ? 1 : 2, *usage, [&](std::string_view name) { return counter(stat, name); }});
        if (memory) {
            memory->at = at;
            memory->limit = v1 ? limit_v1(files, stat) : limit_v2(files);
            memory->source = v1 ? "cgroup v1" : "cgroup v2";
            sample.reading = *std::move(memory);
        }
    }
    if (const auto kills = counter(files.counters(v1 ? "memory.oom_control" : "memory.events"), "oom_kill")) {
        sample.kills = kills_of(*kills);
    }
    return sample;
}

}  // namespace

bool is_cgroup_document(const Json& document) {
    const Json* containers = member(document, "containers");
    return containers != nullptr && containers->is_array();
}

std::vector<CgroupSample> read_cgroup_document(const Json& document, Timestamp at) {
    std::vector<CgroupSample> samples;
    if (!is_cgroup_document(document)) {
        return samples;
    }
    for (const auto& entry : *member(document, "containers")) {
        std::string id = get_text(entry, "id").value_or("");
        const Json* files = member(entry, "files");
        if (files != nullptr && files->is_object()) {
            samples.push_back(read_files(std::move(id), Files(*files), get_time(entry, "read_at").value_or(at)));
        } else {
            const auto why = get_text(entry, "error");
            samples.push_back(
                {std::move(id),
                 NoData{std::string(what), why ? base::printable(*why) : "there are no files of its cgroup"},
                 {}});
        }
    }
    return samples;
}

}  // namespace memrb::actions
