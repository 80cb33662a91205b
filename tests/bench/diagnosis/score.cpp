#include "score.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>

namespace memrb::bench {

namespace {

constexpr double spans_ahead = 3;

bool one_of(const std::vector<std::string>& all, const std::string& id) {
    return std::find(all.begin(), all.end(), id) != all.end();
}

void score_causes(const Truth& truth, const Assessment& assessment, Tally& tally) {
    const auto suggested = std::find_if(assessment.options.begin(), assessment.options.end(),
                                        [](const OfferedOption& option) { return option.suggested; });
    const bool any = suggested != assessment.options.end();
    if (truth.causes.empty()) {
        if (!truth.insufficient) {
            tally.let_alone.add(!any);
        }
        return;
    }
    const auto& causes = assessment.causes;
    const auto right = [&](std::size_t place) {
        return causes.size() > place && one_of(truth.causes, causes[place].id);
    };
    tally.first.add(right(0));
    tally.first_two.add(right(0) || right(1));
    tally.option.add(any && one_of(truth.options, suggested->id));
}

void score_forecast(const Incident& incident, const Assessment& assessment, Forecasts& forecasts) {
    const auto& given = assessment.trend.seconds_to_limit;
    const auto& told = incident.seconds_to_limit;
    if (!given) {
        forecasts.missing += told ? 1 : 0;
        return;
    }
    const double horizon = spans_ahead * incident.plan.hours * 3600;
    const bool never = std::isinf(given->high);
    forecasts.open += never ? 1 : 0;
    if (!told) {  // not within the horizon
        forecasts.covered.add(given->high >= horizon);
        return;
    }
    forecasts.covered.add(given->low <= *told && *told <= given->high);
    forecasts.below += *told < given->low ? 1 : 0;
    forecasts.errors.push_back(std::abs(given->mid - *told) / *told);
}

std::string percent(const Share& share) {
    return share.of > 0 ? fmt::format("{:.1f}", 100 * share.value()) : "-";
}

void print_row(std::string_view name, const Tally& tally, bool grows) {
    const auto rate = [&](const Detector& detector) { return percent(grows ? detector.found : detector.alarms); };
    fmt::print("{:<22}{:>5}{:>8}", name, grows ? tally.memrb.found.of : tally.memrb.alarms.of, rate(tally.memrb));
    for (const Detector& detector : tally.baselines) {
        fmt::print("{:>8}", rate(detector));
    }
    const Share insufficient = tally.insufficient_said.of > 0 ? tally.insufficient_said : tally.insufficient_kept;
    fmt::print("{:>8}{:>7}{:>7}{:>7}{:>7}  ", percent(insufficient), percent(tally.first), percent(tally.first_two),
               percent(tally.option), percent(tally.let_alone));
    std::vector<std::pair<std::size_t, std::string>> verdicts;
    for (const auto& [verdict, count] : tally.verdicts) {
        verdicts.emplace_back(count, verdict);
    }
    std::sort(verdicts.rbegin(), verdicts.rend());
    for (std::size_t i = 0; i < std::min<std::size_t>(verdicts.size(), 3); ++i) {
        fmt::print("{} {} ", verdicts[i].first, verdicts[i].second);
    }
    fmt::print("\n");
}

void print_detector(std::string_view name, const Detector& detector) {
    fmt::print("{:<10} precision {}  recall {}  F1 {:.3f}\n", name, with_interval(detector.precision()),
               with_interval(detector.found), detector.f1());
}

double quantile_of(std::vector<double> values, double q) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

}  // namespace

std::array<double, 2> wilson(const Share& share) {
    if (share.of == 0) {
        return {0, 1};
    }
    constexpr double z = 1.96;
    const auto n = static_cast<double>(share.of);
    const double p = share.value();
    const double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

std::string with_interval(const Share& share) {
    const auto [low, high] = wilson(share);
    return fmt::format("{:.3f} [{:.3f}, {:.3f}]", share.value(), low, high);
}

double Detector::f1() const {
    const double p = precision().value();
    const double r = found.value();
    return p + r > 0 ? 2 * p * r / (p + r) : 0;
}

void Tally::add(const Tally& other) {
    const auto join = [](Detector& one, const Detector& more) {
        one.found.add(more.found);
        one.alarms.add(more.alarms);
    };
    join(memrb, other.memrb);
    for (std::size_t i = 0; i < baselines.size(); ++i) {
        join(baselines[i], other.baselines[i]);
    }
    insufficient_said.add(other.insufficient_said);
    insufficient_kept.add(other.insufficient_kept);
    first.add(other.first);
    first_two.add(other.first_two);
    option.add(other.option);
    let_alone.add(other.let_alone);
}

bool reports_growth(const Assessment& assessment) {
    const Trend& trend = assessment.trend;
    return trend.verdict == Verdict::growing || (trend.verdict == Verdict::sawtooth && trend.restarts_seen >= 2);
}

void score(const Incident& incident, const Assessment& assessment, Scores& scores) {
    const Truth& truth = incident.plan.truth;
    Tally& tally = scores.by_family[incident.plan.family];
    ++tally.verdicts[std::string(to_string(assessment.trend.verdict))];
    const bool unjudged = assessment.trend.verdict == Verdict::insufficient_data;
    if (truth.insufficient) {
        tally.insufficient_said.add(unjudged);
    } else {
        tally.insufficient_kept.add(!unjudged);
    }
    const auto baselines = ask_baselines(incident);
    const auto count = [&](Detector& detector, bool alarm) {
        (truth.grows ? detector.found : detector.alarms).add(alarm);
    };
    count(tally.memrb, reports_growth(assessment));
    for (std::size_t i = 0; i < baselines.size(); ++i) {
        count(tally.baselines[i], baselines[i]);
    }
    score_causes(truth, assessment, tally);
    if (truth.grows && incident.plan.limit > 0 && reports_growth(assessment)) {
        score_forecast(incident, assessment, scores.forecasts);
    }
}

void print(const Scores& scores) {
    fmt::print("{:<22}{:>5}{:>8}", "% called growing", "n", "memrb");
    for (const std::string_view name : baseline_names) {
        fmt::print("{:>8}", name);
    }
    fmt::print("{:>8}{:>7}{:>7}{:>7}{:>7}  verdicts\n", "data ok", "1st", "top 2", "option", "alone");
    Tally all;
    for (const bool grows : {true, false}) {
        fmt::print("-- {}\n", grows ? "grows without an end" : "does not");
        for (const std::string_view family : families()) {
            const auto found = scores.by_family.find(family);
            if (found != scores.by_family.end() && (found->second.memrb.found.of > 0) == grows) {
                print_row(family, found->second, grows);
                all.add(found->second);
            }
        }
    }
    fmt::print("\n");
    print_detector("memrb", all.memrb);
    for (std::size_t i = 0; i < baseline_names.size(); ++i) {
        print_detector(baseline_names[i], all.baselines[i]);
    }
    const Forecasts& ahead = scores.forecasts;
    fmt::print("cause: first {}  first two {}\noption {}  left alone where nothing is wrong {}\n",
               with_interval(all.first), with_interval(all.first_two), with_interval(all.option),
               with_interval(all.let_alone));
    fmt::print("insufficient_data: said where true {}  not said elsewhere {}\n", with_interval(all.insufficient_said),
               with_interval(all.insufficient_kept));
    fmt::print(
        "time to limit: median error {:.1f} % (p75 {:.1f} %) of {}; 90 % interval covers {}, {} came before it; "
        "open end {}, none given {}\n",
        100 * quantile_of(ahead.errors, 0.5), 100 * quantile_of(ahead.errors, 0.75), ahead.errors.size(),
        with_interval(ahead.covered), ahead.below, ahead.open, ahead.missing);
}

}  // namespace memrb::bench
