#pragma once

#include "memrb/action.h"
#include "memrb/outcome.h"

namespace memrb::actions {

/// The output of `docker events`, as JSON lines (`--format '{{json .}}'`) or as text: the target's OOM events. The
/// engine keeps the last 256 events of all kinds in memory, so the check covers the time from the oldest event shown,
/// and no more.
Interpretation interpret_events(const ActionContext& context, const Output& out);

}  // namespace memrb::actions
