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
Trend judge(double hours, double step, Function mebibytes, std::uint64_t seed = 1) {
    const auto history = make_history(
        make_points({hours, step, [=](double h, Noise& noise) { return mebibytes(h, noise) * mib; }}, seed), limit);
    return judge_trend(history, noon());
}

double part_of(double hours, double period) {
    return hours / period - std::floor(hours / period);
}

// A leak of `height` MiB in each life of `period` hours; with the restarts reported.
History restarted(double hours, double period, double height, double step = 15) {
    std::vector<Timestamp> starts;
    for (double start = period; start < hours; start += period) {
        starts.push_back(hours_in(start, hours));
    }
    return make_history(make_points({hours, step,
                                     [=](double h, Noise& noise) {
                                         return (60 + height * part_of(h, period) + 2 * noise.normal()) * mib;
                                     }},
                                    1),
                        limit, starts);
}

}  // namespace

TEST_CASE("a steady leak grows, with its slope, interval and time to the limit", "[trend]") {
    const Trend trend = judge(6, 15, [](double h, Noise& noise) { return 100 + 60 * h + 2 * noise.normal(); });
    CHECK(trend.verdict == Verdict::growing);
    CHECK(trend.reason == "memory grows steadily (+60 MiB/h) over 6h and is not given back");
    REQUIRE(trend.slope_bytes_per_hour);
    CHECK(*trend.slope_bytes_per_hour / mib == Approx(60).epsilon(0.01));
    CHECK((*trend.slope_ci90)[0] <= *trend.slope_bytes_per_hour);
    CHECK((*trend.slope_ci90)[1] >= *trend.slope_bytes_per_hour);
    REQUIRE(trend.seconds_to_limit);
    CHECK(trend.seconds_to_limit->mid == Approx((512 - 460) / 60.0 * 3600).epsilon(0.06));
    CHECK(trend.seconds_to_limit->low <= trend.seconds_to_limit->mid);
    CHECK(trend.seconds_to_limit->high >= trend.seconds_to_limit->mid);
    CHECK(trend.samples == 1441);
    CHECK(trend.span == 6h);
    CHECK(trend.restarts_seen == 0);
}

TEST_CASE("a leak without a limit grows too, and has no time to it", "[trend]") {
    auto history =
        make_history(make_points({6, 15, [](double h, Noise&) { return (100 + 60 * h) * mib; }}, 1), NoLimit{});
    const Trend trend = judge_trend(history, noon());
    CHECK(trend.verdict == Verdict::growing);
    CHECK_FALSE(trend.seconds_to_limit);
}

TEST_CASE("a leak that speeds up, one of a minute's step and one under a saw are growth", "[trend]") {
    CHECK(judge(6, 15, [](double h, Noise& n) { return 100 + 5 * h * h + 2 * n.normal(); }).verdict ==
          Verdict::growing);
    CHECK(judge(6, 60, [](double h, Noise& n) { return 100 + 25 * h + 5 * n.ar1(0.9); }).verdict == Verdict::growing);
    CHECK(judge(6, 15, [](double h, Noise& n) {
              return 100 + 20 * h + 30 * part_of(h, 1.0 / 6) + 2 * n.normal();
          }).verdict == Verdict::growing);
}

TEST_CASE("a leak that began midway is growth since then", "[trend]") {
    const Trend trend =
        judge(6, 15, [](double h, Noise& n) { return 150 + 30 * std::max(0.0, h - 3) + 3 * n.ar1(0.9); });
    CHECK(trend.verdict == Verdict::growing);
    CHECK(*trend.slope_bytes_per_hour / mib == Approx(30).epsilon(0.05));
    CHECK(trend.reason.find("; it began at about 2026-11-21T0") != std::string::npos);
    CHECK(trend.span < 3h + 15min);
}

TEST_CASE("flat, falling, step and spiky have their own words", "[trend]") {
    const Trend flat = judge(6, 15, [](double, Noise& n) { return 200 + 3 * n.normal(); });
    CHECK(flat.verdict == Verdict::flat);
    CHECK(flat.reason == "no growth beyond the usual ups and downs over 6h");
    CHECK_FALSE(flat.seconds_to_limit);

    const Trend falling = judge(6, 15, [](double h, Noise& n) { return 300 - 20 * h + 3 * n.normal(); });
    CHECK(falling.verdict == Verdict::falling);
    CHECK(falling.reason == "memory falls (-20 MiB/h) over 6h");

    const Trend step = judge(6, 15, [](double h, Noise& n) { return (h < 3 ? 200 : 260) + n.normal(); });
    CHECK(step.verdict == Verdict::step);
    CHECK(step.reason.find("and has stayed there") != std::string::npos);

    const Trend spiky =
        judge(6, 15, [](double h, Noise& n) { return 150 + (part_of(h, 1) < 0.02 ? 200 : 0) + n.normal(); });
    CHECK(spiky.verdict == Verdict::spiky);
    CHECK(spiky.reason.find("short peaks of up to 20") != std::string::npos);
}

