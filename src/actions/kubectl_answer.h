#pragma once

#include "memrb/action.h"
#include "memrb/outcome.h"

namespace memrb::actions {

/// What the output of a kubectl step says of the target. Understood are `get -o json` of pods, workloads, events and
/// pod metrics, and the tables of `top`; all else is only shown. A failure is NoData with the reason.
Interpretation interpret_kubectl(const Params& params, const ActionContext& context, const Outcome& outcome);

}  // namespace memrb::actions
