#include "baselines.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace memrb::bench {

namespace {

constexpr double mib = 1048576;

double hours_of(const Point& point, const Point& zero) {
    return static_cast<double>((point.at - zero.at).count()) / 3.6e6;
}

struct Line {
    double slope = 0;
    double r2 = 0;
    double end = 0;  // at the last sample
    double hours = 0;
};

Line fit(std::span<const Point> points) {
    const auto n = static_cast<double>(points.size());
    double mean_x = 0;
    double mean_y = 0;
    for (const Point& point : points) {
        mean_x += hours_of(point, points.front()) / n;
        mean_y += point.value / n;
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (const Point& point : points) {
        const double x = hours_of(point, points.front()) - mean_x;
        const double y = point.value - mean_y;
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    Line line;
    line.hours = hours_of(points.back(), points.front());
    line.slope = xx > 0 ? xy / xx : 0;
    line.r2 = xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0;
    line.end = mean_y + line.slope * (line.hours - mean_x);
    return line;
}

std::span<const Point> last_hours(std::span<const Point> points, double hours) {
    while (points.size() > 2 && hours_of(points.back(), points.front()) > hours) {
        points = points.subspan(1);
    }
    return points;
}

double kendall_z(std::span<const Point> points) {
    std::vector<double> values;
    const std::size_t stride = points.size() / 300 + 1;
    for (std::size_t i = 0; i < points.size(); i += stride) {
        values.push_back(points[i].value);
    }
    double s = 0;
    for (std::size_t j = 1; j < values.size(); ++j) {
        for (std::size_t i = 0; i < j; ++i) {
            s += values[j] > values[i] ? 1 : values[j] < values[i] ? -1 : 0;
        }
    }
    const auto n = static_cast<double>(values.size());
    return n > 2 ? s / std::sqrt(n * (n - 1) * (2 * n + 5) / 18) : 0;
}

// The best split of each part into two levels, twice: up to three change points.
void change_points(std::span<const Point> points, std::size_t offset, int depth, std::vector<std::size_t>& found) {
    constexpr std::size_t least = 12;
    if (depth == 0 || points.size() < 2 * least) {
        return;
    }
    double total = 0;
    for (const Point& point : points) {
        total += point.value;
    }
    double sum = 0;
    double best = 0;
    std::size_t at = 0;
    for (std::size_t i = 1; i + least <= points.size(); ++i) {
        sum += points[i - 1].value;
        if (i < least) {
            continue;
        }
        const auto left = static_cast<double>(i);
        const auto right = static_cast<double>(points.size() - i);
        const double gain = sum * sum / left + (total - sum) * (total - sum) / right;
        if (gain > best) {
            best = gain;
            at = i;
        }
    }
    found.push_back(offset + at);
    change_points(points.first(at), offset, depth - 1, found);
    change_points(points.subspan(at), offset + at, depth - 1, found);
}

bool precog(std::span<const Point> points, double limit) {
    std::vector<std::size_t> from{0};
    change_points(points, 0, 2, from);
    Line best;
    for (const std::size_t begin : from) {
        if (points.size() - begin < 12) {
            continue;
        }
        const Line line = fit(points.subspan(begin));
        best = line.slope > 0 && line.r2 > best.r2 ? line : best;
    }
    constexpr double critical_hours = 7 * 24;
    const double room = limit > 0 ? limit : 2 * best.end;
    return best.r2 >= 0.75 && best.slope > 0 && best.end + best.slope * critical_hours >= room;
}

bool above_80(std::span<const Point> points, double limit) {
    if (limit <= 0) {
        return false;
    }
    const auto last = last_hours(points, 5.0 / 60 + 1e-9);
    return std::all_of(last.begin(), last.end(), [&](const Point& point) { return point.value > 0.8 * limit; });
}

}  // namespace

std::array<bool, 5> ask_baselines(const Incident& incident) {
    const std::span<const Point> points(incident.memory);
    if (points.size() < 3) {
        return {};
    }
    const double limit = incident.plan.limit * mib;
    const Line whole = fit(points);
    const double matters = limit > 0 ? 0.02 * limit : 0.05 * whole.end;
    const bool gained = whole.slope * whole.hours >= matters;
    const Line recent = fit(last_hours(points, 1));
    return {whole.r2 >= 0.8 && gained, limit > 0 && recent.end + 4 * recent.slope > limit,
            gained && kendall_z(points) >= 2.33, precog(points, limit), above_80(points, limit)};
}

}  // namespace memrb::bench
