#include "memory/regression.h"

#include "synthetic.h"

#include <catch2/catch.hpp>

using namespace memrb::memory;
using memrb::test::Noise;

namespace {

struct Pairs {
    std::vector<double> x;
    std::vector<double> y;
};

// y = 3 + 2 x, x from 0 to 10, measured with that standard deviation.
Pairs measured(double deviation) {
    Noise noise(5);
    Pairs pairs;
    for (int i = 0; i <= 1000; ++i) {
        const double x = i / 100.0;
        pairs.x.push_back(x + deviation * noise.normal());
        pairs.y.push_back(3 + 2 * x);
    }
    return pairs;
}

}  // namespace

TEST_CASE("a line is found, and what it leaves is summed up as squares", "[regression]") {
    const Line line = regress({0, 1, 2, 3}, {1, 3, 5, 7});
    CHECK(line.offset == Approx(1));
    CHECK(line.slope == Approx(2));
    CHECK(line.error == Approx(0).margin(1e-12));
    CHECK(regress({0, 1, 2, 3}, {1, 2, 2, 1}).error == Approx(1));
    CHECK(regress({4, 4}, {1, 3}).slope == 0);  // x does not vary
}

TEST_CASE("errors of x flatten a line and hide what x explains, and knowing them gives both back", "[regression]") {
    const auto [x, y] = measured(2);
    const Line flattened = regress(x, y);
    CHECK(flattened.slope < 1.5);
    CHECK(flattened.error > 8000);
    const Line known = regress_measured(x, y, 4);
    CHECK(known.slope == Approx(2).epsilon(0.05));
    CHECK(known.error < 0.2 * flattened.error);
}

TEST_CASE("an x that is mostly error is not trusted to explain anything", "[regression]") {
    const auto [x, y] = measured(4);
    const Line line = regress_measured(x, y, 16);
    CHECK(line.slope == regress(x, y).slope);
    CHECK(line.error == regress(x, y).error);
}
