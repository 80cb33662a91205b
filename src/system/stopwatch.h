#pragma once

#include "memrb/outcome.h"

#include <chrono>

namespace memrb::system {

/// Notes when an outcome began and how long it took.
class Stopwatch {
public:
    void stamp(Outcome& outcome) const {
        outcome.started = started_;
        outcome.elapsed = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begun_);
    }

private:
    Timestamp started_ = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace memrb::system
