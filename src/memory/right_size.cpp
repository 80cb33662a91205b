#include "memory/right_size.h"

#include "memory/statistics.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace memrb::memory {

namespace {

using namespace std::chrono_literals;

constexpr double mib = 1048576;
constexpr std::size_t least_samples = 36;
constexpr double alert_share = 0.8;
constexpr double p95_share = 0.75;
constexpr double asymptote_share = 0.8;
constexpr double oom_growth = 1.25;
constexpr double stop_gap_hours = 8;
constexpr double most_growth = 2;  // a stop-gap beyond twice the limit is no stop-gap

struct Use {
    double peak = 0;
    double p95 = 0;
    double safe = 0;  // what the next while like this one will hardly exceed
    double days = 0;
    std::size_t samples = 0;
};

double peak_of(std::span<const Point> points) {
    // Four at once, so that none has to wait for the one before it.
    std::array<double, 4> peaks{};
    for (std::size_t i = 0; i < points.size(); ++i) {
        peaks[i % 4] = std::max(peaks[i % 4], points[i].value);
    }
    return *std::max_element(peaks.begin(), peaks.end());
}

// Mean distance of the highest peaks from the one below them; beyond it peaks fall off about exponentially.
double tail_of(const std::vector<double>& falling, std::size_t highest) {
    double distance = 0;
    for (std::size_t i = 0; i < highest; ++i) {
        distance += (falling[i] - falling[highest]) / static_cast<double>(highest);
    }
    return distance;
}

// By how much the next peak may top the highest one seen: the peaks of 24 parts of the history tell how peaks are
// spread. The highest three alone know little of it. Sixteen know more, but take a wave, whose crest is the same each
// time, for peaks that differ: where those three are alike, they decide. The numbers are tuned in
// tests/bench/diagnosis to one kill in a hundred.
double unseen(std::span<const Point> points, double peak) {
    constexpr std::size_t parts = 24;
    constexpr std::size_t few = 3;
    constexpr std::size_t many = 16;
    constexpr double few_scales = 10;
    constexpr double many_scales = 3.5;
    constexpr double least = 0.06;
    constexpr double most = 0.32;
    if (points.size() < 2 * parts) {
        return 0.15 * peak;
    }
    std::vector<double> peaks;
    for (std::size_t i = 0; i < parts; ++i) {
        const std::size_t from = i * points.size() / parts;
        peaks.push_back(peak_of(points.subspan(from, (i + 1) * points.size() / parts - from)));
    }
    std::sort(peaks.rbegin(), peaks.rend());
    const double wanted = std::min(few_scales * tail_of(peaks, few), many_scales * tail_of(peaks, many));
    return std::clamp(wanted, least * peak, most * peak);
}

Use use_of(const History& history) {
    const auto points = history.points();
    const double days = static_cast<double>((points.back().at - points.front().at).count()) / 8.64e7;
    const double peak = peak_of(points);
    return {peak, quantile(some_values(points), 0.95), peak + unseen(points, peak), days, points.size()};
}

// Little history has not seen the peak yet.
double caution(double days) {
    return days < 1 ? std::min(1.5, 1 + 1 / std::max(days, 1e-6)) : 1;
}

bool was_killed(const OomAssessment& oom) {
    return oom.verdict == OomAssessment::Verdict::confirmed;
}

bool is_leak(const Trend& trend) {
    return trend.verdict == Verdict::growing || (trend.verdict == Verdict::sawtooth && trend.restarts_seen >= 2);
}

std::string size_text(double bytes) {
    return format_bytes(to_bytes(bytes));
}

// Enough for some hours at the fastest slope that the interval allows.
std::optional<RightSize> stop_gap(const SizeEvidence& evidence, std::optional<double> limit) {
    const Trend& trend = evidence.trend;
    if (!trend.slope_bytes_per_hour || !trend.slope_ci90) {
        return std::nullopt;
    }
    const double slope = std::max((*trend.slope_ci90)[1], *trend.slope_bytes_per_hour);
    // A sawtooth begins low after each start and has those hours from there; growth goes on from where it is.
    const double level = evidence.history.points().back().value;
    double wanted = level + slope * stop_gap_hours;
    if (limit) {
        wanted = std::clamp(wanted, *limit, std::max(most_growth * *limit, 1.15 * level));
    }
    const Bytes size = rounded_up(wanted);
    const double hours = (static_cast<double>(size) - level) / slope;
    const auto span = Milliseconds{std::llround(std::min(hours, 1e6) * 3.6e6)};
    return RightSize{size, fmt::format("a stop-gap for about {} at {}: it buys time, it does not fix the growth",
                                       format_duration(span), format_rate(slope))};
}

// The present limit, or up to 30 % less when a week without a kill has left more than half of it unused.
RightSize fits(const Use& use, double limit, double wanted, bool killed) {
    constexpr double idle = 0.5;
    constexpr double most_cut = 0.7;
    constexpr double week = 7;
    const double peak_share = use.peak / limit;
    if (use.days >= week && !killed && peak_share < idle) {
        const Bytes size = rounded_up(std::max(wanted, most_cut * limit));
        if (static_cast<double>(size) < limit) {
            return {size, fmt::format("the peak of {} days was {} of the limit; cut by at most 30 % at once",
                                      static_cast<int>(use.days), format_percent(peak_share))};
        }
    }
    return {to_bytes(limit), fmt::format("the present limit fits: the peak was {} of it", format_percent(peak_share))};
}

}  // namespace

Bytes rounded_up(double bytes) {
    const double grain = bytes > 1024 * mib ? 64 * mib : 16 * mib;
    return to_bytes(std::ceil(bytes / grain) * grain);
}

std::optional<RightSize> right_size(const SizeEvidence& evidence) {
    const auto limit = bytes_of(evidence.history.limit.at(evidence.now));
    const bool killed = was_killed(evidence.oom);
    if (evidence.history.points().empty()) {
        return std::nullopt;
    }
    if (is_leak(evidence.trend)) {
        return stop_gap(evidence, limit);
    }
    const Use use = use_of(evidence.history);
    if ((use.samples < least_samples || use.days < 30.0 / 1440) && !(killed && limit)) {
        return std::nullopt;
    }
    // Where the alert fires for nothing but the usual level, the limit must clear it too.
    const bool alerts = limit && use.p95 > alert_share * *limit;
    double wanted = alerts ? std::max(use.safe, use.p95 / p95_share) : use.safe;
    std::string why = fmt::format("peak {}, p95 {}", size_text(use.peak), size_text(use.p95));
    if (evidence.trend.verdict == Verdict::saturating && evidence.trend.asymptote_bytes) {
        wanted = std::max(use.safe, *evidence.trend.asymptote_bytes / asymptote_share);
        why = fmt::format("it heads for {}, which should be four fifths of the limit",
                          size_text(*evidence.trend.asymptote_bytes));
    }
    if (killed && limit) {
        const double reached = std::max(use.peak, *limit);
        wanted = std::max({wanted, oom_growth * *limit, 1.2 * reached, reached + 100 * mib});
        why = fmt::format("{} was not enough: OOM killed; {}", size_text(*limit), why);
    }
    if (limit && static_cast<double>(rounded_up(wanted)) <= *limit) {
        return fits(use, *limit, wanted, killed);
    }
    if (const double factor = caution(use.days); factor > 1) {
        wanted *= factor;
        why += fmt::format("; with a reserve, as only {} of history is known",
                           format_duration(Milliseconds{std::llround(use.days * 8.64e7)}));
    }
    return RightSize{rounded_up(wanted), std::move(why)};
}

}  // namespace memrb::memory
