#include "memory/statistics.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace memrb::memory;

TEST_CASE("quantiles interpolate between neighbours and do not need sorted values") {
    CHECK(quantile({4, 1, 3, 2}, 0) == 1);
    CHECK(quantile({4, 1, 3, 2}, 1) == 4);
    CHECK(quantile({4, 1, 3, 2}, 0.5) == 2.5);
    CHECK(quantile({40, 10, 30, 20, 50}, 0.1) == Approx(14));
    CHECK(median({7}) == 7);
    CHECK(std::isnan(median({})));
}

TEST_CASE("quantiles of many values are those of sorting them all") {
    std::vector<double> values;
    for (int i = 0; i < 5000; ++i) {
        values.push_back(std::fmod(i * 7919.0, 5003.0) + (i % 97 == 0 ? 1e6 : 0));
    }
    std::vector<double> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    for (const double q : {0.0, 0.1, 0.3333, 0.5, 0.95, 0.9899, 0.99, 1.0}) {
        CAPTURE(q);
        const double place = q * 4999;
        const auto below = static_cast<std::size_t>(place);
        const double above = sorted[std::min<std::size_t>(below + 1, 4999)];
        CHECK(quantile(values, q) == Approx(sorted[below] + (place - std::floor(place)) * (above - sorted[below])));
    }
    CHECK(median(std::vector<double>(3000, 7.0)) == 7);
}

TEST_CASE("the median absolute deviation ignores one wild value") {
    CHECK(mad({1, 2, 3, 4, 1e12}) == 1);
    CHECK(mad({5, 5, 5}) == 0);
}

TEST_CASE("Spearman looks at ranks, ties count half, and what does not vary has no correlation") {
    CHECK(spearman({1, 2, 3, 4}, {10, 100, 1000, 10000}) == Approx(1));
    CHECK(spearman({1, 2, 3, 4}, {4, 3, 2, 1}) == Approx(-1));
    // By hand: ranks 0.5 0.5 2 3 against 0 1 2 3 give 4.5 / sqrt(4.5 * 5).
    CHECK(spearman({7, 7, 8, 9}, {1, 2, 3, 4}) == Approx(4.5 / std::sqrt(22.5)));
    CHECK(std::isnan(spearman({1, 1, 1}, {1, 2, 3})));
    CHECK(std::isnan(spearman({1, 2}, {1, 2, 3})));
}

TEST_CASE("the autocorrelation at lag one of a saw of two values is near minus one, of a constant zero") {
    CHECK(lag_one({1, -1, 1, -1, 1, -1, 1, -1}) == Approx(-7.0 / 8));
    CHECK(lag_one({3, 3, 3, 3}) == 0);
    CHECK(lag_one({1, 2}) == 0);
}
