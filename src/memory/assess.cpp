#include "memory/assess.h"

#include "memory/capacity.h"
#include "memory/chosen.h"
#include "memory/doubt.h"
#include "memory/oom.h"
#include "memory/right_size.h"
#include "memory/slowing.h"
#include "memory/thresholds.h"
#include "memory/trend.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::memory {

namespace {

constexpr std::size_t points_for_drawing = 240;

// The last ratio; of a container that has ended the last one before its end, if it was taken shortly before.
std::optional<double> last_ratio(const Ratios& ratios, const Chosen& chosen) {
    const bool ended = chosen.state != nullptr && chosen.state->exit_code && chosen.state->finished_at;
    const Timestamp end = ended ? *chosen.state->finished_at : chosen.now;
    const std::size_t seen = ratios.until(end);
    if (seen == 0 || end - ratios[seen - 1].at > stale_after(chosen.history.memory.step)) {
        return std::nullopt;
    }
    return ratios[seen - 1].value;
}

// Page cache may fill the limit without harm: then the working set stays below.
std::optional<bool> is_full(const std::optional<MemoryReading>& memory) {
    const auto limit = memory ? bytes_of(memory->limit) : std::nullopt;
    if (!limit) {
        return std::nullopt;
    }
    constexpr double nearly = 0.95;
    const auto used = static_cast<double>(memory->used);
    if (used < nearly * *limit) {
        return false;
    }
    if (used >= *limit) {
        return true;
    }
    return memory->usage ? std::optional(static_cast<double>(*memory->usage) >= *limit) : std::nullopt;
}

std::string why_no_ratio(const Chosen& chosen) {
    if (!chosen.memory) {
        return chosen.no_memory_why;
    }
    if (chosen.stopped) {
        return "the container is not running";
    }
    return std::holds_alternative<NoLimit>(chosen.memory->limit) ? "no limit is set, so there is no ratio"
                                                                 : "the limit is not known";
}

// Counted is what the load series counts: requests per second. What somebody says counts requests at once.
std::optional<Capacity> capacity_of(const Chosen& chosen, const Evidence& evidence) {
    const auto limit = bytes_of(chosen.history.limit.at(chosen.now));
    const auto model =
        evidence.carries ? evidence.carries : fit_capacity(chosen.history.memory, chosen.companions.load);
    if (!limit || !model) {
        return std::nullopt;
    }
    Capacity capacity = capacity_at(*model, *limit);
    capacity.per_second = !capacity.given;
    return capacity;
}

}  // namespace

Assessment assess(const Evidence& evidence) {
    Chosen chosen = choose(evidence);
    const History& history = chosen.history;
    Assessment assessment;
    assessment.memory = chosen.memory;
    assessment.no_memory_why = chosen.no_memory_why;
    assessment.restarts = chosen.restarts;
    assessment.warnings = chosen.warnings;

    Ratios ratios(history);
    assessment.oom = judge_oom({evidence.readings, chosen.state, chosen.oom_events, last_ratio(ratios, chosen),
                                evidence.target.platform, chosen.now});
    // Samples of a container that has ended tell nothing of the present.
    if (chosen.stopped || !chosen.memory || !bytes_of(chosen.memory->limit)) {
        ratios = Ratios();
    }
    const LimitReached reached{oom_is_present(assessment.oom, chosen.state, chosen.now), assessment.oom.last_at,
                               is_full(chosen.memory), assessment.oom.verdict != OomAssessment::Verdict::unknown};
    Judged judged =
        judge_thresholds({evidence.thresholds, ratios, history.memory.step, reached, why_no_ratio(chosen), chosen.now});
    assessment.level = judged.level;
    assessment.level_why = std::move(judged.level_why);
    assessment.thresholds = std::move(judged.states);
    const bool stale = chosen.memory && chosen.now - chosen.memory->at > stale_after(history.memory.step);
    if (!ratios.empty() && !stale) {
        assessment.ratio = ratios.back().value;
    }
    if (stale) {
        assessment.warnings.push_back(
            fmt::format("stale: the last sample is {} old", format_duration(chosen.now - chosen.memory->at)));
    }

    JudgedTrend judged_trend = judge_course(history, chosen.now, evidence.gates);
    if (evidence.gates.doubt) {
        doubt_growth(history, chosen.companions, chosen.memory ? chosen.memory->shmem : std::nullopt, chosen.now,
                     judged_trend);
    }
    forecast_by_requests(chosen.companions.load, chosen.now, judged_trend);
    assessment.features = find_features(history, chosen.companions, judged_trend);
    assessment.trend = std::move(judged_trend.trend);
    assessment.right_size = right_size({history, assessment.trend, assessment.oom, chosen.now});
    assessment.capacity = capacity_of(chosen, evidence);
    assessment.series = thin(history.points(), history.memory.step, points_for_drawing);
    return assessment;
}

}  // namespace memrb::memory
