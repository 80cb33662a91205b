#include "ui/words.h"

#include "ui/layout.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace memrb::ui {

namespace {

std::string time_with_day(Timestamp at, Timestamp now, std::size_t time_length) {
    const std::string text = format_rfc3339(at);  // 2026-11-21T08:51:07Z
    const std::string time = text.substr(11, time_length) + "Z";
    const bool same_day = std::chrono::floor<std::chrono::days>(at) == std::chrono::floor<std::chrono::days>(now);
    return same_day ? time : text.substr(0, 10) + " " + time;
}

struct Measure {
    std::string_view number, unit;
};

Measure split_measure(std::string_view text) {
    const std::size_t space = text.find(' ');
    return {text.substr(0, space), space == std::string_view::npos ? std::string_view{} : text.substr(space + 1)};
}

std::string plain_number(double value) {
    const double size = std::abs(value);
    const std::string text = size >= 9.95 ? fmt::format("{:.0f}", value) : fmt::format("{:.1f}", value);
    return text == "-0" || text == "-0.0" || text == "0.0" ? "0" : text;
}

Milliseconds to_span(double seconds) {
    constexpr double longest = 315'360'000.0;  // ten years, as far as durations go
    return Milliseconds(static_cast<std::int64_t>(std::llround(std::clamp(seconds, 0.0, longest) * 1000.0)));
}

}  // namespace

std::string clock_time(Timestamp at, Timestamp now) {
    return time_with_day(at, now, 5);
}

std::string exact_time(Timestamp at, Timestamp now) {
    return time_with_day(at, now, 8);
}

std::string part_of(Bytes used, Bytes limit) {
    const std::string part = format_bytes(used);
    const std::string whole = format_bytes(limit);
    const auto [number, unit] = split_measure(part);
    return unit == split_measure(whole).unit ? fmt::format("{} of {}", number, whole)
                                             : fmt::format("{} of {}", part, whole);
}

std::string rate_interval(double rate, const std::array<double, 2>& interval) {
    constexpr std::array<std::string_view, 7> units{"B/h", "KiB/h", "MiB/h", "GiB/h", "TiB/h", "PiB/h", "EiB/h"};
    const auto unit = std::find(units.begin(), units.end(), split_measure(format_rate(rate)).unit);
    const double size = unit == units.end() ? 1.0 : std::pow(1024.0, static_cast<double>(unit - units.begin()));
    return fmt::format("{}..{}", plain_number(interval[0] / size), plain_number(interval[1] / size));
}

std::string time_to_limit(const Interval& seconds) {
    const std::string low = format_duration(to_span(seconds.low));
    if (!std::isfinite(seconds.high)) {
        return low + " at the earliest";
    }
    const std::string high = format_duration(to_span(seconds.high));
    if (seconds.low < 60) {
        return "less than " + high;
    }
    if (low == high) {
        return low;
    }
    const auto from = split_measure(low);
    return !from.unit.empty() && from.unit == split_measure(high).unit ? fmt::format("{}..{}", from.number, high)
                                                                       : fmt::format("{}..{}", low, high);
}

std::string target_words(const Target& target, const Style& style) {
    return style.key_value() ? fmt::format("{} {}", to_string(target.platform), safe(style, target.name))
                             : fmt::format("{} {} {}", to_string(target.platform), glyph(style, Glyph::dot),
                                           safe(style, target.name));
}

std::string target_identity(const Target& target, Timestamp now, const Style& style) {
    constexpr std::size_t short_id = 6;
    std::string about = safe(style, target.id.substr(0, short_id));
    if (const auto& run = target.cloud_run) {
        about = safe(style, run->project + ", " + run->region + (target.id.empty() ? "" : ", " + target.id));
    }
    std::string state;
    if (!target.running) {
        state = "not running";
    } else if (target.started_at && *target.started_at <= now) {
        state = "up " + format_duration(now - *target.started_at);
    }
    if (!state.empty()) {
        about += about.empty() ? state : ", " + state;
    }
    return glue(target_words(target, style) + (about.empty() ? "" : " (" + about + ")"));
}

std::string_view words(OomSource source) {
    switch (source) {
        case OomSource::container_state: return "container state";
        case OomSource::docker_event: return "docker event";
        case OomSource::kernel_log: return "kernel log";
        case OomSource::cgroup_counter: return "cgroup counter";
        case OomSource::pod_status: return "pod status";
        case OomSource::cloud_log: return "cloud log";
        case OomSource::metric: return "metric";
    }
    return "unknown source";
}

std::string_view words(OomLevel level) {
    switch (level) {
        case OomLevel::process: return "of a process inside, the container lived on";
        case OomLevel::container: return "of the container";
        case OomLevel::pod: return "of the pod";
        case OomLevel::node: return "because the node ran out of memory";
        case OomLevel::unknown: break;
    }
    return "";
}

std::string_view words(Verdict verdict) {
    return verdict == Verdict::insufficient_data ? "not enough data" : to_string(verdict);
}

std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural) {
    return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

std::string threshold_percent(double ratio) {
    const double percent = ratio * 100.0;
    return std::abs(percent - std::round(percent)) < 0.05 ? fmt::format("{:.0f} %", percent)
                                                          : fmt::format("{:.1f} %", percent);
}

}  // namespace memrb::ui
