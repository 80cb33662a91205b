#include "memory/doubt.h"

#include "memory/blocks.h"
#include "memory/growth.h"
#include "memory/life.h"
#include "memory/regression.h"
#include "memory/slowing.h"
#include "memory/statistics.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

namespace memrb::memory {

namespace {

using namespace std::chrono_literals;

constexpr double day = 24;  // hours

// Gain by medians of the first and last eighth.
double gain_of(const Series& series, Timestamp from, Timestamp to) {
    const Milliseconds eighth = (to - from) / 8;
    std::vector<double> first;
    std::vector<double> last;
    for (const Point& point : series.points) {
        if (point.at >= from && point.at <= from + eighth) {
            first.push_back(point.value);
        } else if (point.at >= to - eighth && point.at <= to) {
            last.push_back(point.value);
        }
    }
    return first.empty() || last.empty() ? 0 : median(std::move(last)) - median(std::move(first));
}

bool is_page_cache(const History& history, const Companions& companions, std::optional<Bytes> shared, Timestamp now,
                   const Life& life, Trend& trend) {
    if (companions.anon.points.size() < least_samples || companions.file.points.empty()) {
        return false;
    }
    const Timestamp from = life.own().front().at;
    const Timestamp to = life.own().back().at;
    const double file = gain_of(companions.file, from, to) - (shared ? static_cast<double>(*shared) : 0.0);
    const double anon = gain_of(companions.anon, from, to);
    if (file <= 0 || file < anon) {
        return false;
    }
    History held;
    held.memory = companions.anon;
    held.limit = history.limit;
    held.cuts = history.cuts;
    held.lives = split(held.points(), held.cuts, {CutReason::restart, CutReason::revision});
    Trend without = judge_trend(held, now);
    if (without.verdict == Verdict::growing || without.verdict == Verdict::insufficient_data) {
        return false;
    }
    without.restarts_seen = trend.restarts_seen;
    without.reason = "what grows is page cache, which the kernel can drop; without it: " + without.reason;
    trend = std::move(without);
    return true;
}

// Taken off both memory and time, the load leaves no growth over.
bool follows_load(const Companions& companions, const Life& life, Trend& trend) {
    const auto [load, load_error] = mean_by_block(companions.load, life);
    if (load.size() < 12) {
        return false;
    }
    std::vector<double> hours;
    for (const Block& block : life.blocks) {
        hours.push_back(block.hours);
    }
    const std::vector<double> lows = lows_of(life.blocks);
    const Line with_load = regress_measured(load, lows, load_error);
    const Line with_time = regress(hours, lows);
    if (with_load.slope <= 0) {
        return false;
    }
    // A load that is measured with noise cannot take all of it off, so to explain it as well as time does is enough.
    const Line left = regress(rest_of(load, hours), rest_of(load, lows));
    constexpr double most_left = 0.25;  // of the slope
    const bool explains = with_load.error < 1.2 * with_time.error ||
                          (with_load.error < 2 * with_time.error && left.slope < most_left * with_time.slope);
    if (!explains) {
        return false;
    }
    trend.verdict = Verdict::flat;
    trend.seconds_to_limit.reset();
    trend.reason = "memory rises and falls with the load, and has not grown beyond that";
    return true;
}

// What a day's turn leaves unexplained, and what is left when half a day's is added: a wave is no sine.
struct DayFit {
    double sine = 0;
    double wave = 0;
};

DayFit fit_day(const Life& life) {
    DayFit fit;
    std::vector<double> rest = lows_of(life.blocks);
    std::vector<std::vector<double>> turns;
    for (const double period : {day, day / 2}) {
        for (const double phase : {0.0, std::numbers::pi / 2}) {
            std::vector<double> turn;
            for (const Block& block : life.blocks) {
                turn.push_back(std::sin(2 * std::numbers::pi * block.hours / period + phase));
            }
            for (const std::vector<double>& earlier : turns) {
                turn = rest_of(earlier, turn);
            }
            fit.wave = regress(turn, rest).error;
            rest = rest_of(turn, rest);
            turns.push_back(std::move(turn));
        }
        fit.sine = period == day ? fit.wave : fit.sine;
    }
    return fit;
}

// A trough and a rise look like a level and a line; told apart by which fits the whole life better.
bool is_trough(const History& history, Timestamp now) {
    const Life whole = life_of(history, history.lives.back(), now);
    const auto onset = find_onset(whole.blocks);
    const DayFit turn = fit_day(whole);
    return onset && (turn.sine < onset->error || turn.wave < 0.5 * onset->error);
}

bool may_be_a_day(const History& history, const Companions& companions, Timestamp now, JudgedTrend& judged) {
    if (companions.load.points.size() >= least_samples) {
        return false;  // a day's wave comes from the load, and this does not follow it
    }
    const Life& life = *judged.life;
    const Growth& growth = *judged.growth;
    Trend& trend = judged.trend;
    const double span = static_cast<double>(trend.span.count()) / 3.6e6;
    const Segment present = history.lives.back();
    const bool began_later = life.segment.begin > present.begin + present.size() / 20;
    if (present.after_start || (began_later && !is_trough(history, now)) || span >= 0.8 * day || span < 2 ||
        !trend.slope_bytes_per_hour || !trend.slope_ci90 || !history.started_at) {
        return false;
    }
    std::vector<double> hours;
    for (const Block& block : life.blocks) {
        hours.push_back(block.hours);
    }
    const Line line = regress(hours, lows_of(life.blocks));
    const DayFit turn = fit_day(life);
    const double up_before = hours_between(*history.started_at, life.origin);
    // The slowest that the growth may have been: it may get faster.
    const double slowest = std::min({line.slope, growth.first_third, (*trend.slope_ci90)[0]});
    const bool too_old = line.offset - slowest * up_before < 0 && turn.sine < 1.2 * line.error;
    const double slowing = growth.slowing ? growth.slowing->error : line.error;
    const double plain = std::min({line.error, growth.parabola.error, slowing});
    const bool bent = began_later || turn.sine < 0.8 * plain || turn.wave < 0.2 * plain;
    if (!too_old && !bent) {
        return false;
    }
    trend.verdict = Verdict::insufficient_data;
    trend.reason = fmt::format(
        "memory rises ({}), but {}: it may be the flank of a day; {}", format_rate(*trend.slope_bytes_per_hour),
        too_old ? "the container has been up for longer than that can have gone on" : "in the shape of a day's wave",
        wait_text(Milliseconds{std::llround((day - span) * 3.6e6)}));
    return true;
}

}  // namespace

void doubt_growth(const History& history, const Companions& companions, std::optional<Bytes> shared, Timestamp now,
                  JudgedTrend& judged) {
    Trend& trend = judged.trend;
    const bool rises = trend.verdict == Verdict::growing || trend.verdict == Verdict::saturating;
    if (!rises || !judged.life || !judged.growth || judged.life->blocks.size() < 6) {
        return;
    }
    const Life& life = *judged.life;
    if (is_page_cache(history, companions, shared, now, life, trend)) {
        return;
    }
    if (trend.verdict == Verdict::growing && !follows_load(companions, life, trend)) {
        may_be_a_day(history, companions, now, judged);
    }
}

}  // namespace memrb::memory