TEST_CASE("a constant to the byte is flat", "[trend]") {
    const Trend trend = judge(6, 15, [](double, Noise&) { return 200; });
    CHECK(trend.verdict == Verdict::flat);
    CHECK(*trend.slope_bytes_per_hour == 0);
}

TEST_CASE("growth that comes to rest saturates, with its end, the limit beyond it is not reached", "[trend]") {
    const Trend trend =
        judge(6, 15, [](double h, Noise& n) { return 150 + 150 * (1 - std::exp(-h / 2)) + 2 * n.normal(); });
    CHECK(trend.verdict == Verdict::saturating);
    REQUIRE(trend.asymptote_bytes);
    CHECK(*trend.asymptote_bytes / mib == Approx(300).epsilon(0.04));
    CHECK_FALSE(trend.seconds_to_limit);
    CHECK(trend.reason.find("growth slows down and heads for about 30") == 0);

    const Trend above =
        judge(6, 15, [](double h, Noise& n) { return 150 + 400 * (1 - std::exp(-h / 3)) + 2 * n.normal(); });
    CHECK(above.verdict == Verdict::saturating);
    REQUIRE(above.seconds_to_limit);
    CHECK(above.seconds_to_limit->mid > 0);
}

TEST_CASE("a saw without restarts is a saw", "[trend]") {
    const Trend trend =
        judge(6, 15, [](double h, Noise& n) { return 100 + 200 * part_of(h, 1.0 / 3) + 3 * n.normal(); });
    CHECK(trend.verdict == Verdict::sawtooth);
    CHECK(trend.reason.find("falls back 18 times, without a restart being reported") != std::string::npos);
    CHECK_FALSE(trend.seconds_to_limit);
}

TEST_CASE("a restart that nothing reports divides the series at its fall", "[trend]") {
    const Trend trend = judge(6, 15, [](double h, Noise& n) { return 100 + 60 * std::fmod(h, 3.2) + 2 * n.normal(); });
    CHECK(trend.verdict == Verdict::growing);
    CHECK(*trend.slope_bytes_per_hour / mib == Approx(60).epsilon(0.02));
}

TEST_CASE("rises after each restart: a saw if the present life is young, growth if it is old enough", "[trend]") {
    const Trend young = judge_trend(restarted(6, 0.29, 400), noon());
    CHECK(young.verdict == Verdict::sawtooth);
    CHECK(young.restarts_seen == 20);
    CHECK(young.reason == "memory rises (+1.35 GiB/h) after each of 20 restarts");
    REQUIRE(young.seconds_to_limit);

    const Trend old = judge_trend(restarted(6, 1.7, 400), noon());
    CHECK(old.verdict == Verdict::growing);
    CHECK(old.restarts_seen == 3);
    CHECK(old.reason.find("; it did so before the last of 3 restarts too") != std::string::npos);
    CHECK(*old.slope_bytes_per_hour / mib == Approx(400 / 1.7).epsilon(0.03));
}

TEST_CASE("a leak whose slope differs from restart to restart is named all the same", "[trend]") {
    // Lives of 20 min, each with half to one and a half times the usual slope.
    const auto slope = [](double h) { return 600 * (0.5 + 0.25 * std::fmod(std::floor(h * 3) * 3, 5)); };
    std::vector<Timestamp> starts;
    for (double start = 1.0 / 3; start < 5.9; start += 1.0 / 3) {
        starts.push_back(hours_in(start, 6));
    }
    const auto history = make_history(
        make_points({6, 15,
                     [=](double h, Noise& n) {
                         return (100 + slope(h + 1e-9) * (h - std::floor(h * 3 + 1e-9) / 3) + 3 * n.normal()) * mib;
                     }},
                    1),
        limit, starts);
    const Trend trend = judge_trend(history, noon());
    CHECK(trend.verdict == Verdict::sawtooth);
    CHECK(trend.reason.find("after each of 17 restarts") != std::string::npos);
    REQUIRE(trend.seconds_to_limit);
    CHECK(trend.seconds_to_limit->low < trend.seconds_to_limit->mid);
}

