#include "memory/trend.h"

#include "memory/blocks.h"
#include "memory/forecast.h"
#include "memory/growth.h"
#include "memory/life.h"
#include "memory/shapes.h"
#include "memory/statistics.h"
#include "memory/teeth.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <cmath>

namespace memrb::memory {

namespace {

// Growth that began in the middle of the life: it must pass all gates by itself, and lead above all that was before.
bool judge_late_growth(const History& history, Timestamp now, const Gates& gates, JudgedTrend& judged) {
    const Life& life = *judged.life;
    const std::vector<Block>& blocks = life.blocks;
    const auto onset = find_onset(blocks);
    // A rise from the start on may bend as a parabola does; one that began later bends once.
    const bool growing = judged.trend.verdict == Verdict::growing;
    if (!onset || (growing && onset->error > judged.growth->parabola.error)) {
        return false;
    }
    Segment tail = life.segment;
    tail.after_start = false;
    const Timestamp began = life.origin + Milliseconds{std::llround(blocks[onset->block].hours * 3.6e6)};
    while (tail.begin < tail.end && life.points[tail.begin].at < began) {
        ++tail.begin;
    }
    Life late = life_of(history, tail, now);
    if (too_little(late.own(), history.memory.step, false)) {
        return false;
    }
    double highest = 0;
    for (std::size_t i = 0; i < onset->block; ++i) {
        highest = std::max(highest, blocks[i].mid);
    }
    Trend found = judged.trend;
    Growth growth = judge_life(late, now, false, gates, found);
    if (found.verdict != Verdict::growing || blocks.back().low <= highest) {
        return false;
    }
    found.reason +=
        fmt::format("; it began at about {}", format_rfc3339(std::chrono::floor<std::chrono::minutes>(began)));
    judged = {std::move(found), std::move(late), std::move(growth)};
    return true;
}

// The young life tells where it is and, as far as it goes, how fast; the lives before it tell how fast lives are.
Course course_of(const Life& young, const Teeth& before, Timestamp now) {
    const auto own = young.own();
    Course course{own.back().value, before.slope, before.interval, static_cast<double>(before.span.count()) / 3.6e6};
    const double spread = std::max(before.slope_scatter, 0.02 * before.slope);
    double weight = 1 / (spread * spread);
    double sum = before.slope * weight;
    if (young.blocks.size() >= 6) {
        const Growth growth = measure_growth(young.blocks, 0);
        const double error = std::max((growth.interval[1] - growth.slope) / 1.645, 0.02 * before.slope);
        course.level = std::max(forecast_course(young, growth, now).level, course.level);
        course.level_error = growth.noise;
        weight += 1 / (error * error);
        sum += growth.slope / (error * error);
    }
    course.slope = sum / weight;
    constexpr double few = 2.1;  // of Student's t with the few lives there are
    const double half = few / std::sqrt(weight);
    course.interval = {course.slope - half, course.slope + half};
    return course;
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
bool judge_drops(const History& history, const Segment& present, Timestamp now, double significant, const Gates& gates,
                 JudgedTrend& judged) {
    Trend& trend = judged.trend;
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
    judged.life = life_of(history, last, now);
    judged.growth = judge_life(*judged.life, now, false, gates, trend);
    return true;
}

}  // namespace

Trend judge_trend(const History& history, Timestamp now) {
    return judge_course(history, now).trend;
}

JudgedTrend judge_course(const History& history, Timestamp now, const Gates& gates) {
    JudgedTrend judged;
    Trend& trend = judged.trend;
    trend.restarts_seen =
        static_cast<std::size_t>(std::count_if(history.cuts.begin(), history.cuts.end(), [](const Cut& cut) {
            return cut.reason == CutReason::restart || cut.reason == CutReason::revision;
        }));
    if (history.lives.empty()) {
        trend.reason = fmt::format("no samples of the past: {}", wait_text(least_span));
        return judged;
    }
    const auto points = history.points();
    const Segment present = history.lives.back();
    judged.life = life_of(history, present, now);
    const Life& life = *judged.life;
    const double significant = significant_level(life.limit, points);
    const std::vector<Segment> lives = lives_of_this_revision(history);
    const Teeth over_restarts = lives.size() >= 2 ? measure_teeth(points, lives, significant) : Teeth{};
    trend.samples = life.own().size();
    trend.span = life.span();

    if (const auto missing = too_little(life.own(), history.memory.step, present.after_start)) {
        const bool enough = over_restarts.samples >= least_samples && over_restarts.span >= least_span;
        if (lives.size() >= 3 && enough && over_restarts.rising) {
            tell_teeth(over_restarts,
                       fmt::format("memory rises ({}) after each of {}", format_rate(over_restarts.slope),
                                   counted(lives.size() - 1, "restart")),
                       trend);
            trend.seconds_to_limit =
                life.limit ? time_to_limit(course_of(life, over_restarts, now), *life.limit) : std::nullopt;
            return judged;
        }
        trend.reason = *missing;
        return judged;
    }
    const Trend untouched = trend;
    judged.growth = judge_life(life, now, over_restarts.rising, gates, trend);
    // Lows that rise in spite of falls are growth; anything else that falls back is judged by its rises.
    if (trend.verdict != Verdict::growing) {
        JudgedTrend with_drops{untouched, std::nullopt, std::nullopt};
        if (judge_drops(history, present, now, significant, gates, with_drops)) {
            return with_drops;
        }
    }
    const bool bent = trend.verdict == Verdict::growing && judged.growth->speeds_up();
    if (bent || trend.verdict == Verdict::flat || trend.verdict == Verdict::spiky || trend.verdict == Verdict::step) {
        judge_late_growth(history, now, gates, judged);
    }
    return judged;
}

}  // namespace memrb::memory
