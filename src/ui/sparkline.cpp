#include "ui/sparkline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

namespace memrb::ui {

namespace {

constexpr std::array<std::string_view, 7> bars{"▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 7> ascii_bars{"_", ".", "-", "+", "=", "*", "#"};

// A cell's value; NaN: nothing is known of that time.
using Cells = std::vector<double>;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// Two neighbours further apart than this have something missing between them.
double gap_seconds(std::span<const Point> points) {
    std::vector<double> steps;
    for (std::size_t i = 1; i < points.size(); ++i) {
        steps.push_back(to_unix_seconds(points[i].at) - to_unix_seconds(points[i - 1].at));
    }
    if (steps.empty()) {
        return 0;
    }
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return 2.5 * *middle;
}

// Cells between two close samples hold the earlier one: a sparse series has no gaps of its own.
void bridge(Cells& cells, std::size_t from, std::size_t to, double value) {
    for (std::size_t cell = from + 1; cell < to; ++cell) {
        cells[cell] = std::isnan(cells[cell]) ? value : cells[cell];
    }
}

Cells cells_of(std::span<const Point> points, std::size_t width) {
    Cells cells(width, nothing);
    const double first = to_unix_seconds(points.front().at);
    const double span = to_unix_seconds(points.back().at) - first;
    const double far = gap_seconds(points);
    const Point* before = nullptr;
    std::size_t cell_before = 0;
    for (const auto& point : points) {
        const double at = to_unix_seconds(point.at) - first;
        const double share = span > 0 ? std::clamp(at / span, 0.0, 1.0) : 0.0;
        const std::size_t cell = std::min(width - 1, static_cast<std::size_t>(share * static_cast<double>(width)));
        if (!std::isfinite(point.value)) {
            before = nullptr;
            continue;
        }
        cells[cell] = std::isnan(cells[cell]) ? point.value : std::max(cells[cell], point.value);
        if (before != nullptr && to_unix_seconds(point.at) - to_unix_seconds(before->at) <= far) {
            bridge(cells, cell_before, cell, before->value);
        }
        before = &point;
        cell_before = cell;
    }
    return cells;
}

std::string draw(const Cells& cells, double bottom, double top, bool utf8) {
    std::string text;
    for (const double value : cells) {
        if (std::isnan(value)) {
            text += spark_gap(utf8);
            continue;
        }
        text += spark_bar(top > bottom ? (value - bottom) / (top - bottom) : 1.0, utf8);
    }
    return text;
}

}  // namespace

std::string_view spark_gap(bool utf8) {
    return utf8 ? "·" : "?";
}

std::string_view spark_bar(double share, bool utf8) {
    const auto height = std::min(
        bars.size() - 1, static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(bars.size())));
    return utf8 ? bars[height] : ascii_bars[height];
}

std::vector<double> spark_cells(std::span<const Point> points, std::size_t width) {
    const bool any =
        std::any_of(points.begin(), points.end(), [](const Point& point) { return std::isfinite(point.value); });
    return any && width > 0 ? cells_of(points, std::min(width, points.size())) : std::vector<double>{};
}

Spark sparkline(std::span<const Point> points, std::size_t width, const SparkScale& scale, bool utf8) {
    Spark spark;
    for (const auto& point : points) {
        if (std::isfinite(point.value)) {
            spark.lowest = std::min(spark.lowest.value_or(point.value), point.value);
            spark.highest = std::max(spark.highest.value_or(point.value), point.value);
        }
    }
    if (!spark.highest || width == 0) {
        return spark;
    }
    const Cells cells = cells_of(points, std::min(width, points.size()));
    spark.gaps = std::any_of(cells.begin(), cells.end(), [](double value) { return std::isnan(value); });
    spark.text = draw(cells, scale.from_lowest ? *spark.lowest : 0.0, scale.top.value_or(*spark.highest), utf8);
    return spark;
}

}  // namespace memrb::ui
