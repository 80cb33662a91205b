#include "memory/capacity.h"

#include "synthetic.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

using namespace memrb;
using namespace memrb::memory;
using test::make_points;
using test::mib;
using test::Noise;

namespace {

constexpr double gib = 1024 * mib;

// Requests at once, between 10 and 50 in waves of two hours.
double requests(double h) {
    return 30 + 20 * std::sin(3.14159265 * h);
}

template <class Function>
Series series_of(Function value, double step = 30, std::uint64_t seed = 3) {
    Series series;
    series.points = make_points({6, step, value}, seed);
    series.step = resolution(series.points);
    return series;
}

// Values are cut to whole pages, so the load is counted in shares of a request that are as large as one.
constexpr double request = 100 * 4096;

Series load_of(double deviation = 0) {
    return series_of([=](double h, Noise& n) { return request * (requests(h) + deviation * n.normal()); }, 60, 7);
}

Series memory_of(double growth_per_hour = 0) {
    return series_of(
        [=](double h, Noise& n) { return (256 + 50 * requests(h) + growth_per_hour * h + 5 * n.normal()) * mib; });
}

}  // namespace

TEST_CASE("what is known of base and request tells how many requests a limit carries", "[capacity]") {
    const auto model = given_capacity(256 * mib, 50 * mib);
    REQUIRE(model);
    const Capacity at_four = capacity_at(*model, 4 * gib);
    CHECK(at_four.safe == 52);      // 256 + 52 * 50 = 2856, 70 % are 2867.2
    CHECK(at_four.risky == 65);     // 256 + 64 * 50 = 3456, 85 % are 3481.6
    CHECK(at_four.critical == 73);  // 256 + 72 * 50 = 3856, 95 % are 3891.2
    CHECK(at_four.seen);
    CHECK(capacity_at(*model, 8 * gib).safe == 109);
}

TEST_CASE("exactly at a share is not above it", "[capacity]") {
    const Capacity even = capacity_at(*given_capacity(0, 1), 100);
    CHECK(even.safe == 70);
    CHECK(even.risky == 86);
    CHECK(even.critical == 96);
}

TEST_CASE("a limit that the base fills carries nothing", "[capacity]") {
    const auto model = given_capacity(256 * mib, 50 * mib);
    const Capacity none = capacity_at(*model, 260 * mib);
    CHECK(none.safe == 0);
    CHECK(none.risky == 0);
    CHECK(none.critical == 0);
    const Capacity tight = capacity_at(*model, 320 * mib);  // 256 of it are 80 %
    CHECK(tight.safe == 0);
    CHECK(tight.risky == 1);
    CHECK(tight.critical == 1);
}

TEST_CASE("values that make no sense are no model", "[capacity]") {
    CHECK_FALSE(given_capacity(256 * mib, 0));
    CHECK_FALSE(given_capacity(256 * mib, -1));
    CHECK_FALSE(given_capacity(-1, 50 * mib));
    CHECK_FALSE(given_capacity(std::numeric_limits<double>::quiet_NaN(), 50 * mib));
    CHECK_FALSE(given_capacity(0, std::numeric_limits<double>::infinity()));
    CHECK(given_capacity(0, 50 * mib));
    CHECK(capacity_at(*given_capacity(0, 1e-9), 4 * gib).safe == 1'000'000'000);
}

TEST_CASE("base and request are found in load and memory of the same time", "[capacity]") {
    const auto model = fit_capacity(memory_of(), load_of());
    REQUIRE(model);
    CHECK(model->base / mib == Approx(256).epsilon(0.05));
    CHECK(model->each * request / mib == Approx(50).epsilon(0.02));
    CHECK(model->most_seen / request == Approx(50).epsilon(0.05));
    CHECK(model->samples >= 80);
    CHECK(model->scatter < 10 * mib);
}

TEST_CASE("a load that is measured roughly still tells what a request takes", "[capacity]") {
    const auto model = fit_capacity(memory_of(), load_of(12));
    REQUIRE(model);
    CHECK(model->each * request / mib == Approx(50).epsilon(0.08));
}

TEST_CASE("what scatters needs room, and what nobody has seen is a guess", "[capacity]") {
    const CapacityModel calm{256 * mib, 50 * mib, 0, 40, 96};
    const CapacityModel wild{256 * mib, 50 * mib, 100 * mib, 40, 96};
    CHECK(capacity_at(calm, 4 * gib).safe == 52);
    CHECK(capacity_at(wild, 4 * gib).safe == 48);  // 164.5 MiB less
    CHECK(capacity_at(calm, 4 * gib).seen);
    CHECK_FALSE(capacity_at(calm, 8 * gib).seen);  // 109 of 40
}

TEST_CASE("a model that would be a guess is not made", "[capacity]") {
    CHECK_FALSE(fit_capacity(Series{}, load_of()));
    CHECK_FALSE(fit_capacity(memory_of(), Series{}));
    CHECK_FALSE(fit_capacity(memory_of(600), load_of()));  // a leak beside it
    const Series even = series_of([](double, Noise& n) { return request * (30 + 0.5 * n.normal()); }, 60);
    CHECK_FALSE(fit_capacity(memory_of(), even));
    const Series alone = series_of([](double, Noise& n) { return (800 + 5 * n.normal()) * mib; });
    CHECK_FALSE(fit_capacity(alone, load_of()));
    const Series against = series_of([](double h, Noise&) { return (3000 - 50 * requests(h)) * mib; });
    CHECK_FALSE(fit_capacity(against, load_of()));
    Series later = load_of();
    for (Point& point : later.points) {
        point.at += std::chrono::hours{7};
    }
    CHECK_FALSE(fit_capacity(memory_of(), later));
}

TEST_CASE("a few stretches that stand out do not bend the line", "[capacity]") {
    Series memory = memory_of();
    for (std::size_t i = 300; i < 330; ++i) {
        memory.points[i].value += 3000 * mib;
    }
    const auto model = fit_capacity(memory, load_of());
    REQUIRE(model);
    CHECK(model->each * request / mib == Approx(50).epsilon(0.03));
    CHECK(model->samples < 96);
}
