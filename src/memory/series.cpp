#include "memory/series.h"

#include "memory/statistics.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>

namespace memrb::memory {

namespace {

using namespace std::chrono_literals;

// After a deploy Prometheus keeps the old container's series for its look-back of 5 min, and a slow stop adds some.
constexpr Milliseconds longest_handover = 10min;

std::string_view label(const SeriesReading& reading, std::string_view name) {
    for (const auto& [key, value] : reading.labels) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

std::string identity_of(const SeriesReading& reading) {
    if (const std::string_view id = label(reading, "id"); !id.empty()) {
        return std::string(id);
    }
    std::string identity;
    for (const std::string_view part : {"namespace", "pod", "container", "container_id", "instance"}) {
        identity += label(reading, part);
        identity += '\n';
    }
    return identity;
}

struct Group {
    std::string identity;
    std::string metric;
    std::string image;
    std::vector<Point> points;

    [[nodiscard]] Timestamp first() const { return points.front().at; }
    [[nodiscard]] Timestamp last() const { return points.back().at; }
};

std::vector<Group> group(const std::vector<Reading>& readings, const Wanted& wanted, std::size_t& unusable) {
    const auto fits = [&](const SeriesReading* series) {
        return series != nullptr && series->role == wanted.role && !series->points.empty();
    };
    bool any_raw = false;
    for (const auto& reading : readings) {
        const auto* series = std::get_if<SeriesReading>(&reading);
        any_raw = any_raw || (fits(series) && series->raw);
    }
    std::vector<Group> groups;
    std::map<std::string, std::size_t> known;
    for (const auto& reading : readings) {
        const auto* series = std::get_if<SeriesReading>(&reading);
        if (!fits(series) || series->raw != any_raw) {
            continue;
        }
        std::string identity = identity_of(*series);
        const auto [at, is_new] = known.try_emplace(identity, groups.size());
        if (is_new) {
            groups.push_back({std::move(identity), series->metric, std::string(label(*series, "image")), {}});
        }
        std::vector<Point>& points = groups[at->second].points;
        const auto in_time = [&](const Point& point) { return point.at <= wanted.until; };
        if (std::all_of(series->points.begin(), series->points.end(), in_time)) {
            points.insert(points.end(), series->points.begin(), series->points.end());
        } else {
            std::copy_if(series->points.begin(), series->points.end(), std::back_inserter(points), in_time);
        }
    }
    for (auto& one : groups) {
        one.points = clean(std::move(one.points), unusable);
    }
    std::erase_if(groups, [](const Group& one) { return one.points.empty(); });
    return groups;
}

std::size_t choose(const std::vector<Group>& groups, const Wanted& wanted) {
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const bool pinned =
            !wanted.container_id.empty() && groups[i].identity.find(wanted.container_id) != std::string::npos;
        if (pinned || (!wanted.identity.empty() && groups[i].identity == wanted.identity)) {
            return i;
        }
    }
    const auto newest = std::max_element(groups.begin(), groups.end(),
                                         [](const Group& a, const Group& b) { return a.first() < b.first(); });
    // Containers that run beside the newest one: the fullest is the one to worry about.
    auto chosen = newest;
    for (auto one = groups.begin(); one != groups.end(); ++one) {
        const bool beside = one->last() > newest->first() + longest_handover;
        if (beside && one->points.back().value > chosen->points.back().value) {
            chosen = one;
        }
    }
    return static_cast<std::size_t>(chosen - groups.begin());
}

}  // namespace

std::vector<Point> clean(std::vector<Point> points, std::size_t& unusable) {
    const std::size_t delivered = points.size();
    const auto usable = [](const Point& point) {
        constexpr double most = 1e24;  // squares of what is larger overflow, and no machine has it
        return point.value >= 0 && point.value <= most;
    };
    const auto disordered = [&](const Point& a, const Point& b) { return a.at >= b.at || !usable(b); };
    const bool clean_already =
        points.empty() ||
        (usable(points.front()) && std::adjacent_find(points.begin(), points.end(), disordered) == points.end());
    if (clean_already) {
        return points;
    }
    std::erase_if(points, [&](const Point& point) { return !usable(point); });
    const auto earlier = [](const Point& a, const Point& b) { return a.at < b.at; };
    if (!std::is_sorted(points.begin(), points.end(), earlier)) {
        std::stable_sort(points.begin(), points.end(), earlier);
    }
    std::size_t kept = 0;
    for (const Point& point : points) {
        if (kept > 0 && points[kept - 1].at == point.at) {
            points[kept - 1] = point;
        } else {
            points[kept++] = point;
        }
    }
    points.resize(kept);
    unusable += delivered - kept;
    return points;
}

Milliseconds resolution(std::span<const Point> points) {
    if (points.size() < 2) {
        return Milliseconds{0};
    }
    // Nearly always one distance has the majority, and then it is the median.
    const auto is_usual = [&](Milliseconds distance) {
        std::size_t count = 0;
        for (std::size_t i = 1; i < points.size(); ++i) {
            count += points[i].at - points[i - 1].at == distance ? 1 : 0;
        }
        return 2 * count > points.size();
    };
    const Milliseconds first = points[1].at - points[0].at;
    if (is_usual(first)) {
        return first;
    }
    Milliseconds often{0};
    std::ptrdiff_t votes = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const Milliseconds distance = points[i].at - points[i - 1].at;
        often = votes == 0 ? distance : often;
        votes += distance == often ? 1 : -1;
    }
    if (often != first && is_usual(often)) {
        return often;
    }
    std::vector<double> distances(points.size() - 1);
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        distances[i] = static_cast<double>((points[i + 1].at - points[i].at).count());
    }
    return Milliseconds{std::llround(median(std::move(distances)))};
}

