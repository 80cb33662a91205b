#pragma once

#include "memrb/reading.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::ui {

struct SparkScale {
    std::optional<double> top;  ///< the limit; absent: the highest value
    bool from_lowest = false;   ///< the bottom is the lowest value instead of 0
};

struct Spark {
    std::string text;  ///< one column for each cell
    bool gaps = false;
    /// Of the finite values; absent: there are none.
    std::optional<double> lowest, highest;
};

/// Draws a series in at most `width` cells of equal time; a cell shows its highest value. A cell with no sample is a
/// gap
/// (`·`, or `?` in ASCII) where the samples' usual distance is exceeded or a NaN was delivered. Infinite values are
/// gaps.
Spark sparkline(std::span<const Point> points, std::size_t width, const SparkScale& scale, bool utf8);

/// The same cells as numbers, for drawings of more than one row; NaN: a gap. Empty if no value is finite.
std::vector<double> spark_cells(std::span<const Point> points, std::size_t width);
/// A cell that is filled up to `share` (0 to 1) of its height, never empty.
std::string_view spark_bar(double share, bool utf8);
std::string_view spark_gap(bool utf8);

}  // namespace memrb::ui
