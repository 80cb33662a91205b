#include "memory/growth.h"

#include "memory/kendall.h"
#include "memory/statistics.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace memrb::memory {

namespace {

constexpr double z_needed = 2.33;  // one-sided 1 %

double third_slope(const std::vector<Block>& blocks, bool last) {
    const std::size_t third = std::max<std::size_t>(blocks.size() / 3, 2);
    const std::span<const Block> all(blocks);
    return slope_of(last ? all.last(std::min(third, all.size())) : all.first(std::min(third, all.size())));
}

// Around a fitted line neighbours look less alike than they are: by (2 + 4 rho) / n on average.
double unbiased(double rho, std::size_t n) {
    return rho + (2 + 4 * rho) / static_cast<double>(n);
}

}  // namespace

bool Growth::rises() const {
    return z >= z_needed && gained() >= least;
}

bool Growth::falls() const {
    return z <= -z_needed && -gained() >= least;
}

bool Growth::sustained() const {
    return last_third >= 0.35 * slope && first_third >= 0.2 * slope;
}

bool Growth::step_beats_line() const {
    return step && step->error < line_error;
}

bool Growth::is_step() const {
    constexpr double unexplained = 0.15;  // one wave of a day leaves 0.19
    if (!step_beats_line() || step->error >= unexplained * constant_error) {
        return false;
    }
    const double scatter = std::sqrt(step->error / static_cast<double>(blocks));
    const bool comes_to_rest = saturation && saturation->c > 0 && saturation->error < step->error;
    return !comes_to_rest && std::abs(step->after - step->before) >= std::max(3 * scatter, significant);
}

bool Growth::is_saturating() const {
    // With tau beyond the span the curve is a line; below a fifth of it the rise is over and the rest is flat.
    return saturation && saturation->c > 0 && saturation->error < 0.5 * line_error && saturation->tau <= hours &&
           saturation->tau >= hours / 5;
}

Growth measure_growth(const std::vector<Block>& blocks, double significant) {
    Growth growth;
    if (blocks.size() < 2) {
        return growth;
    }
    TheilSen fit = theil_sen(blocks);
    growth.line_error = fit_line(blocks).error;
    growth.saturation = fit_saturation(blocks);
    const ParabolaFit parabola = fit_parabola(blocks);
    // The bend of a curve makes neighbours alike around a line and lets it scatter, without being noise.
    const std::vector<double>* rest = &fit.residuals;
    double error = 0.5 * growth.line_error;
    if (parabola.error < error) {
        rest = &parabola.residuals;
        error = parabola.error;
    }
    if (growth.saturation && growth.saturation->error < error) {
        rest = &growth.saturation->residuals;
    }
    const Kendall kendall = mann_kendall(blocks, unbiased(lag_one(*rest), blocks.size()));
    growth.blocks = blocks.size();
    growth.significant = significant;
    growth.slope = fit.slope;
    growth.interval = slope_interval90(fit, kendall.variance);
    growth.z = kendall.z;
    growth.hours = blocks.back().hours - blocks.front().hours;
    growth.noise = mad_to_sigma * mad(*rest);
    growth.least = std::max(3 * growth.noise, significant);
    growth.first_third = third_slope(blocks, false);
    growth.last_third = third_slope(blocks, true);
    growth.constant_error = fit_constant(blocks);
    growth.step = fit_step(blocks);
    return growth;
}

double significant_bytes(std::optional<double> limit, const std::vector<Block>& blocks) {
    if (limit) {
        return 0.02 * *limit;
    }
    std::vector<double> levels;
    levels.reserve(blocks.size());
    for (const Block& block : blocks) {
        levels.push_back(block.mid);
    }
    return blocks.empty() ? 0 : 0.05 * median(std::move(levels));
}

}  // namespace memrb::memory
