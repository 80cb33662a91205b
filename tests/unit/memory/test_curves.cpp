#include "memory/curves.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace memrb::memory;

namespace {

template <class Function>
std::vector<Block> blocks_of(Function low) {
    std::vector<Block> blocks;
    for (int i = 0; i < 60; ++i) {
        const double hours = 2 + i * 0.1;
        blocks.push_back({hours, low(hours - 2), low(hours - 2), low(hours - 2), 0});
    }
    return blocks;
}

}  // namespace

TEST_CASE("growth that comes to rest is told from growth that only gets slower") {
    const auto rests = blocks_of([](double t) { return 100 + 50 * (1 - std::exp(-t / 1.5)); });
    REQUIRE(fit_saturation(rests));
    CHECK(fit_saturation(rests)->asymptote() == Approx(150).epsilon(0.01));
    CHECK(fit_saturation(rests)->tau == Approx(1.5).epsilon(0.1));
    CHECK(fit_saturation(rests)->error < 0.1 * fit_slowing(rests)->error);

    const auto slows = blocks_of([](double t) { return 100 + 50 * std::log1p(t / 0.5); });
    REQUIRE(fit_slowing(slows));
    CHECK(fit_slowing(slows)->c == Approx(50).epsilon(0.05));
    CHECK(fit_slowing(slows)->error < 0.1 * fit_saturation(slows)->error);
}

TEST_CASE("a few blocks have no curve") {
    std::vector<Block> few = blocks_of([](double t) { return t; });
    few.resize(5);
    CHECK_FALSE(fit_saturation(few));
    CHECK_FALSE(fit_slowing(few));
}
