#include "memory/regression.h"

#include <algorithm>
#include <numeric>

namespace memrb::memory {

Line regress(const std::vector<double>& x, const std::vector<double>& y) {
    return regress_measured(x, y, 0);
}

Line regress_measured(const std::vector<double>& x, const std::vector<double>& y, double variance) {
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
    if (const double by_error = variance * n; by_error < 0.5 * xx) {
        xx -= by_error;
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

std::vector<double> rest_of(const std::vector<double>& x, const std::vector<double>& y) {
    const Line line = regress(x, y);
    std::vector<double> rest(y.size());
    for (std::size_t i = 0; i < y.size(); ++i) {
        rest[i] = y[i] - line.offset - line.slope * x[i];
    }
    return rest;
}

}  // namespace memrb::memory
