#include "memory/doubt.h"

#include "memory/slowing.h"
#include "synthetic.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

using namespace memrb;
using namespace memrb::memory;
using namespace std::chrono_literals;
using test::make_history;
using test::make_points;
using test::mib;
using test::Noise;
using test::noon;

namespace {

constexpr Bytes limit = Bytes{512} << 20U;

template <class Function>
Series series_of(Function value, double hours = 6, std::uint64_t seed = 3) {
    Series series;
    series.points = make_points({hours, 60, value}, seed);
    series.step = resolution(series.points);
    return series;
}

template <class Function>
History history_of(Function mebibytes, double hours = 6) {
    return make_history(
        make_points({hours, 60, [=](double h, Noise& n) { return (mebibytes(h) + 1.5 * n.normal()) * mib; }}, 1),
        limit);
}

Trend doubted(const History& history, const Companions& companions, std::optional<Bytes> shared = std::nullopt) {
    JudgedTrend judged = judge_course(history, noon());
    CHECK(judged.trend.verdict == Verdict::growing);
    doubt_growth(history, companions, shared, noon(), judged);
    return judged.trend;
}

double flank(double h) {
    return 250 + 80 * std::sin(2 * std::numbers::pi * (h - 3) / 24);
}

}  // namespace

TEST_CASE("page cache that grows inside the working set is no growth, as the kernel can drop it", "[doubt]") {
    const History history = history_of([](double h) { return 200 + 30 * h; });
    Companions companions;
    companions.anon = series_of([](double, Noise& n) { return (150 + n.normal()) * mib; });
    companions.file = series_of([](double h, Noise&) { return (50 + 30 * h) * mib; });
    const Trend trend = doubted(history, companions);
    CHECK(trend.verdict == Verdict::flat);
    CHECK(trend.reason.find("what grows is page cache, which the kernel can drop") == 0);
    CHECK_FALSE(trend.seconds_to_limit);
}

TEST_CASE("files in memory cannot be dropped: tmpfs that grows is growth", "[doubt]") {
    const History history = history_of([](double h) { return 200 + 30 * h; });
    Companions companions;
    companions.anon = series_of([](double, Noise& n) { return (150 + n.normal()) * mib; });
    companions.file = series_of([](double h, Noise&) { return (50 + 30 * h) * mib; });
    CHECK(doubted(history, companions, Bytes{200} << 20U).verdict == Verdict::growing);
}

TEST_CASE("memory that rises with the load has not grown by itself", "[doubt]") {
    Companions companions;
    companions.load = series_of([](double h, Noise& n) { return (flank(h) - 100) * 4096 * (1 + 0.005 * n.normal()); });
    const Trend trend = doubted(history_of(flank), companions);
    CHECK(trend.verdict == Verdict::flat);
    CHECK(trend.reason == "memory rises and falls with the load, and has not grown beyond that");
}

TEST_CASE("a load that is measured roughly explains what follows it all the same", "[doubt]") {
    // So much is lost by measuring that time explains the rise better than what was measured of the load.
    Companions companions;
    companions.load = series_of([](double h, Noise& n) { return (flank(h) - 100) * 4096 * (1 + 0.03 * n.normal()); });
    CHECK(doubted(history_of(flank), companions).verdict == Verdict::flat);
}

TEST_CASE("a load of its own does not explain a leak away", "[doubt]") {
    Companions companions;
    companions.load = series_of([](double, Noise& n) { return 4096 * (300 + 60 * n.normal()); });
    CHECK(doubted(history_of([](double h) { return 100 + 40 * h; }), companions).verdict == Verdict::growing);
}

TEST_CASE("less than a day of a container that is too old for its growth may be a day's flank", "[doubt]") {
    History history = history_of(flank);
    history.started_at = noon() - 100h;
    const Trend trend = doubted(history, {});
    CHECK(trend.verdict == Verdict::insufficient_data);
    CHECK(trend.reason.find("the container has been up for longer than that can have gone on") != std::string::npos);
    CHECK(trend.reason.find("wait about 18h more") != std::string::npos);
}

TEST_CASE("the means of a series in the time of blocks come with what measuring adds to them", "[doubt]") {
    constexpr double unit = 100 * 4096;
    const History history = history_of([](double h) { return 200 + 30 * h; });
    const Life life = life_of(history, history.lives.back(), noon());
    const BlockMeans even = mean_by_block(series_of([](double h, Noise&) { return (10 + h) * unit; }), life);
    REQUIRE(even.values.size() == life.blocks.size());
    CHECK(even.values.back() / unit == Approx(16).epsilon(0.01));
    const BlockMeans rough =
        mean_by_block(series_of([](double, Noise& n) { return (100 + 6 * n.normal()) * unit; }), life);
    // Each block has five samples, so its mean a fifth of their variance of 36.
    CHECK(rough.error / unit / unit > 6);
    CHECK(rough.error / unit / unit < 9);
    CHECK(even.error < 0.01 * rough.error);
    CHECK(mean_by_block(Series{}, life).values.empty());
}

TEST_CASE("a young container's rise in the shape of a day's wave may be one", "[doubt]") {
    // Up for an hour before, so its growth may have gone on all that time; but a parabola leaves half as much again.
    History history = make_history(
        make_points({6, 60,
                     [](double h, Noise& n) {
                         return (250 + 80 * std::sin(2 * std::numbers::pi * (h - 5.5) / 24) + 2.5 * n.normal()) * mib;
                     }},
                    1),
        limit);
    history.started_at = noon() - 7h;
    const Trend trend = doubted(history, {});
    CHECK(trend.verdict == Verdict::insufficient_data);
    CHECK(trend.reason.find("in the shape of a day's wave") != std::string::npos);
}

TEST_CASE("growth that can have gone on since the start is growth", "[doubt]") {
    History history = history_of([](double h) { return 180 + 15 * h; });
    history.started_at = noon() - 12h;  // from 90 MiB on
    CHECK(doubted(history, {}).verdict == Verdict::growing);
    history.started_at.reset();
    CHECK(doubted(history, {}).verdict == Verdict::growing);
}
