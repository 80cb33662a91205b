#include "memory/shapes.h"

#include "memory/regression.h"
#include "memory/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace memrb::memory {

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
    const std::vector<double> bend = rest_of(t, square);
    const std::vector<double> rest = rest_of(t, lows_of(blocks));
    const Line line = regress(bend, rest);
    return {line.slope, rest_of(bend, rest), line.error};
}

std::optional<Onset> find_onset(const std::vector<Block>& blocks) {
    const std::vector<double> lows = lows_of(blocks);
    const std::size_t least = std::max<std::size_t>(blocks.size() / 8, 2);
    std::optional<Onset> onset;
    double error = 0.5 * fit_line(blocks).error;
    std::vector<double> bend(blocks.size());
    for (std::size_t at = least; at + least <= blocks.size(); ++at) {
        std::transform(blocks.begin(), blocks.end(), bend.begin(),
                       [&](const Block& block) { return std::max(block.hours - blocks[at].hours, 0.0); });
        const Line line = regress(bend, lows);
        if (line.slope > 0 && line.error < error) {
            error = line.error;
            onset = {at, error};
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

Spikes find_spikes(std::span<const Point> points, double least) {
    constexpr std::size_t enough = 300;  // what is looked for stands out by eight times the scatter
    std::vector<double> values = some_values(points, enough);
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
    spikes.share = static_cast<double>(samples) / static_cast<double>(points.size());
    return spikes;
}

}  // namespace memrb::memory
