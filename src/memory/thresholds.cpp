#include "memory/thresholds.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>

namespace memrb::memory {

namespace {

using namespace std::chrono_literals;

using State = ThresholdState::State;

// The run of samples above `at` that ends with the last sample; empty if that one is not above.
struct Run {
    std::size_t samples = 0;
    Timestamp first{};
    Timestamp last{};
    bool after_gap = false;  // it would be longer but for a gap

    [[nodiscard]] Milliseconds length() const { return last - first; }
};

Run run_above(const Ratios& ratios, double at, Milliseconds step) {
    Run run;
    for (std::size_t i = ratios.size(); i-- > 0;) {
        const Point sample = ratios[i];
        if (!(sample.value > at)) {
            break;
        }
        if (run.samples == 0) {
            run.last = sample.at;
        } else if (run.first - sample.at > longest_distance(step)) {
            run.after_gap = true;
            break;
        }
        run.first = sample.at;
        ++run.samples;
    }
    return run;
}

std::string why_pending(const Run& run, const Threshold& threshold) {
    const std::string needed = format_exact_duration(threshold.for_);
    if (run.samples == 1) {
        return fmt::format("one sample above {}; {} of them are needed{}", format_percent(threshold.at), needed,
                           run.after_gap ? ", and before it samples are missing" : "");
    }
    return fmt::format("above {} for {} of the {} that are needed{}", format_percent(threshold.at),
                       format_exact_duration(std::chrono::floor<std::chrono::seconds>(run.length())), needed,
                       run.after_gap ? "; before that samples are missing" : "");
}

ThresholdState judge_by_value(const Threshold& threshold, const ThresholdEvidence& evidence) {
    ThresholdState state{threshold, State::clear, std::nullopt, {}};
    const Run run = run_above(evidence.ratios, threshold.at, evidence.step);
    if (run.samples == 0) {
        return state;
    }
    state.since = run.first;
    if (run.length() >= threshold.for_) {
        state.state = State::breached;
    } else {
        state.state = State::pending;
        state.why = why_pending(run, threshold);
    }
    return state;
}

ThresholdState judge_full(const Threshold& threshold, const ThresholdEvidence& evidence, const std::string& no_ratio) {
    ThresholdState state{threshold, State::clear, std::nullopt, {}};
    const LimitReached& reached = evidence.reached;
    if (reached.by_oom) {
        state.state = State::breached;
        state.since = reached.oom_at;
    } else if (no_ratio.empty() && reached.full == true) {
        state.since = evidence.ratios.back().at;  // for how long is not known: usage is seen for this moment only
        state.state = threshold.for_ > Milliseconds{0} ? State::pending : State::breached;
        state.why = threshold.for_ > Milliseconds{0} ? "full now; for how long is not known" : "";
    } else if (!no_ratio.empty() || !reached.full) {
        state.state = State::unknown;
        state.why = no_ratio.empty() ? "the usage is not known" : no_ratio;
    } else if (!reached.oom_sources_read) {
        state.state = State::unknown;
        state.why = "no source of OOM kills could be read";
    }
    return state;
}

std::string why_no_ratio(const ThresholdEvidence& evidence) {
    if (evidence.ratios.empty()) {
        return evidence.no_ratio_why;
    }
    const Milliseconds age = evidence.now - evidence.ratios.back().at;
    if (age > stale_after(evidence.step)) {
        return fmt::format("the last sample is {} old", format_duration(age));
    }
    return {};
}

std::string why_of(const Judged& judged) {
    for (auto state = judged.states.rbegin(); state != judged.states.rend(); ++state) {
        if (state->state == State::breached && state->threshold.level == judged.level) {
            const std::string at = format_percent(state->threshold.at);
            if (state->threshold.at >= 1) {
                return "the limit was reached";
            }
            return state->threshold.for_ > Milliseconds{0}
                       ? fmt::format("above {} for {} and more", at, format_exact_duration(state->threshold.for_))
                       : fmt::format("above {}", at);
        }
    }
    return "no threshold is breached";
}

}  // namespace

Milliseconds stale_after(Milliseconds step) {
    return std::max<Milliseconds>(5min, step * 5);
}

Judged judge_thresholds(const ThresholdEvidence& evidence) {
    Judged judged;
    const std::string no_ratio = why_no_ratio(evidence);
    judged.level = no_ratio.empty() ? Level::ok : Level::unknown;
    for (const Threshold& threshold : evidence.thresholds) {
        ThresholdState state{threshold, State::unknown, std::nullopt, no_ratio};
        if (threshold.at >= 1) {
            state = judge_full(threshold, evidence, no_ratio);
        } else if (no_ratio.empty()) {
            state = judge_by_value(threshold, evidence);
        }
        if (state.state == State::breached) {
            judged.level = std::max(judged.level, threshold.level);
        }
        judged.states.push_back(std::move(state));
    }
    judged.level_why = judged.level == Level::unknown ? no_ratio : why_of(judged);
    return judged;
}

}  // namespace memrb::memory
