#include "memory/segments.h"

#include "synthetic.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::memory;
using namespace std::chrono_literals;
using test::hours_in;
using test::mib;

namespace {

Series series_of(std::vector<Point> points) {
    Series series;
    series.points = std::move(points);
    series.step = resolution(series.points);
    return series;
}

std::vector<Point> saw(double hours, double period, std::uint64_t seed = 1) {
    return test::make_points({hours, 15,
                              [=](double h, test::Noise& noise) {
                                  const double part = h / period - std::floor(h / period);
                                  return (100 + 300 * part + 2 * noise.normal()) * mib;
                              }},
                             seed);
}

std::vector<Cut> cuts_of(const Series& memory, const Series& start_time, const Series& restarts,
                         const std::vector<Timestamp>& starts = {}) {
    return find_cuts({memory, start_time, restarts, LimitHistory{}, starts});
}

const Series none;

}  // namespace

TEST_CASE("several reports of one restart are one cut") {
    Series memory = series_of(saw(2, 1));
    memory.successions.push_back({hours_in(1, 2) + 10s, false});
    const Series started = series_of({{hours_in(0.5, 2), to_unix_seconds(hours_in(-9, 2))},
                                      {hours_in(1, 2) + 15s, to_unix_seconds(hours_in(1, 2))}});
    const Series counter = series_of({{hours_in(0.9, 2), 3}, {hours_in(1, 2) + 15s, 4}});
    const auto cuts = cuts_of(memory, started, counter, {hours_in(1, 2)});
    REQUIRE(cuts.size() == 1);
    CHECK(cuts[0].at == hours_in(1, 2));
    CHECK(cuts[0].reason == CutReason::restart);
}

TEST_CASE("a new image outweighs the restart that comes with it, and a restart outweighs a limit") {
    Series memory = series_of(saw(2, 1));
    memory.successions.push_back({hours_in(1, 2) + 5s, true});
    LimitHistory limit;
    limit.set_from(hours_in(0, 2), Bytes{1});
    limit.set_from(hours_in(1, 2) + 6s, Bytes{2});
    limit.set_from(hours_in(1.5, 2), Bytes{3});
    const auto cuts = find_cuts({memory, none, none, limit, {hours_in(1, 2)}});
    REQUIRE(cuts.size() == 2);
    CHECK(cuts[0].reason == CutReason::revision);
    CHECK(cuts[1].reason == CutReason::limit);
}

TEST_CASE("a start time that jitters, and starts outside the series, are no cuts") {
    const Series memory = series_of(saw(2, 1));
    const Series started =
        series_of({{hours_in(0.5, 2), 1000.0}, {hours_in(0.6, 2), 1001.5}, {hours_in(0.7, 2), 1000.2}});
    CHECK(cuts_of(memory, started, none, {hours_in(-3, 2), hours_in(3, 2)}).empty());
}

TEST_CASE("a counter that is reset is no restart, one that rises is") {
    const Series memory = series_of(saw(2, 1));
    const Series counter = series_of({{hours_in(0.4, 2), 7}, {hours_in(0.5, 2), 0}, {hours_in(1.2, 2), 1}});
    const auto cuts = cuts_of(memory, none, counter);
    REQUIRE(cuts.size() == 1);
    CHECK(cuts[0].at == hours_in(1.2, 2));
}

TEST_CASE("falls back to the start level are drops") {
    const auto points = saw(4, 1);
    const auto drops = find_drops(points, {{0, points.size(), false}});
    REQUIRE(drops.size() == 4);  // the last one with the last sample, which lies on the hour
    CHECK(drops[0].at == hours_in(1, 4));
    CHECK(drops[2].at == hours_in(3, 4));
}

TEST_CASE("spikes and steps down are no drops") {
    const auto spikes = test::make_points({4, 15,
                                           [](double h, test::Noise& noise) {
                                               const double part = h * 4 - std::floor(h * 4);
                                               return (100 + (part < 0.04 ? 300 : 0) + noise.normal()) * mib;
                                           }},
                                          1);
    CHECK(find_drops(spikes, {{0, spikes.size(), false}}).empty());
    const auto step = test::make_points(
        {4, 15, [](double h, test::Noise& noise) { return ((h < 2 ? 400 : 200) + noise.normal()) * mib; }}, 1);
    CHECK(find_drops(step, {{0, step.size(), false}}).empty());
}

TEST_CASE("segments lie between the named cuts and know whether they begin with a start") {
    const auto points = saw(4, 1);
    const std::vector<Cut> cuts{{hours_in(1, 4), CutReason::restart}, {hours_in(2, 4), CutReason::limit}};
    const auto lives = split(points, cuts, {CutReason::restart});
    REQUIRE(lives.size() == 2);
    CHECK_FALSE(lives[0].after_start);
    CHECK(lives[1].after_start);
    CHECK(lives[0].end == 240);
    CHECK(lives[1].begin == 240);
    CHECK(lives[1].end == points.size());
    CHECK(split(points, cuts, {CutReason::restart, CutReason::limit}).size() == 3);
    CHECK(split({}, cuts, {CutReason::restart}).empty());
}

TEST_CASE("a start is not lost when no sample lies between it and the next cut") {
    const auto points = saw(4, 1);
    const std::vector<Cut> cuts{{hours_in(1, 4) + 1s, CutReason::restart}, {hours_in(1, 4) + 2s, CutReason::limit}};
    const auto parts = split(points, cuts, {CutReason::restart, CutReason::limit});
    REQUIRE(parts.size() == 2);
    CHECK(parts[1].after_start);
}

TEST_CASE("warm-up is five minutes after a start, but at most a fifth") {
    const auto points = saw(4, 4);
    const auto first_at = [&](Segment segment) { return points[without_warm_up(points, segment).begin].at; };
    CHECK(first_at({0, points.size(), true}) == points[0].at + 5min);
    CHECK(first_at({0, 41, true}) == points[0].at + 2min);  // ten minutes long
    CHECK(first_at({0, points.size(), false}) == points[0].at);
}
