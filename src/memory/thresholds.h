#pragma once

#include "memory/ratios.h"
#include "memrb/assessment.h"
#include "memrb/reading.h"

#include <optional>
#include <string>
#include <vector>

namespace memrb::memory {

/// What a threshold at 100 % is judged by.
struct LimitReached {
    bool by_oom = false;  ///< see oom_is_present
    std::optional<Timestamp> oom_at;
    std::optional<bool> full;       ///< usage >= limit and working set >= 95 % of it, so that page cache does not
                                    ///< explain it; nothing: not known
    bool oom_sources_read = false;  ///< at least one source could say "no kill"
};

struct Judged {
    std::vector<ThresholdState> states;  ///< in the runbook's order
    Level level = Level::unknown;
    std::string level_why;
};

struct ThresholdEvidence {
    const std::vector<Threshold>& thresholds;
    const Ratios& ratios;  ///< the newest live sample included
    Milliseconds step{};   ///< of the samples
    LimitReached reached;
    std::string no_ratio_why;  ///< said if there are no ratios
    Timestamp now{};
};

/// Above `at` means more than it: exactly 80.0 % is not above 80 %. A duration needs a run of samples that are all
/// above, whose last is at least that much later than its first, and no two of which are further apart than
/// longest_distance(); a run that is still shorter is pending. Samples older than max(5 min, 5 steps) at `now` prove
/// nothing about now. The level is that of the highest breached threshold, ok if none is.
Judged judge_thresholds(const ThresholdEvidence& evidence);

/// Samples that are older at the judged moment say nothing of it: max(5 min, 5 steps).
Milliseconds stale_after(Milliseconds step);

}  // namespace memrb::memory
