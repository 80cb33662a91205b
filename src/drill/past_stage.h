#pragma once

#include "drill/past.h"
#include "drill/tale.h"
#include "memrb/ports.h"

namespace memrb::drill {

// What a recorded incident is played on. Each keeps a reference to its parameters.

/// Answers with what was recorded; starts nothing, connects to nothing.
class PastRunner final : public Runner {
public:
    explicit PastRunner(Past& past) : past_(past) {}
    Outcome run(const Request& request, const RunContext& context, const Stop& stop) override;

private:
    Past& past_;
};

/// The time of the record, which goes on by what is done only.
class PastClock final : public Clock {
public:
    explicit PastClock(const Past& past) : past_(past), began_(past.now()) {}
    [[nodiscard]] Timestamp now() const override { return past_.now(); }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return std::chrono::steady_clock::time_point(past_.now() - began_);
    }

private:
    const Past& past_;
    Timestamp began_;
};

/// Tells the record what is decided, and writes the tale.
class PastWitness final : public Observer {
public:
    PastWitness(Past& past, Tale& tale) : past_(past), tale_(tale) {}
    void on_event(const Event& event) override;

private:
    Past& past_;
    Tale& tale_;
};

}  // namespace memrb::drill
