#include "memory/features.h"

#include "memory/trend.h"
#include "synthetic.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace memrb;
using namespace memrb::memory;
using namespace std::chrono_literals;
using test::hours_in;
using test::make_history;
using test::make_points;
using test::mib;
using test::Noise;
using test::noon;

namespace {

constexpr Bytes limit = Bytes{512} << 20U;

template <class Function>
Series series_of(Function value, double hours = 6, double step = 15, std::uint64_t seed = 3) {
    Series series;
    series.points = make_points({hours, step, value}, seed);
    series.step = resolution(series.points);
    return series;
}

// Load that is high in the middle third; memory that follows and keeps `kept` of what it gained.
struct Episode {
    Series memory, load;
};
Episode episode(double kept) {
    const auto busy = [](double h) { return h > 2 && h < 4; };
    return {series_of([=](double h, Noise& n) {
                return (100 + (busy(h) ? 100 : h >= 4 ? 100 * kept : 0) + n.normal()) * mib;
            }),
            series_of([=](double h, Noise& n) { return (busy(h) ? 200 : 20) * 4096 + 4096 * n.uniform(); }, 6, 30)};
}

Features features_of(const History& history, const Companions& companions = {}) {
    return find_features(history, companions, judge_course(history, noon()));
}

// Lives of `period` hours; `mebibytes(hours since start)`.
template <class Function>
History lives(double hours, double period, Function mebibytes) {
    std::vector<Timestamp> starts;
    for (double start = period; start < hours; start += period) {
        starts.push_back(hours_in(start, hours));
    }
    return make_history(make_points({hours, 15,
                                     [=](double h, Noise& noise) {
                                         return (mebibytes(h - std::floor(h / period) * period) + 2 * noise.normal()) *
                                                mib;
                                     }},
                                    1),
                        limit, starts);
}

}  // namespace

TEST_CASE("memory that follows the load is coupled to it, other memory is not", "[features]") {
    const Episode follows = episode(0);
    const auto rho = load_correlation(follows.memory, follows.load);
    REQUIRE(rho);
    CHECK(*rho > 0.7);
    const Series apart = series_of([](double, Noise& n) { return (100 + 10 * n.normal()) * mib; });
    CHECK(std::abs(*load_correlation(apart, follows.load)) < 0.2);
}

TEST_CASE("a coupling needs twelve pairs and a load that varies", "[features]") {
    const Series memory = series_of([](double h, Noise&) { return (100 + 10 * h) * mib; });
    const Series constant = series_of([](double, Noise&) { return 8192; });
    CHECK_FALSE(load_correlation(memory, constant));
    CHECK_FALSE(load_correlation(memory, Series{}));
    const Series rising = series_of([](double h, Noise&) { return h * 240 * 4096; });
    Series few = rising;
    few.points.resize(11);
    CHECK_FALSE(load_correlation(memory, few));
    few = rising;
    few.points.resize(12);
    CHECK(load_correlation(memory, few) == Approx(1));
}

TEST_CASE("retention is what stays after the load went away", "[features]") {
    for (const double kept : {0.0, 0.5, 1.0}) {
        const Episode one = episode(kept);
        const auto share = retention(one.memory, one.load);
        REQUIRE(share);
        CHECK(*share == Approx(kept).margin(0.04));
    }
}

TEST_CASE("no retention without an end of the load, without memory gained, or without load", "[features]") {
    const Episode one = episode(0.5);
    const Series rising = series_of([](double h, Noise&) { return h < 3 ? 40960 : 819200; });
    CHECK_FALSE(retention(one.memory, rising));
    const Series level = series_of([](double, Noise& n) { return (100 + n.normal()) * mib; });
    CHECK_FALSE(retention(level, one.load));
    CHECK_FALSE(retention(one.memory, Series{}));
}

TEST_CASE("what grows in quiet times as well is not kept from the load", "[features]") {
    const Series steady = series_of([](double h, Noise& n) { return (100 + 30 * h + n.normal()) * mib; });
    CHECK_FALSE(retention(steady, episode(0).load));
}

// A wave of 20 minutes; the load is a mean over five, so memory rises again before the load is seen to.
TEST_CASE("memory that was given back and rises with the next load was kept by none", "[features]") {
    const auto wave = [](double hours) { return 0.5 + 0.5 * std::sin(6.283185307 * hours * 3); };
    const double hours = 2.0 / 3;
    const Series memory = series_of([&](double h, Noise&) { return (20 + 95 * wave(h - 1.0 / 60)) * mib; }, hours, 10);
    const Series load = series_of([&](double h, Noise&) { return 40960 * wave(h - 2.5 / 60); }, hours);
    const auto share = retention(memory, load);
    REQUIRE(share);
    CHECK(*share <= 0.1);
}

TEST_CASE("growth slows down over time and over the requests served", "[features]") {
    const auto slows = [](auto mebibytes, const Companions& companions) {
        return features_of(
                   make_history(
                       make_points({6, 15, [=](double h, Noise& n) { return (mebibytes(h) + n.normal()) * mib; }}, 1),
                       limit),
                   companions)
            .growth_slows;
    };
    CHECK(slows([](double h) { return 100 + 60 * std::pow(h + 0.3, 0.6); }, {}) == true);
    CHECK(slows([](double h) { return 100 + 30 * h; }, {}) == false);
    CHECK_FALSE(slows([](double) { return 200; }, {}));
    // Requests get fewer towards the evening, and each leaves as much behind: slower over time, not over requests.
    Companions companions;
    companions.load = series_of([](double h, Noise&) { return 4096 * (200 - 28 * h); });
    CHECK(slows([](double h) { return 100 + 0.25 * (200 * h - 14 * h * h); }, companions) == false);
}

