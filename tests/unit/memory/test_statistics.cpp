#include "memory/statistics.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace memrb::memory;

TEST_CASE("quantiles interpolate between neighbours and do not need sorted values") {
    CHECK(quantile({4, 1, 3, 2}, 0) == 1);
    CHECK(quantile({4, 1, 3, 2}, 1) == 4);
    CHECK(quantile({4, 1, 3, 2}, 0.5) == 2.5);
    CHECK(quantile({40, 10, 30, 20, 50}, 0.1) == Approx(14));
    CHECK(median({7}) == 7);
    CHECK(std::isnan(median({})));
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
