#include "memory/theil_sen.h"

#include <catch2/catch.hpp>

using namespace memrb::memory;

namespace {

std::vector<Block> lows(const std::vector<double>& values, std::size_t strand = 0, double from = 0) {
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < values.size(); ++i) {
        blocks.push_back({from + static_cast<double>(i), values[i], values[i], values[i], strand});
    }
    return blocks;
}

}  // namespace

TEST_CASE("the median of pair slopes is not moved by one wild value") {
    const TheilSen fit = theil_sen(lows({0, 2, 4, 6, 1000, 10, 12, 14}));
    CHECK(fit.slope == 2);
    CHECK(fit.slopes.size() == 28);
    CHECK(fit.residuals[4] == 992);
    CHECK(fit.residuals[0] == 0);
}

TEST_CASE("a fall between two strands does not count") {
    auto blocks = lows({0, 3, 6, 9});
    const auto second = lows({0, 3, 6, 9}, 1, 4);
    blocks.insert(blocks.end(), second.begin(), second.end());
    CHECK(theil_sen(blocks).slope == 3);
    CHECK(slope_of(blocks) == 3);
}

TEST_CASE("the interval holds the slope and widens with the variance") {
    TheilSen fit = theil_sen(lows({0, 2.2, 3.9, 6.1, 7.8, 10.3, 11.9, 14.2}));
    const auto narrow = slope_interval90(fit, 10);
    const auto wide = slope_interval90(fit, 200);
    CHECK(narrow[0] <= fit.slope);
    CHECK(narrow[1] >= fit.slope);
    CHECK(wide[0] < narrow[0]);
    CHECK(wide[1] > narrow[1]);
    const auto all = slope_interval90(fit, 1e12);
    CHECK(all[0] == Approx(*std::min_element(fit.slopes.begin(), fit.slopes.end())));
    CHECK(all[1] == Approx(*std::max_element(fit.slopes.begin(), fit.slopes.end())));
}

TEST_CASE("fewer than two blocks have no slope") {
    TheilSen fit = theil_sen(lows({5}));
    CHECK(fit.slope == 0);
    CHECK(slope_interval90(fit, 1) == std::array<double, 2>{0, 0});
    CHECK(slope_of({}) == 0);
}
