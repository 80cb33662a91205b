// A watch that does not see everything: missing samples, clocks, sources that fall silent.
#include "looks.h"

using namespace memrb;
using namespace memrb::test;

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