Milliseconds longest_distance(Milliseconds step) {
    return std::max<Milliseconds>(step * 5 / 2, 90s);
}

double coverage(std::span<const Point> points, Milliseconds step) {
    if (points.size() < 2) {
        return 0;
    }
    const Milliseconds span = points.back().at - points.front().at;
    const Milliseconds longest = longest_distance(step);
    Milliseconds covered = span;
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const Milliseconds distance = points[i + 1].at - points[i].at;
        covered -= distance > longest ? distance - step : Milliseconds{0};
    }
    return static_cast<double>(covered.count()) / static_cast<double>(span.count());
}

Series gather(const std::vector<Reading>& readings, const Wanted& wanted) {
    Series series;
    std::vector<Group> groups = group(readings, wanted, series.unusable);
    if (groups.empty()) {
        return series;
    }
    const std::size_t judged = choose(groups, wanted);
    std::swap(groups.front(), groups[judged]);
    std::sort(groups.begin() + 1, groups.end(), [](const Group& a, const Group& b) { return a.last() > b.last(); });

    series.metric = groups.front().metric;
    series.identity = groups.front().identity;
    std::vector<const Group*> chain{&groups.front()};  // newest first
    for (std::size_t i = 1; i < groups.size(); ++i) {
        const Group& newer = *chain.back();
        const Group& older = groups[i];
        if (older.first() < newer.first() && older.last() <= newer.first() + longest_handover) {
            series.successions.push_back(
                {newer.first(), !older.image.empty() && !newer.image.empty() && older.image != newer.image});
            chain.push_back(&older);
        } else if (older.last() > groups.front().first()) {
            ++series.others;
        }
    }
    if (chain.size() == 1) {
        series.points = std::move(groups.front().points);
        series.step = resolution(series.points);
        return series;
    }
    std::reverse(series.successions.begin(), series.successions.end());
    for (auto part = chain.rbegin(); part != chain.rend(); ++part) {
        const auto next = part + 1;
        for (const Point& point : (*part)->points) {
            if (next == chain.rend() || point.at < (*next)->first()) {
                series.points.push_back(point);
            }
        }
    }
    series.step = resolution(series.points);
    return series;
}

std::vector<double> some_values(std::span<const Point> points, std::size_t enough) {
    const std::size_t stride = std::max<std::size_t>(points.size() / enough, 1);
    std::vector<double> values;
    values.reserve(points.size() / stride + 1);
    for (std::size_t i = stride / 2; i < points.size(); i += stride) {
        values.push_back(points[i].value);
    }
    return values;
}

std::vector<Point> thin(std::span<const Point> points, Milliseconds step, std::size_t most) {
    std::vector<Point> thinned;
    if (points.empty() || most == 0) {
        return thinned;
    }
    const Milliseconds span = points.back().at - points.front().at;
    const Milliseconds longest = longest_distance(step);
    const auto parts = static_cast<Milliseconds::rep>(std::max<std::size_t>(most / 2, 1));  // a gap costs one more
    const Milliseconds width =
        points.size() <= static_cast<std::size_t>(parts) ? Milliseconds{0} : Milliseconds{span.count() / parts + 1};
    Timestamp part_end = points.front().at + width;  // of the part that the last point lies in
    Point highest = points.front();                  // of that part
    for (std::size_t i = 1; i < points.size(); ++i) {
        const Point& point = points[i];
        const Milliseconds distance = point.at - points[i - 1].at;
        const bool gap = distance > longest && distance > width;
        if (!gap && point.at < part_end) {
            highest = point.value > highest.value ? point : highest;
            continue;
        }
        thinned.push_back(highest);
        if (gap) {
            thinned.push_back({points[i - 1].at + distance / 2, std::numeric_limits<double>::quiet_NaN()});
        }
        if (point.at >= part_end && width.count() > 0) {
            part_end += width * ((point.at - part_end) / width + 1);
        }
        highest = point;
    }
    thinned.push_back(highest);
    return thinned;
}

}  // namespace memrb::memory
