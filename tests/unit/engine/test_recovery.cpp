// The state machine of a watch on a virtual clock: 10 s between looks, 10 min to hold, unless a test says otherwise.
#include "engine/recovery.h"

#include <catch2/catch.hpp>
#include <functional>

using namespace memrb;
using namespace std::chrono_literals;
using engine::Look;
using engine::RecoveryTerms;
using engine::RecoveryWatch;
using engine::Truth;
using State = Criterion::State;

namespace {

constexpr Timestamp noon{std::chrono::hours(480'000)};

RecoveryTerms terms(Milliseconds lasts = 10min, Milliseconds every = 10s) {
    RecoveryTerms terms;
    terms.every = every;
    terms.lasts = lasts;
    terms.ceiling = 0.8;
    terms.began = noon;
    return terms;
}

// A look at a healthy service that has restarted twice before.
Look good(Milliseconds at, double ratio = 0.6) {
    Look look;
    look.begin = at;
    look.end = at + 100ms;
    look.at = noon + at;
    MemoryReading memory;
    memory.at = look.at;
    memory.used = static_cast<Bytes>(ratio * 1000);
    memory.limit = Bytes{1000};
    look.assessment.memory = memory;
    look.assessment.ratio = ratio;
    look.assessment.restarts = 2;
    look.assessment.oom.verdict = OomAssessment::Verdict::confirmed;
    look.assessment.oom.count = 1;
    look.assessment.oom.last_at = noon - 5min;
    look.until = ratio < 0.8 ? Truth::yes : Truth::no;
    look.parts = {{"memory below 80 %", ratio < 0.8 ? State::holds : State::fails, "", {}}};
    look.started_at = noon - 3min;
    look.running = true;
    return look;
}

Look nothing(Milliseconds at) {
    Look look = good(at);
    look.assessment = {};
    look.assessment.no_memory_why = "docker: connection refused";
    look.until = Truth::unknown;
    look.parts.front().state = State::unknown;
    look.started_at.reset();
    look.running.reset();
    return look;
}

using Make = std::function<Look(Milliseconds)>;

// Feeds a look each `every` from `from` on until the watch is over or `until` has come. Checks on the way what must
// never be: a recovery at a look that is bad or empty.
Milliseconds run(RecoveryWatch& watch, Milliseconds from, Milliseconds until, const Make& make,
                 Milliseconds every = 10s) {
    Milliseconds at = from;
    for (; at <= until; at += every) {
        const Look look = make(at);
        watch.feed(look);
        if (watch.over()) {
            const bool sound = look.assessment.ratio.value_or(0) <= 0.8 && look.until == Truth::yes;
            CHECK((watch.result().recovery != Recovery::recovered || sound));
            return at;
        }
    }
    return at;
}

Make steady(double ratio = 0.6) {
    return [ratio](Milliseconds at) { return good(at, ratio); };
}

}  // namespace

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
        look.started_at = *look.started_at + Milliseconds(at == 30s ? 900 : 0);  // another source, a fraction apart
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

TEST_CASE(
    "a new OOM kill is a relapse, also while memory cannot be measured, but an old one that comes to light is none") {
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

TEST_CASE("one missing sample breaks nothing and is said") {
    RecoveryWatch watch(terms());
    const auto end = run(watch, 0s, 1h, [](Milliseconds at) { return at == 3min ? nothing(at) : good(at); });
    CHECK(end == 10min);
    CHECK(watch.result().recovery == Recovery::recovered);
    CHECK(watch.result().missing == 1);
    CHECK(watch.result().caveats == std::vector<std::string>{"1 of 61 samples had no data"});
}

TEST_CASE("the missing sample itself says why, and its criteria keep their time") {
    RecoveryWatch watch(terms());
    run(watch, 0s, 60s, steady());
    const auto sample = watch.feed(nothing(70s));
    CHECK(sample.missing == "docker: connection refused");
    CHECK_FALSE(sample.ratio);
    CHECK(sample.criteria[0].state == State::unknown);
    CHECK(sample.criteria[0].held == 70s);
    CHECK(sample.held == 60s);
    CHECK(watch.result().recovery == Recovery::unknown);
}

TEST_CASE("no recovery is told at a look without data, even if the time is up") {
    RecoveryWatch watch(terms());
    run(watch, 0s, 590s, steady());
    watch.feed(nothing(10min));
    CHECK_FALSE(watch.over());
    watch.feed(good(10min + 10s));
    CHECK(watch.result().recovery == Recovery::recovered);
}

TEST_CASE("no data for longer than three intervals: counted anew, and to the end: unknown") {
    RecoveryWatch back(terms());
    const auto gap = [](Milliseconds from, Milliseconds to) {
        return [from, to](Milliseconds at) { return at > from && at < to ? nothing(at) : good(at); };
    };
    CHECK(run(back, 0s, 1h, gap(2min, 2min + 40s)) == 12min + 40s);
    CHECK(back.result().recovery == Recovery::recovered);
    CHECK(back.result().caveats.at(1) == "held for 2 min, then no data for 40 s: counted anew");

    RecoveryWatch bridged(terms());
    CHECK(run(bridged, 0s, 1h, gap(2min, 2min + 30s)) == 10min);

    RecoveryWatch lost(terms());
    CHECK(run(lost, 0s, 1h, gap(2min, 10h)) == 10min);
    CHECK(lost.result().recovery == Recovery::unknown);
    CHECK(lost.result().why == "no data: docker: connection refused");

    RecoveryWatch lost_late(terms());  // in the run, when the time is up: it ends when the gap is too long
    CHECK(run(lost_late, 0s, 1h, gap(9min + 50s, 10h)) == 10min + 30s);
    CHECK(lost_late.result().recovery == Recovery::unknown);

    RecoveryWatch never(terms());
    CHECK(run(never, 0s, 1h, nothing) == 10min);
    CHECK(never.result().recovery == Recovery::unknown);
}

TEST_CASE("a process that slept has not looked") {
    RecoveryWatch watch(terms());
    run(watch, 0s, 60s, steady());
    watch.feed(good(2h));
    CHECK_FALSE(watch.over());
    CHECK(run(watch, 2h + 10s, 5h, steady()) == 2h + 10min);
    CHECK(watch.result().recovery == Recovery::recovered);
}

TEST_CASE("slow looks are no gaps") {
    RecoveryWatch watch(terms(60s, 1s));
    const auto slow = [](Milliseconds at) {
        Look look = good(at);
        look.end = at + 5s;
        return look;
    };
    CHECK(run(watch, 0s, 1h, slow, 5s) == 60s);
    CHECK(watch.result().recovery == Recovery::recovered);
}

TEST_CASE("no limit: a condition on the ratio stays unknown, one on bytes can hold") {
    const auto unlimited = [](Milliseconds at) {
        Look look = good(at);
        look.assessment.memory->limit = NoLimit{};
        look.assessment.ratio.reset();
        return look;
    };
    RecoveryWatch by_ratio(terms());
    CHECK(run(by_ratio, 0s, 1h, [&](Milliseconds at) {
              Look look = unlimited(at);
              look.until = Truth::unknown;
              look.parts = {{"memory below 80 %", State::unknown, "no limit is set", {}}};
              return look;
          }) == 10min);
    CHECK(by_ratio.result().recovery == Recovery::unknown);
    CHECK(by_ratio.result().why == "not known: memory below 80 %: no limit is set");

    RecoveryWatch by_bytes(terms());
    CHECK(run(by_bytes, 0s, 1h, [&](Milliseconds at) {
              Look look = unlimited(at);
              look.until = Truth::yes;
              return look;
          }) == 10min);
}

TEST_CASE("a limit that is not known, and restarts that nobody tells of, are no health") {
    RecoveryWatch limit(terms());
    CHECK(run(limit, 0s, 1h, [](Milliseconds at) {
              Look look = good(at);
              look.assessment.memory->limit = LimitUnknown{};
              look.assessment.ratio.reset();
              look.assessment.level_why = "the limit is not known";
              return look;
          }) == 10min);
    CHECK(limit.result().recovery == Recovery::unknown);

    RecoveryWatch restarts(terms());
    CHECK(run(restarts, 0s, 1h, [](Milliseconds at) {
              Look look = good(at);
              look.assessment.restarts.reset();
              look.started_at.reset();
              return look;
          }) == 10min);
    CHECK(restarts.result().recovery == Recovery::unknown);
    CHECK(restarts.result().why == "whether it has restarted is not known");
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

TEST_CASE("a clock that goes backwards makes nothing true") {
    for (const bool steady_too : {false, true}) {
        RecoveryWatch watch(terms());
        run(watch, 0s, 9min, steady());
        const auto set_back = [&](Milliseconds at) {
            Look look = good(at);
            look.at -= 1h;
            look.assessment.memory->at = look.at;
            look.begin -= steady_too ? 5min : 0min;
            look.end = look.begin;
            return look;
        };
        const auto end = run(watch, 9min + 10s, 3h, set_back);
        CHECK(end == 19min + 10s);
        CHECK(watch.result().recovery == Recovery::recovered);
        CHECK(watch.result().caveats.at(0) == "held for 9 min, then the clock went backwards: counted anew");
    }
}

TEST_CASE("a store that repeats its last sample gives no new data") {
    RecoveryWatch watch(terms(10min, 10s));
    const auto scraped = [](Milliseconds scrape, Milliseconds dies) {
        return [scrape, dies](Milliseconds at) {
            Look look = good(at);
            look.assessment.memory->at = noon + std::min(at, dies) / scrape * scrape - 5s;
            return look;
        };
    };
    // Held is what samples span: up to one scrape longer than the looks.
    CHECK(run(watch, 0s, 1h, scraped(1min, 100h)) == 10min);
    CHECK(watch.result().recovery == Recovery::recovered);

    RecoveryWatch dead(terms(10min, 10s));
    run(dead, 0s, 1h, scraped(1min, 4min));
    CHECK(dead.result().recovery == Recovery::unknown);
    CHECK(dead.result().why.find("nothing newer than the sample of") != std::string::npos);

    RecoveryWatch quick(terms(20s, 1s));  // two looks at one sample are one sample
    CHECK(run(quick, 0s, 1h, scraped(15s, 100h), 1s) == 30s);
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
