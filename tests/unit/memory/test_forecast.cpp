#include "memory/forecast.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace memrb;
using namespace memrb::memory;

TEST_CASE("the time to the limit follows from level, slope and its interval") {
    const auto time = time_to_limit({400, 50, {40, 80}, 6}, 500);
    REQUIRE(time);
    CHECK(time->low == Approx(100.0 / 80 * 3600));
    CHECK(time->mid == Approx(2 * 3600));
    CHECK(time->high == Approx(2.5 * 3600));
}

TEST_CASE("a lower slope that is not positive leaves the end open") {
    const auto time = time_to_limit({400, 50, {-5, 80}, 6}, 500);
    REQUIRE(time);
    CHECK(std::isinf(time->high));
}

TEST_CASE("no forecast beyond three times the span seen, nor without growth") {
    CHECK(time_to_limit({400, 5, {4, 6}, 7}, 500));        // 20 h of 21 h
    CHECK_FALSE(time_to_limit({400, 5, {4, 6}, 6}, 500));  // 20 h of 18 h
    CHECK(std::isinf(time_to_limit({400, 5, {4, 6}, 7}, 500)->high));
    CHECK_FALSE(time_to_limit({400, 0, {0, 0}, 6}, 500));
    CHECK_FALSE(time_to_limit({400, -5, {-6, -4}, 6}, 500));
}

TEST_CASE("at the limit there is no time left") {
    const auto time = time_to_limit({505, 50, {40, 80}, 6}, 500);
    REQUIRE(time);
    CHECK(time->low == 0);
    CHECK(time->high == 0);
}

TEST_CASE("growth that gets faster is there sooner, growth that gets slower later") {
    Course course{400, 50, {50, 50}, 60};
    course.bend = 25;  // 50 t + 25 t^2 = 100
    CHECK(time_to_limit(course, 500)->mid == Approx((std::sqrt(5.0) - 1) * 3600));
    course.bend = 0;
    course.scale = 50;  // 50 ln(1 + t) = 100
    CHECK(time_to_limit(course, 500)->mid == Approx(std::expm1(2.0) * 3600));
}

TEST_CASE("a level that is not known well widens the interval and leaves the middle") {
    Course course{400, 50, {40, 80}, 6};
    course.level_error = 20;
    const auto time = time_to_limit(course, 500);
    CHECK(time->low == Approx((100 - 32.9) / 80 * 3600));
    CHECK(time->mid == Approx(2 * 3600));
    CHECK(time->high == Approx((100 + 32.9) / 40 * 3600));
    course.level_error = 80;
    CHECK(time_to_limit(course, 500)->low == 0);
}

TEST_CASE("growth that comes to rest below the limit never reaches it") {
    const SaturationFit curve{{100, 200, 2, 0}};
    const double to_gain = 200 * std::exp(-1.5);  // after three hours: 44.6
    CHECK_FALSE(time_to_limit(curve, 3, {260, 20, {10, 30}, 3}, 305));
    const auto time = time_to_limit(curve, 3, {260, 20, {10, 30}, 3}, 300);
    REQUIRE(time);
    CHECK(time->mid == Approx(-2 * std::log(1 - 40 / to_gain) * 3600));
    CHECK(time->low == Approx(2 * 3600));
    CHECK(std::isinf(time->high));
    CHECK(time_to_limit(curve, 3, {301, 20, {10, 30}, 3}, 300)->high == 0);
}
