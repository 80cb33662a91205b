#include "memory/thresholds.h"

#include "synthetic.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::memory;
using namespace std::chrono_literals;
using State = ThresholdState::State;

namespace {

const std::vector<Threshold> seed{{0.7, 0min, Level::watch},
                                  {0.8, 5min, Level::warning},
                                  {0.85, 0min, Level::high},
                                  {0.95, 0min, Level::critical},
                                  {1.0, 0min, Level::oom}};
constexpr std::size_t watch = 0, warning = 1, high = 2, critical = 3, oom = 4;

Timestamp at(int seconds) {
    return test::noon() + std::chrono::seconds(seconds);
}

// Samples every `step` seconds that end at noon.
std::vector<Point> held(double ratio, int seconds, int step = 15) {
    std::vector<Point> points;
    for (int second = -seconds; second <= 0; second += step) {
        points.push_back({at(second), ratio});
    }
    return points;
}

LimitReached not_full() {
    return {.by_oom = false, .oom_at = std::nullopt, .full = false, .oom_sources_read = true};
}

Judged judge(const std::vector<Point>& ratios, LimitReached reached = not_full(), Milliseconds step = 15s,
             Timestamp now = test::noon()) {
    return judge_thresholds({seed, Ratios(ratios), step, reached, "no limit is set, so there is no ratio", now});
}

}  // namespace

TEST_CASE("the level is the highest threshold that holds", "[thresholds]") {
    CHECK(judge(held(0.50, 900)).level == Level::ok);
    CHECK(judge(held(0.75, 900)).level == Level::watch);
    CHECK(judge(held(0.82, 900)).level == Level::warning);
    CHECK(judge(held(0.90, 900)).level == Level::high);
    CHECK(judge(held(0.97, 900)).level == Level::critical);
    CHECK(judge(held(0.97, 900)).level_why == "above 95 %");
    CHECK(judge(held(0.82, 900)).level_why == "above 80 % for 5m and more");
    CHECK(judge(held(0.50, 900)).level_why == "no threshold is breached");
}

TEST_CASE("exactly 300 s above 80 % are five minutes, 299 s are not", "[thresholds]") {
    const Judged full = judge(held(0.82, 300));
    CHECK(full.states[warning].state == State::breached);
    CHECK(full.states[warning].since == at(-300));

    std::vector<Point> almost = held(0.82, 285);
    almost.insert(almost.begin(), {at(-299), 0.82});
    const Judged pending = judge(almost);
    CHECK(pending.states[warning].state == State::pending);
    CHECK(pending.states[warning].since == at(-299));
    CHECK(pending.states[warning].why == "above 80 % for 4m59s of the 5m that are needed");
    CHECK(pending.level == Level::watch);
}

TEST_CASE("one sample below interrupts the run", "[thresholds]") {
    auto ratios = held(0.82, 900);
    ratios[ratios.size() - 10].value = 0.79;
    const Judged judged = judge(ratios);
    CHECK(judged.states[warning].state == State::pending);
    CHECK(judged.states[warning].since == at(-8 * 15));
}

TEST_CASE("a gap in the run: 90 s at 15 s steps are none, 91 s are one", "[thresholds]") {
    const auto with_gap = [](int gap) {
        std::vector<Point> ratios = held(0.82, 120);
        for (int second = -120 - gap; second >= -600; second -= 15) {
            ratios.insert(ratios.begin(), {at(second), 0.82});
        }
        return judge(ratios).states[warning];
    };
    CHECK(with_gap(90).state == State::breached);
    const ThresholdState after = with_gap(91);
    CHECK(after.state == State::pending);
    CHECK(after.since == at(-120));
    CHECK(after.why == "above 80 % for 2m of the 5m that are needed; before that samples are missing");
}

TEST_CASE("the gap that is allowed grows with the step: 2.5 steps of a minute", "[thresholds]") {
    const std::vector<Point> ratios{
        {at(-330), 0.82}, {at(-180), 0.82}, {at(-120), 0.82}, {at(-60), 0.82}, {at(0), 0.82}};
    CHECK(judge(ratios, not_full(), 60s).states[warning].state == State::breached);
    std::vector<Point> wider = ratios;
    wider[0].at -= 1ms;
    CHECK(judge(wider, not_full(), 60s).states[warning].state == State::pending);
}

