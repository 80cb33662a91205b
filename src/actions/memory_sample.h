#pragma once

#include "memrb/action.h"
#include "memrb/outcome.h"

namespace memrb::actions {

/// Reads what a SampleMemory request brought: the document of the cgroup files, the engine's statistics or the lines of
/// `docker stats`, told apart by what they hold, so that a record can be read without the machine it was made on.
/// Gives a MemoryReading of the target, or a FleetReading for the scope `host`, and an OomCheck where the source counts
/// kills.
Interpretation interpret_memory(const Params& params, const ActionContext& context, const Outcome& outcome);

}  // namespace memrb::actions
