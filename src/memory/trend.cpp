#include "memory/trend.h"

#include "memory/blocks.h"
#include "memory/forecast.h"
#include "memory/growth.h"
#include "memory/statistics.h"
#include "memory/teeth.h"

#include <fmt/format.h>
#include <algorithm>
#include <chrono>
#include <cmath>

namespace memrb::memory {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t least_samples = 36;
constexpr Milliseconds least_span = 30min;
constexpr double least_coverage = 0.6;

double hours_between(Timestamp from, Timestamp to) {
    return static_cast<double>((to - from).count()) / 3.6e6;
}

std::string bytes_text(double bytes) {
    return format_bytes(to_bytes(bytes));
}

// "1 restart", "3 restarts"
std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string wait_text(Milliseconds wait) {
    return fmt::format("wait about {} more", format_duration(std::max<Milliseconds>(wait, 1min)));
}

// What is missing for a verdict about these samples, or nothing.
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

// One life of the container, or the part of it that is judged.
struct Life {
    std::span<const Point> points;  ///< of the whole series
    Segment segment;                ///< without warm-up
    std::vector<Segment> strands;   ///< the segment, divided at limit changes
    Timestamp origin{};
    std::optional<double> limit;  ///< in force now

    [[nodiscard]] std::span<const Point> own() const { return points.subspan(segment.begin, segment.size()); }
};

Life life_of(const History& history, const Segment& segment, Timestamp now) {
    Life life{history.points(), without_warm_up(history.points(), segment), {}, {}, bytes_of(history.limit.at(now))};
    life.origin = life.points[life.segment.begin].at;
    for (Segment part : split(life.points, history.cuts, {CutReason::limit})) {
        part.begin = std::max(part.begin, life.segment.begin);
        part.end = std::min(part.end, life.segment.end);
        if (part.begin < part.end) {
            life.strands.push_back(part);
        }
    }
    // A limit that changes all the time divides nothing: pieces without pairs would say nothing at all.
    constexpr std::size_t most_strands = 12;
    if (life.strands.size() > most_strands) {
        life.strands = {life.segment};
    }
    return life;
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
Course course_of(const Life& life, const std::vector<Block>& blocks, const Growth& growth, Timestamp now) {
    std::vector<double> offsets;
    for (const Block& block : blocks) {
        if (block.strand == blocks.back().strand) {
            offsets.push_back(block.high - growth.slope * block.hours);
        }
    }
    const double line = median(std::move(offsets)) + growth.slope * hours_between(life.origin, now);
    return {std::max(line, last_level(life)), growth.slope, growth.interval, growth.hours};
}

void describe_rest(const Life& life, const std::vector<Block>& blocks, const Growth& growth, Trend& trend) {
    const double significant = significant_bytes(life.limit, blocks);
    const Spikes spikes = find_spikes(life.own(), significant);
    constexpr double most_share = 0.25;
    if (growth.is_step()) {
        const Timestamp at = life.origin + Milliseconds{std::llround(blocks[growth.step->first_after].hours * 3.6e6)};
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

void judge_life(const Life& life, Timestamp now, bool grew_before, Trend& trend) {
    const auto own = life.own();
    trend.samples = own.size();
    trend.span = own.back().at - own.front().at;
    const std::vector<Block> blocks = make_blocks(life.points, life.strands, life.origin);
    const Growth growth = measure_growth(blocks, significant_bytes(life.limit, blocks));
    trend.slope_bytes_per_hour = growth.slope;
    trend.slope_ci90 = growth.interval;
    const Course course = course_of(life, blocks, growth, now);
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
        for (const Block& block : blocks) {
            above.push_back(block.high - block.low);
        }
        const double band = median(std::move(above));
        trend.verdict = Verdict::saturating;
        trend.asymptote_bytes = growth.saturation->asymptote() + band;
        trend.reason = fmt::format("growth slows down and heads for about {}", bytes_text(*trend.asymptote_bytes));
        Course last = course;
        last.slope = growth.last_third;
        last.level = std::max(blocks.back().high, last_level(life));
        trend.seconds_to_limit =
            life.limit ? time_to_limit(*growth.saturation, hours_between(life.origin, now), last, *life.limit)
                       : std::nullopt;
        return;
    }
    describe_rest(life, blocks, growth, trend);
}

// Growth that began in the middle of the life: it must pass all gates by itself, and lead above all that was before.
bool judge_late_growth(const History& history, const Life& life, Timestamp now, Trend& trend) {
    const std::vector<Block> blocks = make_blocks(life.points, life.strands, life.origin);
    const auto onset = find_onset(blocks);
    if (!onset) {
        return false;
    }
    Segment tail = life.segment;
    tail.after_start = false;
    const Timestamp began = life.origin + Milliseconds{std::llround(blocks[*onset].hours * 3.6e6)};
    while (tail.begin < tail.end && life.points[tail.begin].at < began) {
        ++tail.begin;
    }
    const Life late = life_of(history, tail, now);
    if (too_little(late.own(), history.memory.step, false)) {
        return false;
    }
    double highest = 0;
    for (std::size_t i = 0; i < *onset; ++i) {
        highest = std::max(highest, blocks[i].mid);
    }
    Trend found = trend;
    judge_life(late, now, false, found);
    if (found.verdict != Verdict::growing || blocks.back().low <= highest) {
        return false;
    }
    trend = std::move(found);
    trend.reason +=
        fmt::format("; it began at about {}", format_rfc3339(std::chrono::floor<std::chrono::minutes>(began)));
    return true;
}

void tell_teeth(const Teeth& teeth, std::string how, Trend& trend) {
    trend.verdict = Verdict::sawtooth;
    trend.reason = std::move(how);
    trend.slope_bytes_per_hour = teeth.slope;
    trend.slope_ci90 = teeth.interval;
    trend.samples = teeth.samples;
    trend.span = teeth.span;
}

double significant_level(std::optional<double> limit, std::span<const Point> points) {
    if (limit) {
        return 0.02 * *limit;
    }
    std::vector<double> values;
    for (const Point& point : points) {
        values.push_back(point.value);
    }
    return 0.05 * median(std::move(values));
}

// Lives since the last change of the image: an older revision's growth says nothing of this one's.
std::vector<Segment> lives_of_this_revision(const History& history) {
    Timestamp since{};
    for (const Cut& cut : history.cuts) {
        since = cut.reason == CutReason::revision ? cut.at : since;
    }
    std::vector<Segment> lives;
    std::copy_if(history.lives.begin(), history.lives.end(), std::back_inserter(lives),
                 [&](const Segment& life) { return history.points()[life.begin].at >= since; });
    return lives;
}

// Falls inside the present life. True if they decided the verdict.
bool judge_drops(const History& history, const Segment& present, Timestamp now, double significant, Trend& trend) {
    const auto points = history.points();
    const std::vector<Cut> drops = find_drops(points, {present});
    if (drops.empty()) {
        return false;
    }
    std::vector<Segment> parts;
    for (Segment part : split(points, drops, {CutReason::drop})) {
        part.begin = std::max(part.begin, present.begin);
        part.end = std::min(part.end, present.end);
        if (part.size() > 0) {
            part.after_start = part.begin == present.begin && present.after_start;
            parts.push_back(part);
        }
    }
    const Teeth teeth = measure_teeth(points, parts, significant);
    if (!teeth.rising) {
        return false;  // plateaus or spikes, not rises
    }
    const Segment last = parts.back();
    const auto span_of = [&](const Segment& part) { return points[part.end - 1].at - points[part.begin].at; };
    Milliseconds longest{0};
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        longest = std::max(longest, span_of(parts[i]));
    }
    const auto missing = too_little(points.subspan(last.begin, last.size()), history.memory.step, false);
    const bool outlived = !missing && span_of(last) > 2 * longest;
    if (drops.size() >= 2 && !outlived) {
        tell_teeth(teeth,
                   fmt::format("memory rises ({}) and falls back {} times, without a restart being reported",
                               format_rate(teeth.slope), drops.size()),
                   trend);
        return true;
    }
    if (missing) {
        trend.verdict = Verdict::insufficient_data;
        trend.reason = fmt::format("memory fell back at {}; since then {}", format_rfc3339(drops.back().at), *missing);
        return true;
    }
    judge_life(life_of(history, last, now), now, false, trend);
    return true;
}

}  // namespace

Trend judge_trend(const History& history, Timestamp now) {
    Trend trend;
    trend.restarts_seen =
        static_cast<std::size_t>(std::count_if(history.cuts.begin(), history.cuts.end(), [](const Cut& cut) {
            return cut.reason == CutReason::restart || cut.reason == CutReason::revision;
        }));
    if (history.lives.empty()) {
        trend.reason = fmt::format("no samples of the past: {}", wait_text(least_span));
        return trend;
    }
    const auto points = history.points();
    const Segment present = history.lives.back();
    const Life life = life_of(history, present, now);
    const double significant = significant_level(life.limit, points);
    const std::vector<Segment> lives = lives_of_this_revision(history);
    const Teeth over_restarts = lives.size() >= 2 ? measure_teeth(points, lives, significant) : Teeth{};
    trend.samples = life.own().size();
    trend.span = life.own().empty() ? Milliseconds{0} : life.own().back().at - life.own().front().at;

    if (const auto missing = too_little(life.own(), history.memory.step, present.after_start)) {
        const bool enough = over_restarts.samples >= least_samples && over_restarts.span >= least_span;
        if (lives.size() >= 3 && enough && over_restarts.rising) {
            tell_teeth(over_restarts,
                       fmt::format("memory rises ({}) after each of {}", format_rate(over_restarts.slope),
                                   counted(lives.size() - 1, "restart")),
                       trend);
            const auto own = points.subspan(present.begin, present.size());
            const Course course{own.back().value, over_restarts.slope, over_restarts.interval,
                                static_cast<double>(over_restarts.span.count()) / 3.6e6};
            trend.seconds_to_limit = life.limit ? time_to_limit(course, *life.limit) : std::nullopt;
            return trend;
        }
        trend.reason = *missing;
        return trend;
    }
    const Trend untouched = trend;
    judge_life(life, now, over_restarts.rising, trend);
    // Lows that rise in spite of falls are growth; anything else that falls back is judged by its rises.
    if (trend.verdict != Verdict::growing) {
        Trend with_drops = untouched;
        if (judge_drops(history, present, now, significant, with_drops)) {
            return with_drops;
        }
    }
    if (trend.verdict == Verdict::flat || trend.verdict == Verdict::spiky || trend.verdict == Verdict::step) {
        judge_late_growth(history, life, now, trend);
    }
    return trend;
}

}  // namespace memrb::memory
