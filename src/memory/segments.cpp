#include "memory/segments.h"

#include "memory/statistics.h"
#include "memrb/units.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>

namespace memrb::memory {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds same_restart = 1min;  // sources notice one restart a scrape or two apart
constexpr Milliseconds warm_up = 5min;

// Which of several reasons at one moment says most.
int weight(CutReason reason) {
    switch (reason) {
        case CutReason::revision: return 3;
        case CutReason::restart: return 2;
        case CutReason::limit: return 1;
        case CutReason::drop: return 0;
    }
    return 0;
}

void add_start_times(const Series& start_time, std::vector<Cut>& cuts) {
    constexpr double jitter = 2.0;  // seconds: exporters compute it anew from the uptime
    for (std::size_t i = 1; i < start_time.points.size(); ++i) {
        if (std::abs(start_time.points[i].value - start_time.points[i - 1].value) > jitter) {
            const Timestamp started = from_unix_seconds(start_time.points[i].value);
            // A start time that lies outside the two samples is another host's clock; the sample is what we know.
            const bool plausible = started > start_time.points[i - 1].at && started <= start_time.points[i].at;
            cuts.push_back({plausible ? started : start_time.points[i].at, CutReason::restart});
        }
    }
}

std::vector<Cut> united(std::vector<Cut> cuts, Milliseconds near) {
    std::stable_sort(cuts.begin(), cuts.end(), [](const Cut& a, const Cut& b) { return a.at < b.at; });
    std::vector<Cut> kept;
    for (const Cut& cut : cuts) {
        const bool same = !kept.empty() && cut.at - kept.back().at <= near;
        if (!same) {
            kept.push_back(cut);
        } else if (weight(cut.reason) > weight(kept.back().reason)) {
            kept.back().reason = cut.reason;
        }
    }
    return kept;
}

double middle_of(std::span<const Point> points, std::size_t begin, std::size_t end) {
    std::vector<double> values;
    for (std::size_t i = begin; i < end; ++i) {
        values.push_back(points[i].value);
    }
    return median(std::move(values));
}

double typical_difference(std::span<const Point> points) {
    constexpr std::size_t enough = 300;  // it is a threshold six times as large
    const std::size_t stride = std::max<std::size_t>(points.size() / enough, 1);
    std::vector<double> differences;
    differences.reserve(points.size() / stride + 1);
    for (std::size_t i = 1; i < points.size(); i += stride) {
        differences.push_back(points[i].value - points[i - 1].value);
    }
    return mad(differences);
}

// One segment's drops: a single pass with windows of fixed size.
void add_drops(std::span<const Point> points, Segment segment, std::optional<double>& difference,
               std::vector<Cut>& cuts) {
    constexpr std::size_t held = 7;      // samples that must have been up before
    constexpr std::size_t stays = 3;     // samples that must be down afterwards
    constexpr std::size_t recent = 3;    // samples that a fall may take
    constexpr double near_start = 0.35;  // of the way from the start level up
    std::size_t from = segment.begin;
    double start =
        std::numeric_limits<double>::infinity();  // the lowest since `from`: a series may be joined at its top
    for (std::size_t i = from + recent + 1; i < segment.end; ++i) {
        start = std::min(start, points[i - recent - 1].value);
        if (i < from + held) {
            continue;
        }
        const double before = std::max({points[i - 1].value, points[i - 2].value, points[i - 3].value});
        const double fall = before - points[i].value;
        if (fall <= 0.3 * before) {
            continue;
        }
        difference = difference ? difference : typical_difference(points);
        if (fall <= 6 * *difference) {
            continue;
        }
        const double level = middle_of(points, i - held, i);
        const double after = middle_of(points, i, std::min(i + stays, segment.end));
        const double way = before - start;
        const bool was_held = level - after > 0.5 * fall;
        const bool had_risen = way > 0.1 * before;
        const bool came_back = after <= start + near_start * way;
        // In the last samples before a known restart it is that restart, seen a little earlier.
        const bool seen_already = segment.end < points.size() && i + stays > segment.end;
        if (was_held && had_risen && came_back && !seen_already) {
            cuts.push_back({points[i].at, CutReason::drop});
            from = i;
            i += recent;
            start = std::numeric_limits<double>::infinity();
        }
    }
}

}  // namespace

std::vector<Cut> find_cuts(const CutSources& sources) {
    std::vector<Cut> cuts;
    if (sources.memory.points.empty()) {
        return cuts;
    }
    for (const Succession& succession : sources.memory.successions) {
        cuts.push_back({succession.at, succession.image_changed ? CutReason::revision : CutReason::restart});
    }
    add_start_times(sources.start_time, cuts);
    for (std::size_t i = 1; i < sources.restarts.points.size(); ++i) {
        if (sources.restarts.points[i].value > sources.restarts.points[i - 1].value) {
            cuts.push_back({sources.restarts.points[i].at, CutReason::restart});
        }
    }
    for (const Timestamp start : sources.starts) {
        cuts.push_back({start, CutReason::restart});
    }
    for (const Timestamp change : sources.limit.changes()) {
        cuts.push_back({change, CutReason::limit});
    }
    cuts = united(std::move(cuts), std::max(same_restart, sources.memory.step * 2));
    const Timestamp first = sources.memory.points.front().at;
    const Timestamp last = sources.memory.points.back().at;
    std::erase_if(cuts, [&](const Cut& cut) { return cut.at <= first || cut.at > last; });
    return cuts;
}

std::vector<Cut> find_drops(std::span<const Point> points, const std::vector<Segment>& segments) {
    std::vector<Cut> cuts;
    if (points.size() < 2) {
        return cuts;
    }
    std::optional<double> difference;  // needed only where something falls far enough
    for (const Segment& segment : segments) {
        add_drops(points, segment, difference, cuts);
    }
    return cuts;
}

std::vector<Segment> split(std::span<const Point> points, const std::vector<Cut>& cuts,
                           std::initializer_list<CutReason> breaks) {
    std::vector<Segment> segments;
    Segment open;
    const auto close = [&](std::size_t end, bool starts) {
        open.end = end;
        if (open.size() > 0) {
            segments.push_back(open);
            open.after_start = false;
        }
        open = {end, end, starts || open.after_start};
    };
    for (const Cut& cut : cuts) {
        if (std::find(breaks.begin(), breaks.end(), cut.reason) == breaks.end()) {
            continue;
        }
        const auto at = std::lower_bound(points.begin(), points.end(), cut.at,
                                         [](const Point& point, Timestamp moment) { return point.at < moment; });
        close(static_cast<std::size_t>(at - points.begin()),
              cut.reason == CutReason::restart || cut.reason == CutReason::revision);
    }
    close(points.size(), false);
    return segments;
}

Segment without_warm_up(std::span<const Point> points, Segment segment) {
    if (!segment.after_start || segment.size() == 0) {
        return segment;
    }
    const Timestamp first = points[segment.begin].at;
    const Milliseconds span = points[segment.end - 1].at - first;
    const Timestamp warm = first + std::min<Milliseconds>(warm_up, span / 5);
    while (segment.begin < segment.end && points[segment.begin].at < warm) {
        ++segment.begin;
    }
    return segment;
}

}  // namespace memrb::memory
