#pragma once

#include "memrb/action.h"
#include "memrb/outcome.h"

#include <optional>

namespace memrb::actions {

/// Asks Cloud Monitoring for the memory of the target's revisions: the 99th percentile over all instances of each
/// minute or two, as a share of the limit. Without `range` only the serving revision's last minutes.
Result<Request> plan_cloud_memory(const Params& params, const ActionContext& context);

/// Reads it: the newest sample, or with `range` a series of each revision, in bytes of that revision's own limit.
Interpretation interpret_cloud_memory(const Params& params, const ActionContext& context, const Outcome& outcome);

}  // namespace memrb::actions
