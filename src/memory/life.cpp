#include "memory/life.h"

#include "memory/forecast.h"
#include "memory/growth.h"
#include "memory/statistics.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <cmath>

namespace memrb::memory {

namespace {

using namespace std::chrono_literals;

std::string bytes_text(double bytes) {
    return format_bytes(to_bytes(bytes));
}

double last_level(const Life& life) {
    const auto own = life.own();
    std::vector<double> last;
    for (const Point& point : own.last(std::min<std::size_t>(own.size(), 3))) {
        last.push_back(point.value);
    }
    return median(std::move(last));
}

// The p90 band of the blocks, carried on to `now`; not below the median of the last three samples.
Course course_of(const Life& life, const Growth& growth, Timestamp now) {
    std::vector<double> offsets;
    for (const Block& block : life.blocks) {
        if (block.strand == life.blocks.back().strand) {
            offsets.push_back(block.high - growth.slope * block.hours);
        }
    }
    const double line = median(std::move(offsets)) + growth.slope * hours_between(life.origin, now);
    return {std::max(line, last_level(life)), growth.slope, growth.interval, growth.hours};
}

void describe_rest(const Life& life, const Growth& growth, Trend& trend) {
    const double significant = significant_bytes(life.limit, life.blocks);
    const Spikes spikes = find_spikes(life.own(), significant);
    constexpr double most_share = 0.25;
    if (growth.is_step()) {
        const Timestamp at =
            life.origin + Milliseconds{std::llround(life.blocks[growth.step->first_after].hours * 3.6e6)};
        trend.verdict = Verdict::step;
        trend.reason =
            fmt::format("it went from {} to {} at about {} and has stayed there", bytes_text(growth.step->before),
                        bytes_text(growth.step->after), format_rfc3339(std::chrono::floor<std::chrono::minutes>(at)));
    } else if (growth.falls()) {
        trend.verdict = Verdict::falling;
        trend.reason = fmt::format("memory falls ({}) over {}", format_rate(growth.slope), format_duration(trend.span));
    } else if (spikes.count >= 2 && spikes.share <= most_share) {
        trend.verdict = Verdict::spiky;
        trend.reason = fmt::format("{} of up to {} over a level floor", counted(spikes.count, "short peak"),
                                   bytes_text(spikes.height));
    } else {
        trend.verdict = Verdict::flat;
        trend.reason =
            growth.rises() && growth.last_third < 0.35 * growth.slope
                ? fmt::format("it rose at first and has been level since; seen over {}", format_duration(trend.span))
                : fmt::format("no growth beyond the usual ups and downs over {}", format_duration(trend.span));
    }
}

}  // namespace

double hours_between(Timestamp from, Timestamp to) {
    return static_cast<double>((to - from).count()) / 3.6e6;
}

Milliseconds Life::span() const {
    const auto samples = own();
    return samples.empty() ? Milliseconds{0} : samples.back().at - samples.front().at;
}

std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string wait_text(Milliseconds wait) {
    return fmt::format("wait about {} more", format_duration(std::max<Milliseconds>(wait, 1min)));
}

std::optional<std::string> too_little(std::span<const Point> points, Milliseconds step, bool after_start) {
    const Milliseconds span = points.empty() ? Milliseconds{0} : points.back().at - points.front().at;
    const std::string_view since = after_start ? " since the last start" : "";
    if (points.size() < least_samples || span < least_span) {
        const auto missing = least_samples - std::min(points.size(), least_samples);
        const Milliseconds usual = step.count() > 0 ? step : Milliseconds{1min};
        const Milliseconds wait = std::max<Milliseconds>(least_span - span, usual * missing);
        return fmt::format("only {} in {}{} ({} and 30 min are needed): {}", counted(points.size(), "sample"),
                           format_duration(span), since, least_samples, wait_text(wait));
    }
    const double share = coverage(points, step);
    if (share < least_coverage) {
        const double hours = static_cast<double>(span.count());
        const Milliseconds wait{std::llround((least_coverage - share) * hours / (1 - least_coverage))};
        return fmt::format("samples cover only {} of the last {}{} ({} are needed): {}", format_percent(share),
                           format_duration(span), since, format_percent(least_coverage), wait_text(wait));
    }
    return std::nullopt;
}

Life life_of(const History& history, const Segment& segment, Timestamp now) {
    Life life{history.points(), without_warm_up(history.points(), segment), {}, bytes_of(history.limit.at(now)), {}};
    life.origin = life.points[life.segment.begin].at;
    std::vector<Segment> strands;
    for (Segment part : split(life.points, history.cuts, {CutReason::limit})) {
        part.begin = std::max(part.begin, life.segment.begin);
        part.end = std::min(part.end, life.segment.end);
        if (part.begin < part.end) {
            strands.push_back(part);
        }
    }
    // A limit that changes all the time divides nothing: pieces without pairs would say nothing at all.
    constexpr std::size_t most_strands = 12;
    if (strands.size() > most_strands) {
        strands = {life.segment};
    }
    life.blocks = make_blocks(life.points, strands, life.origin);
    return life;
}

void judge_life(const Life& life, Timestamp now, bool grew_before, Trend& trend) {
    const auto own = life.own();
    trend.samples = own.size();
    trend.span = life.span();
    const Growth growth = measure_growth(life.blocks, significant_bytes(life.limit, life.blocks));
    trend.slope_bytes_per_hour = growth.slope;
    trend.slope_ci90 = growth.interval;
    const Course course = course_of(life, growth, now);
    if (growth.is_growing()) {
        trend.verdict = Verdict::growing;
        trend.reason = fmt::format(
            "memory grows steadily ({}) over {} and is not given back{}", format_rate(growth.slope),
            format_duration(trend.span),
            grew_before ? fmt::format("; it did so before the last of {} too", counted(trend.restarts_seen, "restart"))
                        : "");
        trend.seconds_to_limit = life.limit ? time_to_limit(course, *life.limit) : std::nullopt;
        return;
    }
    if (growth.rises() && growth.is_saturating() && !growth.step_beats_line()) {
        std::vector<double> above;
        for (const Block& block : life.blocks) {
            above.push_back(block.high - block.low);
        }
        const double band = median(std::move(above));
        trend.verdict = Verdict::saturating;
        trend.asymptote_bytes = growth.saturation->asymptote() + band;
        trend.reason = fmt::format("growth slows down and heads for about {}", bytes_text(*trend.asymptote_bytes));
        Course last = course;
        last.slope = growth.last_third;
        last.level = std::max(life.blocks.back().high, last_level(life));
        trend.seconds_to_limit =
            life.limit ? time_to_limit(*growth.saturation, hours_between(life.origin, now), last, *life.limit)
                       : std::nullopt;
        return;
    }
    describe_rest(life, growth, trend);
}

}  // namespace memrb::memory
