#include "wire/assessment_json.h"

#include "wire/fields.h"

#include <cmath>

namespace memrb::wire {

namespace {

constexpr std::array<std::string_view, 7> source_words{
    "container_state", "docker_event", "kernel_log", "cgroup_counter", "pod_status", "cloud_log", "metric"};
constexpr std::array<std::string_view, 5> level_words{"unknown", "process", "container", "pod", "node"};

template <std::size_t N>
std::string_view word_at(const std::array<std::string_view, N>& words, int index) {
    return index >= 0 && static_cast<std::size_t>(index) < N ? words[static_cast<std::size_t>(index)] : "?";
}

Json seconds_json(Milliseconds span) {
    return span.count() % 1000 == 0 ? Json(span.count() / 1000) : Json(static_cast<double>(span.count()) / 1000.0);
}

Json threshold_json(const ThresholdState& state) {
    return {{"at", number_json(state.threshold.at)},
            {"for_seconds", seconds_json(state.threshold.for_)},
            {"level", to_string(state.threshold.level)},
            {"state", to_string(state.state)},
            {"since", to_json(state.since)},
            {"why", text_json(state.why)}};
}

Json cause_json(const RankedCause& cause) {
    return {{"id", text_json(cause.id)},
            {"title", text_json(cause.title)},
            {"score", cause.score},
            {"confidence", to_string(cause.confidence)},
            {"evidence", texts_json(cause.evidence)},
            {"unknown", texts_json(cause.unknown)},
            {"options", texts_json(cause.options)}};
}

Json option_json(const OfferedOption& option) {
    return {{"id", text_json(option.id)},     {"title", text_json(option.title)}, {"suggested", option.suggested},
            {"risk", to_string(option.risk)}, {"why", text_json(option.why)},     {"costs", text_json(option.costs)}};
}

Json point_json(const Point& point) {
    return {{"at", format_rfc3339(point.at)}, {"bytes", whole_json(point.value)}};
}

Json interval_json(const std::optional<Interval>& interval) {
    if (!interval) {
        return nullptr;
    }
    return {
        {"low", whole_json(interval->low)}, {"mid", whole_json(interval->mid)}, {"high", whole_json(interval->high)}};
}

template <class T, class Write>
Json list_json(const std::vector<T>& items, Write write) {
    Json all = Json::array();
    for (const auto& item : items) {
        all.push_back(write(item));
    }
    return all;
}

}  // namespace

std::string_view word(OomSource source) {
    return word_at(source_words, static_cast<int>(source));
}
std::string_view word(OomLevel level) {
    return word_at(level_words, static_cast<int>(level));
}

Json to_json(const MemoryReading& reading, const std::optional<double>& ratio) {
    return {{"at", format_rfc3339(reading.at)},
            {"metric", text_json(reading.metric)},
            {"used_bytes", reading.used},
            {"limit_bytes", to_json(reading.limit)},
            {"limit_kind", limit_kind(reading.limit)},
            {"ratio", number_json(ratio)},
            {"usage_bytes", count_json(reading.usage)},
            {"anon_bytes", count_json(reading.anon)},
            {"file_bytes", count_json(reading.file)},
            {"shmem_bytes", count_json(reading.shmem)},
            {"reclaimable_bytes", count_json(reading.reclaimable)},
            {"source", text_json(reading.source)},
            {"why", nullptr}};
}

Json no_memory_json(std::string_view why) {
    Json memory = to_json(MemoryReading{}, std::nullopt);
    for (auto& member : memory.items()) {
        member.value() = nullptr;
    }
    memory["limit_kind"] = limit_kind(LimitUnknown{});
    memory["why"] = text_json(why);
    return memory;
}

Json to_json(const Trend& trend) {
    Json interval = nullptr;
    if (trend.slope_ci90) {
        interval = Json::array({whole_json((*trend.slope_ci90)[0]), whole_json((*trend.slope_ci90)[1])});
    }
    return {{"verdict", to_string(trend.verdict)},
            {"reason", text_json(trend.reason)},
            {"slope_bytes_per_hour", whole_json(trend.slope_bytes_per_hour)},
            {"slope_ci90", std::move(interval)},
            {"seconds_to_limit", interval_json(trend.seconds_to_limit)},
            {"samples", trend.samples},
            {"span_seconds", seconds_json(trend.span)},
            {"asymptote_bytes", whole_json(trend.asymptote_bytes)},
            {"restarts_seen", trend.restarts_seen}};
}

Json to_json(const OomAssessment& oom) {
    return {{"verdict", to_string(oom.verdict)},
            {"count", oom.count},
            {"last_at", to_json(oom.last_at)},
            {"level", word(oom.level)},
            {"evidence", texts_json(oom.evidence)},
            {"confirmed_by", list_json(oom.confirmed_by, [](OomSource source) { return Json(word(source)); })}};
}

Json to_json(const std::optional<RightSize>& right_size) {
    if (!right_size) {
        return nullptr;
    }
    return {{"limit_bytes", right_size->limit}, {"why", text_json(right_size->why)}};
}

Json to_json(const std::optional<Capacity>& capacity) {
    if (!capacity) {
        return nullptr;
    }
    return {{"base_bytes", std::llround(capacity->base)},
            {"bytes_each", std::llround(capacity->each)},
            {"counts", capacity->per_second ? "requests_per_second" : "requests_at_once"},
            {"given", capacity->given},
            {"safe", capacity->safe},
            {"risky", capacity->risky},
            {"critical", capacity->critical},
            {"seen", capacity->seen}};
}

Json to_json(const Assessment& assessment) {
    return {{"memory", assessment.memory ? to_json(*assessment.memory, assessment.ratio)
                                         : no_memory_json(assessment.no_memory_why)},
            {"level", to_string(assessment.level)},
            {"level_why", text_json(assessment.level_why)},
            {"thresholds", list_json(assessment.thresholds, threshold_json)},
            {"trend", to_json(assessment.trend)},
            {"oom", to_json(assessment.oom)},
            {"restarts", count_json(assessment.restarts)},
            {"causes", list_json(assessment.causes, cause_json)},
            {"cause_clear", assessment.cause_clear},
            {"options", list_json(assessment.options, option_json)},
            {"right_size", to_json(assessment.right_size)},
            {"capacity", to_json(assessment.capacity)},
            {"series", list_json(assessment.series, point_json)},
            {"warnings", texts_json(assessment.warnings)}};
}

}  // namespace memrb::wire
