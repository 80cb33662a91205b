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

// Standard deviation of what a line seems to gain where nothing grows, in those of the noise around it. Independent
// noise gives sqrt(12 / n); noise that remembers itself counts for fewer values. A random walk, which forgets nothing,
// leaves sqrt(n / 15) of its step around its line and gains sqrt(6 n / 5) of it: nothing is worse than that.
double scatter_of_gain(double rho, std::size_t n) {
    constexpr double random_walk = 18;
    const double alike = std::clamp(rho, 0.0, 0.999);
    const double independent = static_cast<double>(n) * (1 - alike) / (1 + alike);
    return std::sqrt(std::min(12 / std::max(independent, 1e-9), random_walk));
}

// How much the slopes of the thirds differ, beyond what noise lets them differ: growth that follows something uneven,
// as requests, has no one slope, and will not keep to it.
double drift_of(const std::vector<Block>& blocks, const Growth& growth) {
    const std::size_t third = blocks.size() / 3;
    if (third < 2 || growth.slope <= 0 || growth.hours <= 0) {
        return 0;
    }
    const std::span<const Block> all(blocks);
    const std::array<double, 3> slopes{growth.first_third, slope_of(all.subspan(third, third)), growth.last_third};
    const double mean = (slopes[0] + slopes[1] + slopes[2]) / 3;
    double variance = 0;
    for (const double slope : slopes) {
        variance += (slope - mean) * (slope - mean) / 2;
    }
    const double by_noise = growth.noise * scatter_of_gain(growth.rho, third) / (growth.hours / 3);
    return std::sqrt(std::max(variance - by_noise * by_noise, 0.0)) / growth.slope;
}

}  // namespace

bool Growth::rises() const {
    return z >= z_needed && gained() >= least;
}

bool Growth::falls() const {
    return z <= -z_needed && -gained() >= least;
}

bool Growth::sustained() const {
    return last_third >= 0.35 * slope && (first_third >= 0.2 * slope || speeds_up());
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
    // Below a fifth of the span the rise is over and the rest is flat.
    constexpr double on_its_way = 0.66;  // of the span: 78 % of what it will gain is gained
    return saturation && saturation->c > 0 && saturation->error < 0.5 * line_error &&
           saturation->tau <= on_its_way * hours && saturation->tau >= hours / 5;
}

bool Growth::speeds_up() const {
    return parabola.bend > 0 && parabola.error < 0.7 * line_error;
}

bool Growth::slows_down() const {
    return slowing && slowing->c > 0 && slowing->error < 0.8 * line_error;
}

bool Growth::is_growing() const {
    return rises() && (sustained() || !gates.sustained) && !(step_beats_line() && gates.step) &&
           !(is_saturating() && gates.saturation);
}

Growth measure_growth(const std::vector<Block>& blocks, double significant, const Gates& gates) {
    Growth growth;
    growth.gates = gates;
    if (blocks.size() < 2) {
        return growth;
    }
    TheilSen fit = theil_sen(blocks);
    growth.line_error = fit_line(blocks).error;
    growth.hours = blocks.back().hours - blocks.front().hours;
    growth.slope = fit.slope;
    if (growth.gained() >= 0.5 * significant) {
        growth.saturation = fit_saturation(blocks);
        growth.slowing = fit_slowing(blocks);
    }
    growth.parabola = fit_parabola(blocks);
    // The bend of a curve makes neighbours alike around a line and lets it scatter, without being noise.
    const std::vector<double>* rest = &fit.residuals;
    double error = 0.5 * growth.line_error;
    if (growth.parabola.error < error) {
        rest = &growth.parabola.residuals;
        error = growth.parabola.error;
    }
    if (growth.saturation && growth.saturation->error < error) {
        rest = &growth.saturation->residuals;
    }
    growth.blocks = blocks.size();
    growth.significant = significant;
    growth.slope = fit.slope;
    growth.hours = blocks.back().hours - blocks.front().hours;
    growth.noise = mad_to_sigma * mad(*rest);
    growth.rho = gates.remembering ? unbiased(lag_one(*rest), blocks.size()) : 0;
    const double error_of_gain = growth.noise * scatter_of_gain(growth.rho, blocks.size());
    growth.z = error_of_gain > 0 ? growth.gained() / error_of_gain : std::copysign(1e3, growth.gained());
    const double half = growth.hours > 0 ? 1.645 * error_of_gain / growth.hours : 0;
    growth.interval = {growth.slope - half, growth.slope + half};
    growth.least = std::max(3 * growth.noise, significant);
    growth.first_third = third_slope(blocks, false);
    growth.last_third = third_slope(blocks, true);
    growth.drift = drift_of(blocks, growth);
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
