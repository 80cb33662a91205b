#pragma once

#include "memory/assess.h"
#include "memory/features.h"
#include "memory/history.h"
#include "memrb/assessment.h"

#include <optional>
#include <string>
#include <vector>

namespace memrb::memory {

/// What was picked from the readings of a run to be judged.
struct Chosen {
    Timestamp now{};                      ///< the judged moment; not before the newest live sample
    const StateReading* state = nullptr;  ///< the newest; never with `past`
    std::optional<MemoryReading> memory;  ///< live if there is one, else made of the last Prometheus samples
    std::string no_memory_why;
    bool stopped = false;  ///< the container does not run (or waits for its restart)
    History history;
    Companions companions;
    Series oom_events;
    std::optional<std::uint64_t> restarts;
    std::vector<std::string> warnings;
};

/// Live readings beat Prometheus; with `past` they do not count. The live samples that are newer than the series are
/// appended to it, so that thresholds and trend see the present.
Chosen choose(const Evidence& evidence);

}  // namespace memrb::memory
