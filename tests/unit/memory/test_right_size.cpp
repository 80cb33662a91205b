#include "memory/right_size.h"

#include "memory/trend.h"
#include "synthetic.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace memrb;
using namespace memrb::memory;
using test::hours_in;
using test::make_history;
using test::make_points;
using test::mib;
using test::Noise;
using test::noon;

namespace {

constexpr Bytes mebi = Bytes{1} << 20U;

template <class Function>
std::optional<RightSize> size_of(double hours, double step, Limit limit, Function mebibytes, bool killed = false) {
    const auto history = make_history(
        make_points({hours, step, [=](double h, Noise& noise) { return mebibytes(h, noise) * mib; }}, 1), limit);
    OomAssessment oom;
    oom.verdict = killed ? OomAssessment::Verdict::confirmed : OomAssessment::Verdict::none;
    return right_size({history, judge_trend(history, noon()), oom, noon()});
}

}  // namespace

TEST_CASE("sizes are rounded up to 16 MiB, above 1 GiB to 64 MiB") {
    CHECK(rounded_up(1) == 16 * mebi);
    CHECK(rounded_up(64 * mib) == 64 * mebi);
    CHECK(rounded_up(64 * mib + 1) == 80 * mebi);
    CHECK(rounded_up(1024 * mib) == 1024 * mebi);
    CHECK(rounded_up(1025 * mib) == 1088 * mebi);
}

TEST_CASE("a limit that fits is left alone") {
    const auto size = size_of(48, 120, Bytes{512} * mebi, [](double, Noise&) { return 300; });
    REQUIRE(size);
    CHECK(size->limit == 512 * mebi);
    CHECK(size->why == "the present limit fits: the peak was 58 % of it");
}

TEST_CASE("flat and too near the limit: p95 shall be three quarters of the new one") {
    const auto size = size_of(48, 120, Bytes{512} * mebi, [](double, Noise&) { return 480; });
    REQUIRE(size);
    CHECK(size->limit == 640 * mebi);  // 480 / 0.75
    CHECK(size->why == "peak 480 MiB, p95 480 MiB");
}

TEST_CASE("less than a day of history is given a reserve, at most half as much again") {
    const auto size = size_of(6, 60, Bytes{512} * mebi, [](double, Noise&) { return 480; });
    REQUIRE(size);
    CHECK(size->limit == 960 * mebi);  // 640 * 1.5
    CHECK(size->why == "peak 480 MiB, p95 480 MiB; with a reserve, as only 6h of history is known");
    // A limit that fits is not raised for want of history.
    CHECK(size_of(6, 60, Bytes{512} * mebi, [](double, Noise&) { return 300; })->limit == 512 * mebi);
}

TEST_CASE("after an OOM kill at least a quarter and 100 MiB more") {
    const auto size = size_of(48, 120, Bytes{512} * mebi, [](double, Noise&) { return 400; }, true);
    REQUIRE(size);
    CHECK(size->limit == 640 * mebi);  // 1.25 * 512 = 640 > 512 + 100
    CHECK(size->why == "512 MiB was not enough: OOM killed; peak 400 MiB, p95 400 MiB");
    CHECK(size_of(48, 120, Bytes{64} * mebi, [](double, Noise&) { return 50; }, true)->limit == 176 * mebi);  // 164
}

TEST_CASE("a leak gets a stop-gap for a named time, at most twice the limit") {
    const auto size = size_of(6, 15, Bytes{512} * mebi, [](double h, Noise& n) { return 100 + 30 * h + n.normal(); });
    REQUIRE(size);
    CHECK(size->limit == 528 * mebi);  // 280 + 8 * 30 = 520
    CHECK(size->why.find("a stop-gap for about 8h") == 0);
    CHECK(size->why.find("it buys time, it does not fix the growth") != std::string::npos);

    const auto fast = size_of(6, 15, Bytes{512} * mebi, [](double h, Noise& n) { return 20 + 80 * h + n.normal(); });
    CHECK(fast->limit == 1024 * mebi);  // 500 + 8 * 80 = 1140 is more than twice
    CHECK(fast->why.find("a stop-gap for about 6h") == 0);
}

TEST_CASE("a cache shall fill four fifths") {
    const auto size = size_of(30, 60, Bytes{512} * mebi,
                              [](double h, Noise& n) { return 150 + 300 * (1 - std::exp(-h / 10)) + n.normal(); });
    REQUIRE(size);
    CHECK(size->limit == 576 * mebi);  // 450 / 0.8 = 562
    CHECK(size->why.find("which should be four fifths of the limit") != std::string::npos);
}

TEST_CASE("a limit is cut only after a quiet week, and by 30 % at most") {
    const auto week = [](double hours, double mebibytes, bool killed = false) {
        return size_of(hours, 600, Bytes{2048} * mebi, [=](double, Noise&) { return mebibytes; }, killed)->limit;
    };
    CHECK(week(24 * 7, 200) == 1472 * mebi);   // 0.7 * 2048 = 1433.6
    CHECK(week(24 * 7, 1000) == 1472 * mebi);  // its own need is 1030
    CHECK(week(24 * 6.9, 200) == 2048 * mebi);
    CHECK(week(24 * 7, 1024) == 2048 * mebi);  // half of it is used
    CHECK(week(24 * 7, 200, true) > 2048 * mebi);
}

TEST_CASE("too little data: no size, unless a kill proves the limit too small") {
    CHECK_FALSE(size_of(0.4, 15, Bytes{512} * mebi, [](double, Noise&) { return 300; }));
    CHECK(size_of(
              0.4, 15, Bytes{512} * mebi, [](double, Noise&) { return 300; }, true)
              ->limit == 960 * mebi);  // 640 * 1.5
    OomAssessment oom;
    CHECK_FALSE(right_size({History{}, Trend{}, oom, noon()}));
}

TEST_CASE("without a limit a size is given all the same, by how far peaks are spread") {
    CHECK(size_of(48, 120, NoLimit{}, [](double, Noise&) { return 480; })->limit == 512 * mebi);  // 6 % more
    const auto calm = size_of(48, 120, NoLimit{}, [](double, Noise& n) { return 400 + 2 * n.normal(); });
    const auto wild = size_of(48, 120, NoLimit{}, [](double h, Noise&) {
        return 300 + (std::fmod(h, 2) < 0.2 ? 100 * std::pow(std::sin(7 * std::floor(h / 2)), 6) : 0);
    });
    CHECK(calm->limit <= 448 * mebi);
    CHECK(wild->limit >= 480 * mebi);
}

TEST_CASE("a wave has the same crest each time, so its size needs no reserve for peaks that differ") {
    const auto wave = size_of(48, 120, NoLimit{}, [](double h, Noise& n) {
        return 600 + 150 * std::sin(2 * 3.14159265 * h / 24) + 2 * n.normal();
    });
    CHECK(wave->limit <= 816 * mebi);  // the crest is 756: 6 % more
}

TEST_CASE("rare peaks of many heights get up to a third more than the highest one seen") {
    const auto size = size_of(48, 120, NoLimit{}, [](double h, Noise&) {
        return 300 + (std::fmod(h, 2) < 0.2 ? 20 * (1 + std::fmod(7 * std::floor(h / 2), 24)) : 0);
    });
    CHECK(size->limit >= 1024 * mebi);  // the highest is 780: 32 % more
    CHECK(size->limit <= 1088 * mebi);
}
