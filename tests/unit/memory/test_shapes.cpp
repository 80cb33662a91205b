#include "memory/shapes.h"

#include "synthetic.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace memrb::memory;
using memrb::test::mib;

namespace {

template <class Function>
std::vector<Block> blocks_of(Function low, std::size_t count = 48) {
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < count; ++i) {
        const double hours = 6.0 * static_cast<double>(i) / static_cast<double>(count - 1);
        blocks.push_back({hours, low(hours), low(hours), low(hours), 0});
    }
    return blocks;
}

}  // namespace

TEST_CASE("a line is explained by a line, and its error tells a step and a curve apart") {
    const auto line = blocks_of([](double h) { return 100 + 7 * h; });
    CHECK(fit_line(line).slope == Approx(7));
    CHECK(fit_line(line).error == Approx(0).margin(1e-6));
    CHECK(fit_step(line)->error > 1);
    CHECK(fit_constant(line) > 10 * fit_step(line)->error / 4);
}

TEST_CASE("the best step is found where it is") {
    const auto step = blocks_of([](double h) { return h < 2 ? 100.0 : 160.0; });
    const auto fit = fit_step(step);
    REQUIRE(fit);
    CHECK(fit->before == Approx(100));
    CHECK(fit->after == Approx(160));
    CHECK(fit->error == Approx(0).margin(1e-6));
    CHECK(step[fit->first_after].hours >= 2);
    CHECK(step[fit->first_after - 1].hours < 2);
    CHECK_FALSE(fit_step(blocks_of([](double) { return 1.0; }, 5)));
}

TEST_CASE("a parabola explains growth that speeds up") {
    const auto curve = blocks_of([](double h) { return 100 + 5 * h * h; });
    CHECK(fit_parabola(curve).error == Approx(0).margin(1e-6));
    CHECK(fit_line(curve).error > 100);
}

TEST_CASE("the onset of growth is found, and a single line has none") {
    const auto late = blocks_of([](double h) { return 100 + 30 * std::max(0.0, h - 4); });
    const auto onset = find_onset(late);
    REQUIRE(onset);
    CHECK(late[onset->block].hours == Approx(4).margin(0.15));
    CHECK_FALSE(find_onset(blocks_of([](double h) { return 100 + 30 * h; })));
    CHECK_FALSE(find_onset(blocks_of([](double h) { return 300 - 30 * h; })));
}

TEST_CASE("spikes are counted once each") {
    const auto points = memrb::test::make_points({1, 15,
                                                  [](double h, memrb::test::Noise& noise) {
                                                      const bool in = (h > 0.2 && h < 0.22) || (h > 0.7 && h < 0.75);
                                                      return (100 + (in ? 200 : 0) + noise.normal()) * mib;
                                                  }},
                                                 1);
    const Spikes spikes = find_spikes(points, 10 * mib);
    CHECK(spikes.count == 2);
    CHECK(spikes.height == Approx(200 * mib).epsilon(0.03));
    CHECK(spikes.share == Approx(16.0 / 241).margin(0.01));
    CHECK(find_spikes({}, 1).count == 0);
    CHECK(find_spikes(points, 1000 * mib).count == 0);
}
