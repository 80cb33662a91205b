#include "memory/life.h"

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

// How far single samples stand out above the middle of their block, standard deviation.
double scatter_in_blocks(const Life& life, const Growth& growth) {
    const double hours_each = growth.hours / static_cast<double>(std::max<std::size_t>(life.blocks.size() - 1, 1));
    std::vector<double> spreads;
    for (const Block& block : life.blocks) {
        spreads.push_back(std::max(block.high - block.low - 0.8 * growth.slope * hours_each, 0.0));
    }
    constexpr double p10_to_p90 = 2.563;  // of a normal distribution
    return median(std::move(spreads)) / p10_to_p90;
}

// A peak stands out by a quarter of the median at least, and that is no less than the lowest median of a block.
bool has_peaks(const Life& life) {
    const auto lowest = std::min_element(life.blocks.begin(), life.blocks.end(),
                                         [](const Block& a, const Block& b) { return a.mid < b.mid; });
    const auto own = life.own();
    return std::any_of(own.begin(), own.end(),
                       [bar = 1.25 * lowest->mid](const Point& point) { return point.value > bar; });
}

void describe_rest(const Life& life, const Growth& growth, Trend& trend) {
    Spikes spikes;
    const auto is_spiky = [&] {
        constexpr double most_share = 0.25;
        spikes = has_peaks(life) ? find_spikes(life.own(), significant_bytes(life.limit, life.blocks)) : Spikes{};
        return spikes.count >= 2 && spikes.share <= most_share;
    };
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
    } else if (is_spiky()) {
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

// What kills is the first sample at the limit, not the line: the more samples there are while it climbs by one standard
// deviation, the higher the highest of them stands out.
Course forecast_course(const Life& life, const Growth& growth, Timestamp now) {
    Course course;
    course.hours = growth.hours;
    course.slope = growth.slope;
    if (growth.speeds_up() && growth.last_third > growth.slope) {
        course.bend = growth.parabola.bend;
        course.slope =
            growth.last_third + growth.parabola.bend * growth.hours / 3;  // from the middle of the third to its end
    } else if (growth.slows_down() && growth.slowing->error < growth.parabola.error) {
        course.scale = growth.slowing->c;
        course.slope = growth.slowing->c / (growth.slowing->tau + growth.hours);
    }
    const double error = (growth.interval[1] - growth.slope) / 1.645;
    const bool curved = course.bend > 0 || course.scale > 0;
    const double drift = std::hypot((curved ? 1.2 : 1.4) * growth.drift, 0.02) * growth.slope;
    constexpr double few = 1.9;  // of Student's t: what is known of the drift is known from three thirds
    const double half = few * std::hypot(curved ? 3.5 * error : error, drift);
    course.interval = {course.slope - half, course.slope + half};

    // The last quarter tells where it is now.
    const std::size_t quarter = std::max<std::size_t>(life.blocks.size() / 4, 3);
    std::vector<double> levels;
    for (std::size_t i = life.blocks.size() - std::min(quarter, life.blocks.size()); i < life.blocks.size(); ++i) {
        levels.push_back(life.blocks[i].mid + course.slope * (hours_between(life.origin, now) - life.blocks[i].hours));
    }
    const double scatter = scatter_in_blocks(life, growth);
    const double rate = static_cast<double>(life.own().size()) / std::max(growth.hours, 1e-9);
    const double tries = course.slope > 0 ? rate * scatter / course.slope : 0;
    course.level = median(std::move(levels)) + scatter * std::sqrt(2 * std::log1p(tries)) + 0.5 * growth.noise;
    course.level_error = std::hypot(0.35 * scatter, growth.noise);
    return course;
}

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

Growth judge_life(const Life& life, Timestamp now, bool grew_before, const Gates& gates, Trend& trend) {
    const auto own = life.own();
    trend.samples = own.size();
    trend.span = life.span();
    Growth growth = measure_growth(life.blocks, significant_bytes(life.limit, life.blocks), gates);
    trend.slope_bytes_per_hour = growth.slope;
    trend.slope_ci90 = growth.interval;
    const Course course = forecast_course(life, growth, now);
    if (growth.is_growing()) {
        trend.verdict = Verdict::growing;
        trend.reason = fmt::format(
            "memory grows steadily ({}) over {} and is not given back{}", format_rate(growth.slope),
            format_duration(trend.span),
            grew_before ? fmt::format("; it did so before the last of {} too", counted(trend.restarts_seen, "restart"))
                        : "");
        trend.seconds_to_limit = life.limit ? time_to_limit(course, *life.limit) : std::nullopt;
        return growth;
    }
    if (growth.rises() && growth.is_saturating() && gates.saturation && !growth.step_beats_line()) {
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
        return growth;
    }
    describe_rest(life, growth, trend);
    return growth;
}

}  // namespace memrb::memory
