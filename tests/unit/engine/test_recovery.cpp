// What counts as recovered, and what as a relapse.
#include "looks.h"

using namespace memrb;
using namespace memrb::test;

TEST_CASE("recovered: everything has held from the first look to one that is the whole time later") {
    RecoveryWatch watch(terms());
    CHECK(run(watch, 0s, 1h, steady()) == 10min);
    const auto result = watch.result();
    CHECK(result.recovery == Recovery::recovered);
    CHECK(result.why == "all criteria have held for 10 min");
    CHECK(result.held == 10min);
    CHECK(result.samples == 61);
    CHECK(result.missing == 0);
    CHECK(result.caveats.empty());
}

TEST_CASE("each criterion is told with how long it has held, and how long is left") {
    RecoveryWatch watch(terms());
    CHECK(watch.feed(good(0s)).left == 10min);
    run(watch, 10s, 50s, steady());
    watch.feed(good(60s, 0.83));
    run(watch, 70s, 170s, steady());
    const auto sample = watch.feed(good(180s));
    REQUIRE(sample.criteria.size() == 5);
    CHECK(sample.criteria[0].says == "memory below 80 %");
    CHECK(sample.criteria[0].held == 110s);
    CHECK(sample.criteria[1].says == "memory not above 80 %");
    CHECK(sample.criteria[1].held == 110s);
    CHECK(sample.criteria[2].says == "the container runs");
    CHECK(sample.criteria[2].held == 180s);
    CHECK(sample.criteria[3].says == "no new restart");
    CHECK(sample.criteria[4].says == "no new OOM kill");
    CHECK(sample.held == 110s);
    CHECK(sample.left == 10min - 110s);
    CHECK(watch.due() == 70s + 10min);
}

TEST_CASE("a relapse 3 minutes into the watch is caught at once") {
    RecoveryWatch watch(terms());
    const Make make = [](Milliseconds at) {
        Look look = good(at);
        look.assessment.restarts = at >= 3min ? 3 : 2;
        return look;
    };
    CHECK(run(watch, 0s, 1h, make) == 3min);
    CHECK(watch.result().recovery == Recovery::relapsed);
    CHECK(watch.result().why == "it has restarted: the restart count rose from 2 to 3");
    const auto after = watch.feed(good(1h));  // it stays over
    CHECK(after.number == 19);
    CHECK(watch.result().recovery == Recovery::relapsed);
}

TEST_CASE("a restart that no counter counts is seen by the start time") {
    RecoveryWatch watch(terms());
    run(watch, 0s, 60s, [](Milliseconds at) {
        Look look = good(at);
        look.started_by_metric = at == 30s;  // another source, a fraction apart
        look.started_at = *look.started_at + Milliseconds(look.started_by_metric ? 900 : 0);
        return look;
    });
    CHECK_FALSE(watch.over());
    Look look = good(70s);
    look.assessment.restarts.reset();
    look.started_at = noon + 65s;
    const auto sample = watch.feed(look);
    CHECK(watch.result().recovery == Recovery::relapsed);
    CHECK(watch.result().why == "it has restarted at " + format_rfc3339(noon + 65s));
    CHECK(sample.criteria[3].state == State::fails);
}

TEST_CASE("a restart within a second of the start before it is one") {
    RecoveryWatch watch(terms());
    run(watch, 0s, 10s, [](Milliseconds at) { return good(at, 0.5); });
    Look look = good(20s, 0.5);
    look.started_at = *look.started_at + 700ms;
    watch.feed(look);
    CHECK(watch.over());
    CHECK(watch.result().recovery == Recovery::relapsed);
}

TEST_CASE("a new OOM kill is a relapse, also while memory cannot be measured, an old one that comes to light is none") {
    SECTION("new, by its time") {
        RecoveryWatch watch(terms());
        watch.feed(good(0s));
        Look look = nothing(10s);
        look.assessment.oom = good(0s).assessment.oom;
        look.assessment.oom.last_at = noon + 5s;
        watch.feed(look);
        CHECK(watch.result().recovery == Recovery::relapsed);
        CHECK(watch.result().why == "a new OOM kill at " + format_rfc3339(noon + 5s));
    }
    SECTION("new, by a counter without times") {
        RecoveryWatch watch(terms());
        const Make make = [](Milliseconds at) {
            Look look = good(at);
            look.assessment.oom.last_at.reset();
            look.assessment.oom.count = at >= 60s ? 4 : 3;
            return look;
        };
        CHECK(run(watch, 0s, 1h, make) == 60s);
        CHECK(watch.result().why == "a new OOM kill: 4 instead of 3");
    }
    SECTION("old: a source answers only later, and others leave the 24 hours that are looked at") {
        RecoveryWatch watch(terms());
        const Make make = [](Milliseconds at) {
            Look look = good(at);
            auto& oom = look.assessment.oom;
            if (at < 60s) {
                oom = {};
                oom.verdict = OomAssessment::Verdict::none;
            } else if (at > 3min) {
                oom.count = 0;
                oom.last_at.reset();
                oom.verdict = OomAssessment::Verdict::none;
            }
            return look;
        };
        CHECK(run(watch, 0s, 1h, make) == 10min);
        CHECK(watch.result().recovery == Recovery::recovered);
    }
}

