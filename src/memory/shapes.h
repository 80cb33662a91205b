#pragma once

#include "memory/blocks.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace memrb::memory {

/// Least-squares fits to the lows of blocks, to be compared by their errors (sums of squares).

struct LineFit {
    double slope = 0;  ///< bytes per hour
    double error = 0;
};
LineFit fit_line(const std::vector<Block>& blocks);

/// A parabola: growth that speeds up or slows down.
struct ParabolaFit {
    double bend = 0;  ///< bytes per hour squared
    std::vector<double> residuals = {};
    double error = 0;
};
ParabolaFit fit_parabola(const std::vector<Block>& blocks);

/// Level first, then a line. None if a single line does nearly as well, or the level or the line would have fewer than
/// an eighth of the blocks.
struct Onset {
    std::size_t block = 0;  ///< the first one that belongs to the line
    double error = 0;
};
std::optional<Onset> find_onset(const std::vector<Block>& blocks);

/// Sum of squares around the mean: what no model explains.
double fit_constant(const std::vector<Block>& blocks);

/// The best two levels, at least three blocks each.
struct StepFit {
    std::size_t first_after = 0;  ///< index of the first block on the second level
    double before = 0, after = 0;
    double error = 0;
};
std::optional<StepFit> fit_step(const std::vector<Block>& blocks);

/// Short excursions over a floor.
struct Spikes {
    std::size_t count = 0;
    double share = 0;   ///< of the samples that lie in one
    double height = 0;  ///< of the highest over the floor, bytes
};

/// A sample is in an excursion when it is above the median by max(8 x MAD, a quarter of the median's level, `least`)
/// bytes.
Spikes find_spikes(std::span<const Point> points, double least);

}  // namespace memrb::memory
