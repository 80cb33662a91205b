#include "wire/assessment_json.h"
#include "wire/parts.h"

#include <limits>

namespace memrb::wire {

namespace {

constexpr auto level_word = [](Level value) { return to_string(value); };

ThresholdState threshold_from(const Fields& fields) {
    ThresholdState state;
    state.threshold.at = fields.number("at");
    state.threshold.for_ = fields.seconds("for_seconds");
    state.threshold.level = fields.word<Level>("level", level_word);
    state.state =
        fields.word<ThresholdState::State>("state", [](ThresholdState::State value) { return to_string(value); });
    state.since = fields.opt_time("since");
    state.why = fields.opt_text("why");
    return state;
}

RankedCause cause_from(const Fields& fields) {
    RankedCause cause;
    cause.id = fields.text("id");
    cause.title = fields.opt_text("title");
    cause.score = fields.integer("score");
    cause.confidence = fields.word<RankedCause::Confidence>(
        "confidence", [](RankedCause::Confidence value) { return to_string(value); });
    cause.evidence = fields.texts("evidence");
    cause.unknown = fields.texts("unknown");
    cause.options = fields.texts("options");
    return cause;
}

OfferedOption option_from(const Fields& fields) {
    OfferedOption option;
    option.id = fields.text("id");
    option.title = fields.opt_text("title");
    option.suggested = fields.flag("suggested", false);
    option.risk = fields.word<Risk>("risk", [](Risk value) { return to_string(value); });
    option.why = fields.opt_text("why");
    option.costs = fields.opt_text("costs");
    return option;
}

Interval interval_from(const Fields& fields) {
    constexpr double unbounded = std::numeric_limits<double>::infinity();
    return {fields.opt_number("low").value_or(unbounded), fields.opt_number("mid").value_or(unbounded),
            fields.opt_number("high").value_or(unbounded)};
}

Trend trend_from(const Fields& fields) {
    Trend trend;
    trend.verdict = fields.word<Verdict>("verdict", [](Verdict value) { return to_string(value); });
    trend.reason = fields.opt_text("reason");
    trend.slope_bytes_per_hour = fields.opt_number("slope_bytes_per_hour");
    if (fields.has("slope_ci90")) {
        const auto ends = fields.elements("slope_ci90");
        if (ends.size() == 2 && ends[0]->is_number() && ends[1]->is_number()) {
            trend.slope_ci90 = {ends[0]->get<double>(), ends[1]->get<double>()};
        } else {
            fields.note("slope_ci90", "must be two numbers");
        }
    }
    if (fields.has("seconds_to_limit")) {
        trend.seconds_to_limit = interval_from(fields.object("seconds_to_limit"));
    }
    trend.samples = fields.count("samples");
    trend.span = fields.seconds("span_seconds");
    trend.asymptote_bytes = fields.opt_number("asymptote_bytes");
    trend.restarts_seen = fields.count("restarts_seen");
    return trend;
}

OomAssessment oom_from(const Fields& fields) {
    OomAssessment oom;
    oom.verdict =
        fields.word<OomAssessment::Verdict>("verdict", [](OomAssessment::Verdict value) { return to_string(value); });
    oom.count = fields.count("count");
    oom.last_at = fields.opt_time("last_at");
    oom.level = fields.word<OomLevel>("level", [](OomLevel value) { return word(value); });
    oom.evidence = fields.texts("evidence");
    for (const auto& source : fields.texts("confirmed_by")) {
        oom.confirmed_by.push_back(fields.parse_word<OomSource>(fields.path_of("confirmed_by"), source,
                                                                [](OomSource value) { return word(value); }));
    }
    return oom;
}

void read_memory(const Fields& fields, Assessment& assessment) {
    assessment.no_memory_why = fields.opt_text("why");
    if (!fields.has("used_bytes")) {
        return;
    }
    MemoryReading memory;
    memory.at = fields.time("at");
    memory.metric = fields.text("metric");
    memory.used = fields.count("used_bytes");
    memory.limit = limit_from(fields);
    memory.usage = fields.opt_count("usage_bytes");
    memory.anon = fields.opt_count("anon_bytes");
    memory.file = fields.opt_count("file_bytes");
    memory.shmem = fields.opt_count("shmem_bytes");
    memory.reclaimable = fields.opt_count("reclaimable_bytes");
    memory.source = fields.opt_text("source");
    assessment.memory = std::move(memory);
    assessment.ratio = fields.opt_number("ratio");
}

RightSize right_size_from(const Fields& fields) {
    return {fields.count("limit_bytes"), fields.opt_text("why")};
}

Capacity capacity_from(const Fields& fields) {
    Capacity capacity;
    capacity.base = static_cast<double>(fields.count("base_bytes"));
    capacity.each = static_cast<double>(fields.count("bytes_each"));
    capacity.per_second = fields.opt_text("counts") == "requests_per_second";
    capacity.given = fields.flag("given", false);
    capacity.safe = fields.count("safe");
    capacity.risky = fields.count("risky");
    capacity.critical = fields.count("critical");
    capacity.seen = fields.flag("seen", true);
    return capacity;
}

Point point_from(const Fields& fields) {
    return {fields.time("at"), fields.opt_number("bytes").value_or(std::numeric_limits<double>::quiet_NaN())};
}

template <class T, class Read>
std::vector<T> list_from(const Fields& fields, std::string_view key, Read read) {
    std::vector<T> all;
    for (const auto& item : fields.objects(key)) {
        all.push_back(read(item));
    }
    return all;
}

}  // namespace

Assessment assessment_from(const Fields& fields) {
    Assessment assessment;
    read_memory(fields.object("memory"), assessment);
    assessment.level = fields.word<Level>("level", level_word);
    assessment.level_why = fields.opt_text("level_why");
    assessment.thresholds = list_from<ThresholdState>(fields, "thresholds", threshold_from);
    assessment.trend = trend_from(fields.object("trend"));
    assessment.oom = oom_from(fields.object("oom"));
    assessment.restarts = fields.opt_count("restarts");
    assessment.causes = list_from<RankedCause>(fields, "causes", cause_from);
    assessment.cause_clear = fields.flag("cause_clear", false);
    assessment.options = list_from<OfferedOption>(fields, "options", option_from);
    if (fields.has("right_size")) {
        assessment.right_size = right_size_from(fields.object("right_size"));
    }
    if (fields.has("capacity")) {
        assessment.capacity = capacity_from(fields.object("capacity"));
    }
    assessment.series = list_from<Point>(fields, "series", point_from);
    assessment.warnings = fields.texts("warnings");
    return assessment;
}

Result<Assessment> assessment_from_json(const Json& json) {
    Problem problem;
    return problem.check(assessment_from(Fields(json, "assessment", problem)));
}

}  // namespace memrb::wire
