#include "memory/shapes.h"

#include "memory/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace memrb::memory {

namespace {

struct Line {
    double offset = 0;
    double slope = 0;
    double error = 0;
};

// Ordinary least squares of y over x.
Line regress(const std::vector<double>& x, const std::vector<double>& y) {
    const auto n = static_cast<double>(x.size());
    const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
    const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - mean_x) * (x[i] - mean_x);
        xy += (x[i] - mean_x) * (y[i] - mean_y);
        yy += (y[i] - mean_y) * (y[i] - mean_y);
    }
    const double slope = xx > 0 ? xy / xx : 0;
    return {mean_y - slope * mean_x, slope, std::max(yy - slope * xy, 0.0)};
}

std::vector<double> lows_of(const std::vector<Block>& blocks) {
    std::vector<double> lows;
    lows.reserve(blocks.size());
    for (const Block& block : blocks) {
        lows.push_back(block.low);
    }
    return lows;
}

// What a line leaves unexplained of each y.
std::vector<double> rest_of(const std::vector<double>& x, const std::vector<double>& y) {
    const Line line = regress(x, y);
    std::vector<double> rest(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
        rest[i] = y[i] - line.offset - line.slope * x[i];
    }
    return rest;
}

// 1 - e^(-t/tau) at each block.
std::vector<double> saturation(const std::vector<Block>& blocks, double tau) {
    std::vector<double> shape;
    shape.reserve(blocks.size());
    for (const Block& block : blocks) {
        shape.push_back(1 - std::exp(-(block.hours - blocks.front().hours) / tau));
    }
    return shape;
}

}  // namespace

LineFit fit_line(const std::vector<Block>& blocks) {
    std::vector<double> hours;
    hours.reserve(blocks.size());
    for (const Block& block : blocks) {
        hours.push_back(block.hours);
    }
    const Line line = regress(hours, lows_of(blocks));
    return {line.slope, line.error};
}

ParabolaFit fit_parabola(const std::vector<Block>& blocks) {
    // Orthogonal parts: y over t, and what t leaves over of t squared.
    std::vector<double> t;
    std::vector<double> square;
    for (const Block& block : blocks) {
        t.push_back(block.hours - blocks.front().hours);
        square.push_back(t.back() * t.back());
    }
    std::vector<double> rest = rest_of(rest_of(t, square), rest_of(t, lows_of(blocks)));
    const double error = std::inner_product(rest.begin(), rest.end(), rest.begin(), 0.0);
    return {std::move(rest), error};
}

std::optional<std::size_t> find_onset(const std::vector<Block>& blocks) {
    const std::vector<double> lows = lows_of(blocks);
    const std::size_t least = std::max<std::size_t>(blocks.size() / 8, 2);
    std::optional<std::size_t> onset;
    double error = 0.5 * fit_line(blocks).error;
    std::vector<double> bend(blocks.size());
    for (std::size_t at = least; at + least <= blocks.size(); ++at) {
        std::transform(blocks.begin(), blocks.end(), bend.begin(),
                       [&](const Block& block) { return std::max(block.hours - blocks[at].hours, 0.0); });
        const Line line = regress(bend, lows);
        if (line.slope > 0 && line.error < error) {
            error = line.error;
            onset = at;
        }
    }
    return onset;
}

double fit_constant(const std::vector<Block>& blocks) {
    const std::vector<double> lows = lows_of(blocks);
    return regress(std::vector<double>(lows.size(), 0.0), lows).error;
}

std::optional<StepFit> fit_step(const std::vector<Block>& blocks) {
    constexpr std::size_t least = 3;
    if (blocks.size() < 2 * least) {
        return std::nullopt;
    }
    // Deviations from the mean keep the squares small enough to be exact.
    const std::vector<double> lows = lows_of(blocks);
    const double mean = std::accumulate(lows.begin(), lows.end(), 0.0) / static_cast<double>(lows.size());
    double total = 0;
    double squares = 0;
    for (const double low : lows) {
        total += low - mean;
        squares += (low - mean) * (low - mean);
    }
    std::optional<StepFit> best;
    double sum = 0;
    for (std::size_t i = 1; i + least <= lows.size(); ++i) {
        sum += lows[i - 1] - mean;
        if (i < least) {
            continue;
        }
        const auto left = static_cast<double>(i);
        const auto right = static_cast<double>(lows.size() - i);
        const double rest = total - sum;
        const double error = std::max(squares - sum * sum / left - rest * rest / right, 0.0);
        if (!best || error < best->error) {
            best = StepFit{i, mean + sum / left, mean + rest / right, error};
        }
    }
    return best;
}

std::optional<SaturationFit> fit_saturation(const std::vector<Block>& blocks) {
    if (blocks.size() < 6) {
        return std::nullopt;
    }
    const double span = blocks.back().hours - blocks.front().hours;
    const std::vector<double> lows = lows_of(blocks);
    SaturationFit best;
    const auto attempt = [&](double tau) {
        const Line line = regress(saturation(blocks, tau), lows);
        if (best.tau <= 0 || line.error < best.error) {
            best = {line.offset, line.slope, tau, line.error};
        }
    };
    // tau from a fiftieth of the span, where it is a step, to twice the span, where it is a line; then once finer.
    constexpr int steps = 16;
    const double factor = std::pow(100.0, 1.0 / steps);
    for (int i = 0; i <= steps; ++i) {
        attempt(span * 0.02 * std::pow(factor, i));
    }
    const double coarse = best.tau;
    for (int i = -3; i <= 3; ++i) {
        attempt(coarse * std::pow(factor, i / 4.0));
    }
    best.residuals = rest_of(saturation(blocks, best.tau), lows);
    return best;
}

Spikes find_spikes(std::span<const Point> points, double least) {
    std::vector<double> values;
    values.reserve(points.size());
    for (const Point& point : points) {
        values.push_back(point.value);
    }
    Spikes spikes;
    if (values.empty()) {
        return spikes;
    }
    const double floor = quantile_in_place(values, 0.5);
    for (double& value : values) {
        value = std::abs(value - floor);
    }
    const double scatter = quantile_in_place(values, 0.5);
    const double bar = floor + std::max({8 * scatter, 0.25 * floor, least});
    bool inside = false;
    std::size_t samples = 0;
    for (const Point& point : points) {
        const bool above = point.value > bar;
        spikes.count += above && !inside ? 1 : 0;
        samples += above ? 1 : 0;
        spikes.height = above ? std::max(spikes.height, point.value - floor) : spikes.height;
        inside = above;
    }
    spikes.share = static_cast<double>(samples) / static_cast<double>(values.size());
    return spikes;
}

}  // namespace memrb::memory
