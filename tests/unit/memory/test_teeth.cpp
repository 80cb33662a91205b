#include "memory/teeth.h"

#include "synthetic.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace memrb;
using namespace memrb::memory;
using test::mib;

namespace {

// Teeth of `minutes` each whose height is `height(number of the tooth)`.
template <class Height>
std::vector<Point> saw(int count, double minutes, Height height) {
    return test::make_points({count * minutes / 60, 15,
                              [=](double h, test::Noise& noise) {
                                  const double tooth = std::floor(h * 60 / minutes);
                                  const double part = h * 60 / minutes - tooth;
                                  return (100 + height(tooth) * part + 2 * noise.normal()) * mib;
                              }},
                             7);
}

std::vector<Segment> teeth_of(const std::vector<Point>& points, std::size_t each) {
    std::vector<Segment> segments;
    for (std::size_t from = 0; from < points.size(); from += each) {
        segments.push_back({from, std::min(from + each, points.size()), from > 0});
    }
    return segments;
}

}  // namespace

TEST_CASE("equal rises are alike, and their slope is that within the rises") {
    const auto points = saw(6, 20, [](double) { return 200; });
    const Teeth teeth = measure_teeth(points, teeth_of(points, 80), 10 * mib);
    CHECK(teeth.rising);
    CHECK(teeth.alike == true);
    CHECK(teeth.count == 6);  // the lone last sample is no tooth
    CHECK(teeth.slope / mib == Approx(600).epsilon(0.03));
    CHECK(teeth.interval[0] < teeth.slope);
    CHECK(teeth.interval[1] > teeth.slope);
}

TEST_CASE("rises of very different slopes are not alike") {
    const auto points = saw(6, 20, [](double tooth) { return std::fmod(tooth, 2) == 0 ? 40 : 380; });
    const Teeth teeth = measure_teeth(points, teeth_of(points, 80), 10 * mib);
    CHECK(teeth.rising);
    CHECK(teeth.alike == false);
}

TEST_CASE("level parts do not rise, and small rises do not matter") {
    const auto level = saw(6, 20, [](double) { return 0; });
    CHECK_FALSE(measure_teeth(level, teeth_of(level, 80), 10 * mib).rising);
    const auto small = saw(6, 20, [](double) { return 30; });
    CHECK(measure_teeth(small, teeth_of(small, 80), 10 * mib).rising);
    CHECK_FALSE(measure_teeth(small, teeth_of(small, 80), 50 * mib).rising);
}

TEST_CASE("jobs that take memory at once and hold it do not rise") {
    const auto points = test::make_points({6, 15,
                                           [](double h, test::Noise& noise) {
                                               const double part = h - std::floor(h);
                                               return (100 + (part > 0.7 ? 200 : 0) + noise.normal()) * mib;
                                           }},
                                          7);
    CHECK_FALSE(measure_teeth(points, teeth_of(points, 240), 10 * mib).rising);
}

TEST_CASE("one rise cannot be compared, a present one that has lasted counts") {
    const auto points = saw(3, 20, [](double) { return 200; });
    const std::vector<Segment> two{{80, 160, true}, {160, 240, true}};
    CHECK(measure_teeth(points, two, 10 * mib).alike == std::optional(true));
    const std::vector<Segment> one{{80, 160, true}};
    CHECK_FALSE(measure_teeth(points, one, 10 * mib).alike);
    const std::vector<Segment> barely_begun{{80, 160, true}, {160, 180, true}};
    CHECK_FALSE(measure_teeth(points, barely_begun, 10 * mib).alike);
    CHECK(measure_teeth(points, {}, 10 * mib).count == 0);
}