TEST_CASE("one sample proves a threshold without a duration, and is pending for one with", "[thresholds]") {
    const Judged judged = judge({{at(0), 0.90}}, not_full(), 0s);
    CHECK(judged.states[high].state == State::breached);
    CHECK(judged.states[warning].state == State::pending);
    CHECK(judged.states[warning].why == "one sample above 80 %; 5m of them are needed");
    CHECK(judged.level == Level::high);
}

TEST_CASE("exactly 80.0 % is not above 80 %", "[thresholds]") {
    CHECK(judge(held(80.0 / 100, 900)).states[warning].state == State::clear);
    CHECK(judge(held(53687091.2 / 67108864, 900)).states[warning].state == State::clear);
    CHECK(judge(held(53687092.0 / 67108864, 900)).states[warning].state == State::breached);
}

TEST_CASE("stale samples prove nothing: more than 5 min or 5 steps", "[thresholds]") {
    CHECK(judge(held(0.97, 900), not_full(), 15s, at(300)).level == Level::critical);
    const Judged stale = judge(held(0.97, 900), not_full(), 15s, at(301));
    CHECK(stale.level == Level::unknown);
    CHECK(stale.level_why == "the last sample is 5 min old");
    for (const ThresholdState& state : stale.states) {
        CHECK(state.state == State::unknown);
        CHECK(state.why == "the last sample is 5 min old");
    }
    CHECK(judge(held(0.97, 960, 120), not_full(), 120s, at(600)).level == Level::critical);
    CHECK(judge(held(0.97, 960, 120), not_full(), 120s, at(601)).level == Level::unknown);
}

TEST_CASE("without a ratio nothing is known, and nothing is ok", "[thresholds]") {
    const Judged judged = judge({}, {});
    CHECK(judged.level == Level::unknown);
    CHECK(judged.level_why == "no limit is set, so there is no ratio");
    for (const ThresholdState& state : judged.states) {
        CHECK(state.state == State::unknown);
        CHECK(state.why == "no limit is set, so there is no ratio");
    }
}

TEST_CASE("an OOM kill proves 100 %, with or without a ratio", "[thresholds]") {
    const LimitReached killed{.by_oom = true, .oom_at = at(-60), .full = std::nullopt, .oom_sources_read = true};
    CHECK(judge({}, killed).level == Level::oom);
    CHECK(judge({}, killed).level_why == "the limit was reached");
    const Judged judged = judge(held(0.3, 900), killed);
    CHECK(judged.level == Level::oom);
    CHECK(judged.states[oom].since == at(-60));
    CHECK(judged.states[watch].state == State::clear);
}

TEST_CASE("100 % by a full limit: only if it is known to be full, and not by ratio", "[thresholds]") {
    LimitReached reached = not_full();
    CHECK(judge(held(0.999, 900), reached).states[oom].state == State::clear);
    reached.full = true;
    CHECK(judge(held(0.999, 900), reached).level == Level::oom);
    reached.full = std::nullopt;
    CHECK(judge(held(0.97, 900), reached).states[oom].state == State::unknown);
    CHECK(judge(held(0.97, 900), reached).states[oom].why == "the usage is not known");
    CHECK(judge(held(0.97, 900), reached).level == Level::critical);
}

TEST_CASE("no source of OOM kills: 100 % is unknown, not clear, and the level is given all the same", "[thresholds]") {
    LimitReached reached = not_full();
    reached.oom_sources_read = false;
    const Judged judged = judge(held(0.5, 900), reached);
    CHECK(judged.states[oom].state == State::unknown);
    CHECK(judged.states[oom].why == "no source of OOM kills could be read");
    CHECK(judged.level == Level::ok);
    CHECK(judged.states[critical].state == State::clear);
}

TEST_CASE("each sample is judged by the limit in force at its time", "[thresholds]") {
    History history = test::make_history({{at(-30), 80}, {at(-15), 80}, {at(0), 80}}, LimitUnknown{});
    history.limit.set_from(at(-20), Bytes{100});
    history.limit.set_from(at(-5), NoLimit{});
    Ratios ratios(history);
    REQUIRE(ratios.size() == 2);  // the first sample by the first limit known; the last has none
    CHECK(ratios[1].value == 0.8);
    history.limit.set_from(at(-5), Bytes{160});
    ratios = Ratios(history);
    REQUIRE(ratios.size() == 3);
    CHECK(ratios[2].value == 0.5);
}
