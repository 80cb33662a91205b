// What must not be called growth, many times over: published leak detectors alarm on a third to all of these.
#include "memory/trend.h"

#include "synthetic.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

using namespace memrb;
using namespace memrb::memory;
using test::mib;
using test::Noise;

namespace {

constexpr Bytes limit = Bytes{512} << 20U;
constexpr std::uint64_t seeds = 60;

// How many of 60 seeds are called growing. `mebibytes(hours, phase, noise)`; the phase is 0..1 by seed.
template <class Function>
int alarms(double hours, double step, Function mebibytes) {
    int count = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const double phase = Noise(seed + 1000).uniform();
        const auto points = test::make_points(
            {hours, step, [=](double h, Noise& noise) { return mebibytes(h, phase, noise) * mib; }}, seed);
        const Verdict verdict = judge_trend(test::make_history(points, limit), test::noon()).verdict;
        count += verdict == Verdict::growing ? 1 : 0;
    }
    return count;
}

}  // namespace

TEST_CASE("white and autocorrelated noise is no growth", "[trend][false-alarms]") {
    for (const double rho : {0.0, 0.5, 0.9, 0.95, 0.99, 0.997}) {
        CAPTURE(rho);
        CHECK(alarms(6, 15, [=](double, double, Noise& noise) { return 200 + 20 * noise.ar1(rho); }) == 0);
    }
    CHECK(alarms(6, 60, [](double, double, Noise& noise) { return 200 + 20 * noise.ar1(0.9); }) == 0);
}

TEST_CASE("noise with a memory of hours seldom fools the gates", "[trend][false-alarms]") {
    CHECK(alarms(6, 60, [](double, double, Noise& noise) { return 200 + 20 * noise.ar1(0.99); }) <= 2);
    CHECK(alarms(6, 60, [](double, double, Noise& noise) { return 200 + 20 * noise.ar1(0.997); }) <= 2);
}

TEST_CASE("a step is no growth, wherever it lies", "[trend][false-alarms]") {
    CHECK(alarms(6, 15, [](double h, double phase, Noise& noise) {
              return (h < 0.5 + 5 * phase ? 200 : 260) + 3 * noise.ar1(0.9);
          }) == 0);
    CHECK(alarms(6, 60, [](double h, double phase, Noise& noise) {
              return (h < 0.5 + 5 * phase ? 200 : 230) + 5 * noise.ar1(0.95);
          }) == 0);
}

TEST_CASE("warm-up is no growth, however long it takes", "[trend][false-alarms]") {
    for (const double tau : {0.1, 0.3, 0.6, 1.0, 1.5, 2.0, 3.0}) {
        CAPTURE(tau);
        CHECK(alarms(6, 15, [=](double h, double, Noise& noise) {
                  return 150 + 150 * (1 - std::exp(-h / tau)) + 3 * noise.ar1(0.9);
              }) == 0);
    }
}

TEST_CASE("the wave of a day is no growth once a whole day is seen", "[trend][false-alarms]") {
    for (const double hours : {24.0, 48.0, 72.0}) {
        CAPTURE(hours);
        CHECK(alarms(hours, 120, [](double h, double phase, Noise& noise) {
                  return 250 + 60 * std::sin(2 * std::numbers::pi * (h / 24 + phase)) + 5 * noise.ar1(0.9);
              }) == 0);
    }
}

TEST_CASE("collected garbage, jobs and peaks are no growth", "[trend][false-alarms]") {
    const auto part = [](double h, double period, double phase) {
        const double place = h / period + phase;
        return place - std::floor(place);
    };
    for (const double period : {0.1, 0.33, 1.0, 2.0}) {
        CAPTURE(period);
        CHECK(alarms(6, 15, [=](double h, double phase, Noise& noise) {
                  return 100 + 200 * part(h, period, phase) + 3 * noise.normal();
              }) == 0);
    }
    CHECK(alarms(6, 15, [=](double h, double phase, Noise& noise) {
              return 150 + (part(h, 1, phase) < 0.3 ? 150 : 0) + 3 * noise.normal();
          }) == 0);
    CHECK(alarms(6, 15, [=](double h, double phase, Noise& noise) {
              return 150 + (part(h, 0.7, phase) < 0.03 ? 250 : 0) + 3 * noise.normal();
          }) == 0);
}

TEST_CASE("the same gates let leaks through", "[trend]") {
    for (const double rate : {4.0, 10.0, 25.0, 60.0}) {
        CAPTURE(rate);
        CHECK(alarms(6, 15, [=](double h, double, Noise& noise) { return 100 + rate * h + 2 * noise.normal(); }) ==
              seeds);
    }
    CHECK(alarms(6, 15, [](double h, double, Noise& noise) { return 100 + 25 * h + 5 * noise.ar1(0.9); }) == seeds);
}
