#pragma once

#include "memory/capacity.h"
#include "memory/gates.h"
#include "memrb/assessment.h"
#include "memrb/reading.h"
#include "memrb/target.h"

#include <vector>

namespace memrb::memory {

/// All that a run has learnt of one target. The references must outlive the call only.
struct Evidence {
    const Target& target;
    const std::vector<Reading>& readings;       ///< of all steps, in any order
    const std::vector<Threshold>& thresholds;   ///< rising, as in the runbook
    Timestamp now{};                            ///< the judged moment: the present, or `--at`
    bool past = false;                          ///< `--at` was given: only samples up to `now` count, live ones do not
    std::optional<CapacityModel> carries = {};  ///< somebody's word; else it is fitted
    Gates gates = {};                           ///< all of them, but in the benchmark
};

/// Judges the evidence: memory, ratio, level, thresholds, trend, OOM, restarts, features, right size, capacity, the
/// series for drawing, and warnings. Everything but `causes`, `cause_clear` and `options`, which need the runbook's
/// signs (see causes.h). Never fails: what cannot be judged is said to be unknown, with the reason. O(n log n) in the
/// samples.
Assessment assess(const Evidence& evidence);

}  // namespace memrb::memory