TEST_CASE("flapping at the threshold never recovers") {
    RecoveryWatch watch(terms());
    const auto end = run(watch, 0s, 2h, [](Milliseconds at) { return good(at, (at / 10s) % 2 == 0 ? 0.79 : 0.81); });
    const auto result = watch.result();
    CHECK(end == 10min + 10s);  // at 10 min it holds: that could become a run
    CHECK(result.recovery == Recovery::not_recovered);
    CHECK(result.why.find("memory below 80 %") != std::string::npos);
    CHECK(result.caveats.at(0) == "the criteria were broken 31 times; the last 3:");
}

TEST_CASE("above the threshold all the time: over when the time is, not recovered") {
    RecoveryWatch watch(terms());
    CHECK(run(watch, 0s, 2h, steady(0.9)) == 10min);
    CHECK(watch.result().recovery == Recovery::not_recovered);
}

TEST_CASE("above the runbook's threshold nothing is recovered, whatever the condition says") {
    auto loose = terms();
    loose.show_ceiling = false;
    RecoveryWatch watch(loose);
    const Make make = [](Milliseconds at) {
        Look look = good(at, 0.85);
        look.until = Truth::yes;
        look.parts.front().state = State::holds;
        return look;
    };
    CHECK(run(watch, 0s, 2h, make) == 10min);
    CHECK(watch.result().recovery == Recovery::not_recovered);
    CHECK(watch.result().why == "does not hold: memory not above 80 %: 85 %");
}

TEST_CASE("a run of good looks that began in time may become complete, and not after a break") {
    const auto late = [](Milliseconds at) { return good(at, at < 4min ? 0.9 : 0.6); };
    RecoveryWatch watch(terms());
    CHECK(run(watch, 0s, 2h, late) == 14min);
    CHECK(watch.result().recovery == Recovery::recovered);

    RecoveryWatch broken(terms());
    const auto end = run(broken, 0s, 2h, [&](Milliseconds at) { return at == 12min ? good(at, 0.9) : late(at); });
    CHECK(end == 12min);
    CHECK(broken.result().recovery == Recovery::not_recovered);
}

TEST_CASE("a container that is down is not recovered, and its restart is a relapse") {
    RecoveryWatch down(terms());
    const auto stopped = [](Milliseconds at) {
        Look look = nothing(at);
        look.running = false;
        look.assessment.restarts = 2;
        return look;
    };
    CHECK(run(down, 0s, 1h, stopped) == 10min);
    CHECK(down.result().recovery == Recovery::not_recovered);
    CHECK(down.result().why.find("the container runs: it is stopped") != std::string::npos);
}

TEST_CASE("what could not be seen is said beside a recovery") {
    auto with_trend = terms();
    with_trend.judges_trend = true;
    RecoveryWatch watch(with_trend);
    run(watch, 0s, 1h, [](Milliseconds at) {
        Look look = good(at);
        look.assessment.oom = {};
        look.assessment.trend.reason = "20 min more are needed";
        return look;
    });
    CHECK(watch.result().recovery == Recovery::recovered);
    CHECK(watch.result().caveats ==
          std::vector<std::string>{"OOM kills could not be seen",
                                   "whether memory grows could not be judged: 20 min more are needed"});
}

TEST_CASE("the result so far of a watch that is stopped") {
    RecoveryWatch watch(terms());
    CHECK(watch.result().recovery == Recovery::unknown);
    CHECK(watch.result().why == "nothing was measured");
    run(watch, 0s, 3min, steady());
    CHECK(watch.result().recovery == Recovery::not_recovered);
    CHECK(watch.result().why == "all criteria have held for 3 min of the 10 min that are asked");
}
