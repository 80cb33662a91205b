#pragma once

#include "memory/blocks.h"

#include <vector>

namespace memrb::memory {

/// Mann-Kendall's test on the lows of blocks; pairs lie within one strand.
struct Kendall {
    double s = 0;         ///< pairs that rise less pairs that fall
    double pairs = 0;     ///< pairs compared
    double variance = 0;  ///< of s without a trend, ties and autocorrelation counted in
    double z = 0;         ///< s in standard deviations, continuity corrected; 0 if there are no pairs
};

/// `rho`: lag-one autocorrelation of what the trend does not explain. Neighbours that resemble each other make chance
/// trends likelier: the variance is multiplied by (1 + rho) / (1 - rho), rho taken as 0..0.98.
Kendall mann_kendall(const std::vector<Block>& blocks, double rho);

}  // namespace memrb::memory
