#pragma once

#include "memrb/ports.h"

#include <atomic>
#include <functional>

namespace memrb::drill {

/// How the time of a drill hangs together with that of the person. Both empty: not at all, no wait takes any time.
struct Pace {
    std::function<Milliseconds()> elapsed;                       ///< of the drill's time, by the person's clock
    std::function<void(Milliseconds drill, const Stop&)> sleep;  ///< until so much of the drill's time has passed
};

/// The drill's time. Thread-safe.
class DrillClock final : public Clock {
public:
    explicit DrillClock(Timestamp begin, Pace pace = {}) : begin_(begin), pace_(std::move(pace)) {}

    [[nodiscard]] Timestamp now() const override { return begin_ + passed(); }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return std::chrono::steady_clock::time_point(passed());
    }
    /// Without a pace: at once.
    void wait(Milliseconds duration, const Stop& stop) {
        if (pace_.sleep) {
            pace_.sleep(duration, stop);
        } else {
            pass(duration);
        }
    }
    /// Jumps, whatever the pace.
    void pass(Milliseconds duration) { jumped_ += duration.count(); }
    /// The time that a person needs for an answer is theirs, not a fixed one.
    [[nodiscard]] bool paced() const { return static_cast<bool>(pace_.elapsed); }

private:
    [[nodiscard]] Milliseconds passed() const {
        return Milliseconds(jumped_) + (pace_.elapsed ? pace_.elapsed() : Milliseconds{0});
    }

    Timestamp begin_;
    Pace pace_;
    std::atomic<std::int64_t> jumped_ = 0;
};

}  // namespace memrb::drill
