#include "actions/cloud_log.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>

namespace memrb::actions {

namespace {

using namespace std::chrono_literals;

constexpr Bytes mebibyte = Bytes{1} << 20U;

/// Takes a number and its unit from the beginning of `text`.
std::optional<Bytes> take_amount(std::string_view& text) {
    constexpr std::uint64_t most = 100'000'000;
    std::uint64_t number = 0;
    std::size_t at = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && number < most) {
        number = number * 10 + static_cast<std::uint64_t>(text[at++] - '0');
    }
    if (at == 0) {
        return std::nullopt;
    }
    text.remove_prefix(at);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const std::string_view unit = text.substr(0, text.find_first_of(" .,;"));
    text.remove_prefix(unit.size());
    if (unit == "MiB" || unit == "M" || unit == "Mi") {
        return number * mebibyte;
    }
    if (unit == "GiB" || unit == "G" || unit == "Gi") {
        return number * mebibyte * 1024;
    }
    return unit == "MB"   ? std::optional(number * 1'000'000)
           : unit == "GB" ? std::optional(number * 1'000'000'000)
                          : std::nullopt;
}

std::string text_of(const Json& entry) {
    if (auto text = get_text(entry, "textPayload")) {
        return *std::move(text);
    }
    const Json* payload = member(entry, "jsonPayload");
    return payload == nullptr ? std::string() : get_text(*payload, "message").value_or("");
}

std::string label_of(const Json& entry, std::string_view name) {
    const Json* labels = member(entry, "labels");
    return labels == nullptr ? std::string() : get_text(*labels, name).value_or("");
}

std::string revision_of(const Json& entry) {
    const Json* resource = member(entry, "resource");
    return resource == nullptr ? std::string() : label_of(*resource, "revision_name");
}

bool reported_by_application(const Json& entry) {
    const Json* payload = member(entry, "jsonPayload");
    return payload != nullptr && get_text(*payload, "error_type") == "OUT_OF_MEMORY";
}

struct Seen {
    std::string instance;
    std::optional<Timestamp> at;
};

bool is_known(const std::vector<Seen>& seen, const Seen& one) {
    return std::any_of(seen.begin(), seen.end(), [&](const Seen& other) {
        return other.instance == one.instance && other.at && one.at && *other.at - *one.at <= 60s &&
               *one.at - *other.at <= 60s;
    });
}

}  // namespace

std::optional<MemoryExceeded> read_memory_exceeded(std::string_view text) {
    constexpr std::string_view begin = "emory limit of ";
    constexpr std::string_view middle = " exceeded with ";
    const std::size_t at = text.find(begin);
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    text.remove_prefix(at + begin.size());
    const auto limit = take_amount(text);
    if (!limit || !text.starts_with(middle)) {
        return std::nullopt;
    }
    text.remove_prefix(middle.size());
    const auto used = take_amount(text);
    return used ? std::optional(MemoryExceeded{*limit, *used}) : std::nullopt;
}

CloudKills find_kills(const Json& entries) {
    CloudKills kills;
    kills.check.source = OomSource::cloud_log;
    std::vector<Seen> seen;
    const auto add = [&](const Json& entry, std::string detail) {
        Seen one{label_of(entry, "instanceId"), get_time(entry, "timestamp")};
        if (!one.instance.empty()) {
            kills.instances.insert(one.instance);
        }
        if (std::string revision = revision_of(entry); !revision.empty()) {
            kills.revisions.insert(std::move(revision));
        }
        kills.check.sightings.push_back({OomLevel::container, one.at, 1, std::move(detail)});
        seen.push_back(std::move(one));
    };
    kills.entries = entries.is_array() ? entries.size() : 0;
    for (std::size_t i = 0; i < kills.entries; ++i) {  // newest first
        const std::string text = text_of(entries[i]);
        if (const auto exceeded = read_memory_exceeded(text)) {
            kills.last = kills.last ? kills.last : exceeded;
            add(entries[i], text.substr(0, text.find(". ")));
        }
    }
    for (std::size_t i = 0; i < kills.entries; ++i) {
        const bool reported = reported_by_application(entries[i]);
        if (reported && !is_known(seen, {label_of(entries[i], "instanceId"), get_time(entries[i], "timestamp")})) {
            add(entries[i], "OUT_OF_MEMORY, reported by the application");
        }
    }
    return kills;
}

std::string compare_limits(Bytes logged, const Limit& pinned) {
    const auto* limit = std::get_if<Bytes>(&pinned);
    if (limit == nullptr || logged == *limit) {
        return {};
    }
    if (logged / mebibyte == *limit / mebibyte && *limit % 1'000'000 == 0) {
        return fmt::format("the logged {} MiB are the limit of {} MB, which is decimal", logged / mebibyte,
                           *limit / 1'000'000);
    }
    return logged / mebibyte == *limit / mebibyte
               ? std::string()
               : fmt::format("the log speaks of a limit of {}, the serving revision has {}: it was another revision",
                             format_bytes(logged), format_bytes(*limit));
}

}  // namespace memrb::actions
