#pragma once

#include "incident/history.h"
#include "memrb/result.h"

namespace memrb::incident {

/// The summary of an incident from `index.json` in its folder, if that is of the journal as it is now (its size and its
/// time of change); else from the journal, and the index is written anew. The index is only a shortcut: it may be
/// removed at any time, one that cannot be read or written does not matter, and nothing is ever proven by it.
Result<Summary> indexed_summary(const Entry& entry);

}  // namespace memrb::incident