TEST_CASE("growth is shared out between heap and page cache", "[features]") {
    const History history =
        make_history(make_points({6, 15, [](double h, Noise&) { return (100 + 30 * h) * mib; }}, 1), limit);
    Companions companions;
    companions.anon = series_of([](double h, Noise&) { return (80 + 27 * h) * mib; });
    companions.file = series_of([](double h, Noise&) { return (40 + 3 * h) * mib; });
    const Features heap = features_of(history, companions);
    CHECK(*heap.anon_share_of_growth == Approx(0.9).margin(0.01));
    CHECK(*heap.file_share_of_growth == Approx(0.1).margin(0.01));

    companions.file = Series{};
    CHECK(*features_of(history, companions).anon_share_of_growth == Approx(0.9).margin(0.01));
    CHECK_FALSE(features_of(history, companions).file_share_of_growth);
    CHECK_FALSE(features_of(history).anon_share_of_growth);
}

TEST_CASE("page cache that grows outside the working set is growth of the cache", "[features]") {
    const History history = make_history(make_points({6, 15, [](double, Noise&) { return 100 * mib; }}, 1), limit);
    Companions companions;
    companions.usage = series_of([](double h, Noise&) { return (150 + 40 * h) * mib; });
    companions.anon = series_of([](double, Noise&) { return 90 * mib; });
    companions.file = series_of([](double h, Noise&) { return (60 + 40 * h) * mib; });
    CHECK(*features_of(history, companions).file_share_of_growth == Approx(1).margin(0.01));
    CHECK(*features_of(history, companions).anon_share_of_growth == Approx(0).margin(0.01));
}

TEST_CASE("what does not grow has no shares", "[features]") {
    const History history = make_history(make_points({6, 15, [](double, Noise&) { return 100 * mib; }}, 1), limit);
    Companions companions;
    companions.anon = series_of([](double, Noise&) { return 90 * mib; });
    CHECK_FALSE(features_of(history, companions).anon_share_of_growth);
}

TEST_CASE("the p95 of the present life is set against the limit", "[features]") {
    const History history = make_history(
        make_points({6, 15, [](double h, Noise&) { return (h < 5 ? 500 : 256) * mib; }}, 1), limit, {hours_in(5, 6)});
    CHECK(*features_of(history).p95_to_limit == Approx(0.5));
    CHECK_FALSE(features_of(make_history(history.memory.points, NoLimit{})).p95_to_limit);
}

TEST_CASE("a peak soon after each start", "[features]") {
    CHECK(features_of(lives(6, 1, [](double t) {
              return t < 0.04 ? 150 + 300 * t / 0.04 : 470;
          })).peak_soon_after_start == true);
    CHECK(features_of(lives(6, 1, [](double t) { return 100 + 370 * t; })).peak_soon_after_start == false);
    CHECK_FALSE(features_of(lives(6, 7, [](double) { return 100; })).peak_soon_after_start);
}

TEST_CASE("the same base and slope after each restart", "[features]") {
    CHECK(features_of(lives(6, 0.5, [](double t) { return 100 + 600 * t; })).sawtooth_same_slope == true);
    CHECK(features_of(lives(6, 0.5, [](double) { return 100; })).sawtooth_same_slope == false);
    CHECK_FALSE(features_of(lives(6, 7, [](double t) { return 100 + 20 * t; })).sawtooth_same_slope);
    // Falls without a restart are garbage that was collected.
    CHECK_FALSE(
        features_of(make_history(make_points({6, 15,
                                              [](double h, Noise& n) {
                                                  return (100 + 600 * (h - std::floor(h * 2) / 2) + n.normal()) * mib;
                                              }},
                                             1),
                                 limit))
            .sawtooth_same_slope);
}

TEST_CASE("descriptors that grow are told apart from a pool that breathes", "[features]") {
    const History history = make_history(make_points({6, 15, [](double, Noise&) { return 100 * mib; }}, 1), limit);
    Companions companions;
    companions.descriptors = series_of([](double h, Noise&) { return 4096 * std::floor(50 + 40 * h); });
    CHECK(features_of(history, companions).descriptors_grow == true);
    companions.descriptors = series_of([](double, Noise& n) { return 4096 * std::floor(50 + 20 * n.uniform()); });
    CHECK(features_of(history, companions).descriptors_grow == false);
    companions.descriptors = Series{};
    CHECK_FALSE(features_of(history, companions).descriptors_grow);
}

TEST_CASE("growth that began with another image", "[features]") {
    const auto revised = [](double before, double onset) {
        auto history = make_history(make_points({8, 15,
                                                 [=](double h, Noise& n) {
                                                     const double since = h < 4 ? 0 : std::max(0.0, h - 4 - onset);
                                                     const double old = h < 4 ? before * h : 0;
                                                     return (150 + old + 40 * since + 2 * n.normal()) * mib;
                                                 }},
                                                1),
                                    limit, {hours_in(4, 8)});
        history.cuts[0].reason = CutReason::revision;
        return minutes_after_change(history, judge_trend(history, noon()));
    };
    CHECK(revised(0, 0) == 0);
    REQUIRE(revised(0, 1));
    CHECK(*revised(0, 1) == Approx(60).margin(10));
    CHECK_FALSE(revised(40, 0));  // it grew before already
}
