#pragma once

#include "memrb/target.h"

#include <string>

namespace memrb::engine {

/// The same container in the same run, or the same object in the same version.
bool same_pin(const Target& pinned, const Target& now);

/// Why `now` is not what was pinned, in words; empty: it is. Once memrb itself has changed it, only another spec of a
/// workload is somebody else's work.
std::string how_moved(const Target& pinned, const Target& now, bool changed_by_memrb);

}  // namespace memrb::engine
