// Looks of a watch on a virtual clock: 10 s between them, 10 min to hold, unless a test says otherwise.
#pragma once

#include "engine/recovery.h"

#include <catch2/catch.hpp>
#include <functional>

namespace memrb::test {

using namespace std::chrono_literals;
using engine::Look;
using engine::RecoveryTerms;
using engine::RecoveryWatch;
using engine::Truth;
using State = Criterion::State;

constexpr Timestamp noon{std::chrono::hours(480'000)};

inline RecoveryTerms terms(Milliseconds lasts = 10min, Milliseconds every = 10s) {
    RecoveryTerms terms;
    terms.every = every;
    terms.lasts = lasts;
    terms.ceiling = 0.8;
    terms.began = noon;
    return terms;
}

// A look at a healthy service that has restarted twice before.
inline Look good(Milliseconds at, double ratio = 0.6) {
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

inline Look nothing(Milliseconds at) {
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
inline Milliseconds run(RecoveryWatch& watch, Milliseconds from, Milliseconds until, const Make& make,
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

inline Make steady(double ratio = 0.6) {
    return [ratio](Milliseconds at) { return good(at, ratio); };
}

}  // namespace memrb::test
