#include "memory/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace memrb::memory {

double quantile_in_place(std::span<double> values, double q) {
    if (values.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const double place = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::ptrdiff_t>(std::floor(place));
    const auto at = values.begin() + below;
    std::nth_element(values.begin(), at, values.end());
    const double part = place - std::floor(place);
    if (part <= 0 || at + 1 == values.end()) {
        return *at;
    }
    return *at + part * (*std::min_element(at + 1, values.end()) - *at);
}

double quantile(std::vector<double> values, double q) {
    return quantile_in_place(values, q);
}

double median(std::vector<double> values) {
    return quantile_in_place(values, 0.5);
}

double mad(const std::vector<double>& values) {
    std::vector<double> away(values);
    const double middle = quantile_in_place(away, 0.5);
    for (double& value : away) {
        value = std::abs(value - middle);
    }
    return quantile_in_place(away, 0.5);
}

namespace {

std::vector<double> ranks(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> rank(values.size());
    for (std::size_t from = 0; from < order.size();) {
        std::size_t to = from;
        while (to < order.size() && !(values[order[from]] < values[order[to]])) {
            ++to;
        }
        for (std::size_t i = from; i < to; ++i) {
            rank[order[i]] = static_cast<double>(from + to - 1) / 2;
        }
        from = to;
    }
    return rank;
}

}  // namespace

double spearman(const std::vector<double>& x, const std::vector<double>& y) {
    if (x.size() != y.size() || x.size() < 2) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const std::vector<double> rx = ranks(x);
    const std::vector<double> ry = ranks(y);
    const double mean = static_cast<double>(x.size() - 1) / 2;
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (std::size_t i = 0; i < rx.size(); ++i) {
        xy += (rx[i] - mean) * (ry[i] - mean);
        xx += (rx[i] - mean) * (rx[i] - mean);
        yy += (ry[i] - mean) * (ry[i] - mean);
    }
    return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : std::numeric_limits<double>::quiet_NaN();
}

double lag_one(const std::vector<double>& values) {
    if (values.size() < 3) {
        return 0;
    }
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    double product = 0;
    double square = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        square += (values[i] - mean) * (values[i] - mean);
        if (i > 0) {
            product += (values[i] - mean) * (values[i - 1] - mean);
        }
    }
    return square > 0 ? product / square : 0;
}

}  // namespace memrb::memory