TEST_CASE("growth that gets slower without an end is growth, not saturation", "[trend]") {
    CHECK(judge(6, 15, [](double h, Noise& n) { return 100 + 60 * std::pow(h + 0.5, 0.7) + 2 * n.normal(); }).verdict ==
          Verdict::growing);
}

TEST_CASE("after a restart the old life's growth is not held against the new one", "[trend]") {
    const auto points = make_points(
        {6, 15, [](double h, Noise& n) { return (h < 4 ? 100 + 90 * h : 120) * mib + 2 * mib * n.normal(); }}, 1);
    const Trend trend = judge_trend(make_history(points, limit, {hours_in(4, 6)}), noon());
    CHECK(trend.verdict == Verdict::flat);
    CHECK(trend.restarts_seen == 1);
}

TEST_CASE("a young life alone is not judged, and the reason says how long to wait", "[trend]") {
    const auto points = make_points(
        {6, 15, [](double h, Noise& n) { return (h < 5.8 ? 100 + 60 * h : 120) * mib + 2 * mib * n.normal(); }}, 1);
    const Trend trend = judge_trend(make_history(points, limit, {hours_in(5.8, 6)}), noon());
    CHECK(trend.verdict == Verdict::insufficient_data);
    // 12 minutes less the warm-up of a fifth.
    CHECK(trend.reason ==
          "only 39 samples in 9 min since the last start (36 and 30 min are needed): wait about 20 min more");
    CHECK_FALSE(trend.slope_bytes_per_hour);
}

TEST_CASE("the bounds of enough data: 36 samples, 30 minutes, 60 % covered", "[trend]") {
    const auto flat = [](double, Noise& n) { return 200 + n.normal(); };
    CHECK(judge(0.5, 15, flat).verdict == Verdict::flat);
    CHECK(judge(0.5 - 15.0 / 3600, 15, flat).reason ==
          "only 120 samples in 29 min (36 and 30 min are needed): wait about 60 s more");
    CHECK(judge(35 * 60.0 / 3600, 60, flat).verdict == Verdict::flat);
    CHECK(judge(34 * 60.0 / 3600, 60, flat).reason ==
          "only 35 samples in 34 min (36 and 30 min are needed): wait about 60 s more");
    CHECK(judge(0, 60, flat).reason == "only 1 sample in 0.0 s (36 and 30 min are needed): wait about 35 min more");

    auto points = make_points({2, 15, [](double, Noise&) { return 200 * mib; }}, 1);
    points.erase(points.begin() + 100, points.begin() + 340);
    const Trend gaps = judge_trend(make_history(points, limit), noon());
    CHECK(gaps.verdict == Verdict::insufficient_data);
    CHECK(gaps.reason == "samples cover only 50 % of the last 2h (60 % are needed): wait about 30 min more");
}

TEST_CASE("no samples at all", "[trend]") {
    const Trend trend = judge_trend(History{}, noon());
    CHECK(trend.verdict == Verdict::insufficient_data);
    CHECK(trend.reason == "no samples of the past: wait about 30 min more");
}

TEST_CASE("a change of the limit does not stop growth from being seen", "[trend]") {
    auto history =
        make_history(make_points({6, 15, [](double h, Noise&) { return (100 + 30 * h) * mib; }}, 1), LimitUnknown{});
    history.limit.set_from(hours_in(0, 6), Bytes{256} << 20U);
    history.limit.set_from(hours_in(5, 6), limit);
    history.cuts = {{hours_in(5, 6), CutReason::limit}};
    const Trend trend = judge_trend(history, noon());
    CHECK(trend.verdict == Verdict::growing);
    CHECK(trend.restarts_seen == 0);
    CHECK(trend.seconds_to_limit->mid == Approx((512 - 280) / 30.0 * 3600).epsilon(0.05));
}

TEST_CASE("another image's growth says nothing of this one", "[trend]") {
    auto history = restarted(2, 0.25, 400);
    for (Cut& cut : history.cuts) {
        cut.reason = cut.at == hours_in(1.75, 2) ? CutReason::revision : cut.reason;
    }
    CHECK(judge_trend(history, noon()).verdict == Verdict::insufficient_data);
}
