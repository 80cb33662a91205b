#pragma once

#include "engine/execute.h"
#include "memrb/recovery.h"

#include <optional>
#include <vector>

namespace memrb::engine {

struct WatchPlan {
    Milliseconds every{60'000};
    Milliseconds lasts{600'000};
};

/// The runbook's pace, where nothing else is asked for.
WatchPlan plan_watch(const Runbook& runbook, std::optional<Milliseconds> every, std::optional<Milliseconds> lasts);

/// The lowest threshold of level warning or higher: above it nothing is recovered. Nothing: the runbook has none.
std::optional<double> recovery_ceiling(const Runbook& runbook);

/// What the first look runs: the reads that need nothing of others and no judgement, so that they can be run alone.
std::vector<const Step*> watched_reads(const Runbook& runbook);

/// Looks at the session's target at the plan's pace until it has recovered, relapsed, or the time is over; see
/// RecoveryWatch. The first look runs the reads of the diagnosis that need nothing else; later ones only those that
/// told of memory, restarts or OOM kills. What single steps say is not recorded, what each look found is: the log gets
/// WatchStarted, a WatchSampled for each look and WatchEnded. A stop ends it at once, with the result so far.
WatchResult watch(const Session& session, const Instruments& instruments, const Clock& clock, const WatchPlan& plan);

}  // namespace memrb::engine
