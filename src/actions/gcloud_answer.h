#pragma once

#include "memrb/action.h"
#include "memrb/outcome.h"

namespace memrb::actions {

/// What the output of a gcloud step says of the target. Understood are services, revisions and log entries as JSON; of
/// log entries kills for want of memory are OOM sightings. All else is only shown. A failure is NoData with the reason.
Interpretation interpret_gcloud(const Params& params, const ActionContext& context, const Outcome& outcome);

}  // namespace memrb::actions
