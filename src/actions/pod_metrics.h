#pragma once

#include "actions/json_get.h"
#include "actions/pod_state.h"
#include "memrb/action.h"

#include <string_view>

namespace memrb::actions {

/// True if the document is, or holds, what metrics-server measures of pods.
bool has_pod_metrics(const Json& document);

/// The memory of the target's containers from a document that holds both their PodMetrics and the pods with their
/// limits. The reading is that of the container nearest to its limit, which its source names; without limits of the
/// largest. Pods without a measurement are NoData or a warning, never zero.
Interpretation interpret_pod_metrics(const Json& document, const ActionContext& context);

/// The table of `kubectl top pods [--containers]`, rounded down to MiB: a FleetReading. Nothing to read in
/// other text.
Interpretation interpret_top_pods(const ActionContext& context, Timestamp at, std::string_view text);

/// The table of `kubectl top nodes`: only a note, and a warning of a node that is nearly full.
Interpretation interpret_top_nodes(std::string_view text);

}  // namespace memrb::actions
