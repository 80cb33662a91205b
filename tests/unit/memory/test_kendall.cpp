#include "memory/kendall.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace memrb::memory;

namespace {

std::vector<Block> lows(const std::vector<double>& values, std::size_t strand = 0) {
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < values.size(); ++i) {
        blocks.push_back({static_cast<double>(i), values[i], values[i], values[i], strand});
    }
    return blocks;
}

}  // namespace

TEST_CASE("s counts the pairs that rise less those that fall") {
    const Kendall test = mann_kendall(lows({1, 3, 2, 4}), 0);
    CHECK(test.s == 4);
    CHECK(test.pairs == 6);
    CHECK(test.variance == Approx(4 * 3 * 13 / 18.0));
    CHECK(test.z == Approx(3 / std::sqrt(4 * 3 * 13 / 18.0)));
}

TEST_CASE("ties shrink the variance, a constant has no trend") {
    // n = 4 with one pair of equals: 8.667 - 2*1*9/18.
    CHECK(mann_kendall(lows({1, 2, 2, 3}), 0).variance == Approx(4 * 3 * 13 / 18.0 - 1));
    CHECK(mann_kendall(lows({5, 5, 5, 5}), 0).z == 0);
}

TEST_CASE("autocorrelation inflates the variance, and is bounded") {
    const auto rising = lows({1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    const double plain = mann_kendall(rising, 0).variance;
    CHECK(mann_kendall(rising, 0.5).variance == Approx(3 * plain));
    CHECK(mann_kendall(rising, -0.5).variance == Approx(plain));
    CHECK(mann_kendall(rising, 5).variance == Approx(99 * plain));
}

TEST_CASE("pairs do not cross strands") {
    auto blocks = lows({1, 2, 3});
    const auto second = lows({1, 2, 3}, 1);
    blocks.insert(blocks.end(), second.begin(), second.end());
    const Kendall test = mann_kendall(blocks, 0);
    CHECK(test.s == 6);
    CHECK(test.pairs == 6);
}

TEST_CASE("no blocks, no trend") {
    CHECK(mann_kendall({}, 0).z == 0);
    CHECK(mann_kendall(lows({1}), 0).z == 0);
}
