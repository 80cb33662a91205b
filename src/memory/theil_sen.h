#pragma once

#include "memory/blocks.h"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace memrb::memory {

/// The median of the slopes of all pairs of lows, in bytes per hour; pairs lie within one strand.
struct TheilSen {
    std::vector<double> slopes;     ///< of all pairs, in no order
    double slope = 0;               ///< their median; 0 if there are none
    std::vector<double> residuals;  ///< of each block's low from the line through its strand's median
};

TheilSen theil_sen(const std::vector<Block>& blocks);

/// The same median for some of the blocks only.
double slope_of(std::span<const Block> blocks);

/// Sen's interval: the slopes whose ranks are 1.645 standard deviations of Kendall's s around the middle.
/// `variance`: that of s, corrected for autocorrelation. Reorders the slopes.
std::array<double, 2> slope_interval90(TheilSen& fit, double variance);

}  // namespace memrb::memory
