#pragma once

#include "memrb/action.h"
#include "memrb/outcome.h"

namespace memrb::actions {

/// What the output of a docker step says of the target: `inspect`, `events` and `stats` are understood, all else is
/// only shown. A failure is NoData with the reason.
Interpretation interpret_docker(const Params& params, const ActionContext& context, const Outcome& outcome);

}  // namespace memrb::actions
