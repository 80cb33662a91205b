#pragma once

#include "memory/blocks.h"

#include <optional>
#include <vector>

namespace memrb::memory {

// Growth that slows down, fitted to the lows of blocks; t in hours from the first block. Which of the two fits better
// tells whether it has an end.

/// a + c f(t / tau)
struct CurveFit {
    double a = 0, c = 0, tau = 0;
    double error = 0;
    std::vector<double> residuals = {};
};

/// f = 1 - e^(-t/tau): growth that comes to rest at a + c.
struct SaturationFit : CurveFit {
    [[nodiscard]] double asymptote() const { return a + c; }
};
std::optional<SaturationFit> fit_saturation(const std::vector<Block>& blocks);

/// f = ln(1 + t/tau): growth that gets slower and slower and never ends, as that of a cache whose new keys get rarer.
struct SlowingFit : CurveFit {};
std::optional<SlowingFit> fit_slowing(const std::vector<Block>& blocks);

}  // namespace memrb::memory
