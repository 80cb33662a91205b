#pragma once

#include "memory/blocks.h"
#include "memory/shapes.h"
#include "memory/theil_sen.h"

#include <array>
#include <optional>
#include <vector>

namespace memrb::memory {

/// What the gates of "growing" look at. Each one alone is fooled by some harmless series; docs/diagnosis.md says by
/// which.
struct Growth {
    double slope = 0;                  ///< bytes per hour
    std::array<double, 2> interval{};  ///< 90 %
    double z = 0;                      ///< Mann-Kendall's, autocorrelation counted in
    double hours = 0;                  ///< from the first block to the last
    double noise = 0;                  ///< standard deviation of the lows around line or curve, robust
    double significant = 0;            ///< bytes that matter at least
    double least = 0;                  ///< bytes of growth below which nothing is said: noise counted in
    double first_third = 0;            ///< slope of the first and of the last third of the blocks
    double last_third = 0;
    std::size_t blocks = 0;
    double line_error = 0;
    double constant_error = 0;
    std::optional<StepFit> step;
    std::optional<SaturationFit> saturation;

    [[nodiscard]] double gained() const { return slope * hours; }
    /// A rise that chance does not explain, and large enough to matter.
    [[nodiscard]] bool rises() const;
    [[nodiscard]] bool falls() const;
    /// It went on in the first and in the last third.
    [[nodiscard]] bool sustained() const;
    /// Two levels explain the lows better than a line.
    [[nodiscard]] bool step_beats_line() const;
    /// Two levels explain the lows well, better than growth that comes to rest, and differ by what matters.
    [[nodiscard]] bool is_step() const;
    /// Growth that comes to rest explains the lows clearly better than a line, and its end is not yet reached.
    [[nodiscard]] bool is_saturating() const;
    [[nodiscard]] bool is_growing() const { return rises() && sustained() && !step_beats_line() && !is_saturating(); }
};

/// `significant`: bytes of growth that matter at least (2 % of the limit).
Growth measure_growth(const std::vector<Block>& blocks, double significant);

/// 2 % of the limit; without a limit 5 % of the level.
double significant_bytes(std::optional<double> limit, const std::vector<Block>& blocks);

}  // namespace memrb::memory
