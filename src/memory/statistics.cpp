#include "memory/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace memrb::memory {

namespace {

struct Range {
    double least;
    double most;
};

Range range_of(std::span<const double> values) {
    // Four at once, so that none has to wait for the one before it.
    constexpr std::size_t lanes = 4;
    std::array<double, lanes> least{};
    least.fill(values.front());
    std::array<double, lanes> most = least;
    std::size_t i = 0;
    for (; i + lanes <= values.size(); i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            least[lane] = std::min(least[lane], values[i + lane]);
            most[lane] = std::max(most[lane], values[i + lane]);
        }
    }
    for (; i < values.size(); ++i) {
        least[0] = std::min(least[0], values[i]);
        most[0] = std::max(most[0], values[i]);
    }
    return {*std::min_element(least.begin(), least.end()), *std::max_element(most.begin(), most.end())};
}

// Of many values only those near the wanted ranks need an order: two counting passes find them.
double quantile_of_many(std::span<const double> values, std::size_t rank, double part) {
    const auto [least, most] = range_of(values);
    if (!(least < most)) {
        return least;
    }
    constexpr std::size_t buckets = 1024;
    const double scale = (buckets - 1) / (most - least);
    // By way of a signed number: there is an instruction for that.
    const auto bucket_of = [&, low = least](double value) {
        return static_cast<std::size_t>(static_cast<std::int32_t>((value - low) * scale));
    };
    std::array<std::uint32_t, buckets> counts{};
    for (const double value : values) {
        ++counts[bucket_of(value)];
    }
    std::size_t first = 0;
    std::size_t before = 0;
    while (before + counts[first] <= rank) {
        before += counts[first++];
    }
    std::size_t last = first;
    std::size_t held = counts[first];
    while (before + held <= rank + 1 && last + 1 < buckets) {
        held += counts[++last];
    }
    std::vector<double> near;
    near.reserve(held);
    for (const double value : values) {
        if (const std::size_t bucket = bucket_of(value); bucket >= first && bucket <= last) {
            near.push_back(value);
        }
    }
    const auto at = near.begin() + static_cast<std::ptrdiff_t>(rank - before);
    std::nth_element(near.begin(), at, near.end());
    if (part <= 0 || at + 1 == near.end()) {
        return *at;
    }
    return *at + part * (*std::min_element(at + 1, near.end()) - *at);
}

}  // namespace

double quantile_in_place(std::span<double> values, double q) {
    if (values.empty()) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    const double place = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::ptrdiff_t>(std::floor(place));
    constexpr std::size_t many = 1500;
    if (values.size() >= many) {
        return quantile_of_many(values, static_cast<std::size_t>(below), place - std::floor(place));
    }
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
