#pragma once

#include "actions/json_get.h"
#include "memrb/reading.h"
#include "memrb/target.h"

namespace memrb::actions {

/// True if the document is the engine's answer to `/containers/ID/stats`.
bool is_engine_stats(const Json& document);

/// The target's memory: exact bytes. The engine gives the host's memory as the limit where there is none, and empty or
/// zero counters for a container that does not run. NoData: it does not run, or the answer is about another container.
Reading read_engine_stats(const Json& document, const Target& target, Timestamp at);

}  // namespace memrb::actions
