#pragma once

#include "memory/blocks.h"
#include "memory/curves.h"
#include "memory/gates.h"
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
    double z = 0;                      ///< the gain in standard deviations of chance gains, autocorrelation counted in
    double rho = 0;                    ///< lag-one autocorrelation of the rest, bias taken off
    double hours = 0;                  ///< from the first block to the last
    double noise = 0;                  ///< standard deviation of the lows around line or curve, robust
    double significant = 0;            ///< bytes that matter at least
    double least = 0;                  ///< bytes of growth below which nothing is said: noise counted in
    double first_third = 0;            ///< slope of the first and of the last third of the blocks
    double last_third = 0;
    Gates gates = {};
    double drift = 0;  ///< share of the slope by which it changes from third to third, noise taken off
    std::size_t blocks = 0;
    double line_error = 0;
    ParabolaFit parabola;
    double constant_error = 0;
    std::optional<StepFit> step;
    std::optional<SaturationFit> saturation;
    std::optional<SlowingFit> slowing;

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
    /// Growth that comes to rest explains the lows clearly better than a line, it has come three quarters of its way,
    /// and its end is not yet reached. Before that no fit can tell it from growth that only gets slower.
    [[nodiscard]] bool is_saturating() const;
    /// It gets faster, and a parabola shows it.
    [[nodiscard]] bool speeds_up() const;
    /// It gets slower, and a logarithm shows it.
    [[nodiscard]] bool slows_down() const;
    [[nodiscard]] bool is_growing() const;
};

/// `significant`: bytes of growth that matter at least (2 % of the limit).
Growth measure_growth(const std::vector<Block>& blocks, double significant, const Gates& gates = {});

/// 2 % of the limit; without a limit 5 % of the level.
double significant_bytes(std::optional<double> limit, const std::vector<Block>& blocks);

}  // namespace memrb::memory
