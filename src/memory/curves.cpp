#include "memory/curves.h"

#include "memory/regression.h"

#include <algorithm>
#include <cmath>

namespace memrb::memory {

namespace {

// The best tau between the two, in shares of the span: on a coarse grid, then once finer around the best.
template <class Shape>
CurveFit fit_curve(const std::vector<Block>& blocks, double shortest, double longest, Shape shape) {
    const double span = blocks.back().hours - blocks.front().hours;
    std::vector<double> hours;
    std::vector<double> lows;
    std::vector<double> bent;
    const auto take = [&](std::size_t stride) {
        hours.clear();
        lows.clear();
        for (std::size_t i = 0; i < blocks.size(); i += stride) {
            hours.push_back(blocks[i].hours - blocks.front().hours);
            lows.push_back(blocks[i].low);
        }
        bent.resize(hours.size());
    };
    const auto bend = [&](double tau) {
        std::transform(hours.begin(), hours.end(), bent.begin(), [&](double t) { return shape(t / tau); });
    };
    CurveFit best;
    const auto attempt = [&](double tau) {
        bend(tau);
        const Line line = regress(bent, lows);
        if (best.tau <= 0 || line.error < best.error) {
            best = {line.offset, line.slope, tau, line.error};
        }
    };
    constexpr int steps = 12;
    const double factor = std::pow(longest / shortest, 1.0 / steps);
    take(blocks.size() >= 48 ? 3 : 1);
    for (int i = 0; i <= steps; ++i) {
        attempt(span * shortest * std::pow(factor, i));
    }
    const double coarse = best.tau;
    take(1);
    best = {};
    for (int i = -3; i <= 3; ++i) {
        attempt(coarse * std::pow(factor, i / 4.0));
    }
    bend(best.tau);
    best.residuals = rest_of(bent, lows);
    return best;
}

constexpr std::size_t least_blocks = 6;

}  // namespace

std::optional<SaturationFit> fit_saturation(const std::vector<Block>& blocks) {
    if (blocks.size() < least_blocks) {
        return std::nullopt;
    }
    // From a fiftieth of the span, where it is a step, to twice the span, where it is a line.
    return SaturationFit{fit_curve(blocks, 0.02, 2, [](double t) { return 1 - std::exp(-t); })};
}

std::optional<SlowingFit> fit_slowing(const std::vector<Block>& blocks) {
    if (blocks.size() < least_blocks) {
        return std::nullopt;
    }
    return SlowingFit{fit_curve(blocks, 0.01, 4, [](double t) { return std::log1p(t); })};
}

}  // namespace memrb::memory
