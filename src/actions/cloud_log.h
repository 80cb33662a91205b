#pragma once

#include "actions/json_get.h"
#include "memrb/reading.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace memrb::actions {

/// What Cloud Run's own log line says: `Memory limit of 512 MiB exceeded with 514 MiB used`.
struct MemoryExceeded {
    Bytes limit = 0;
    Bytes used = 0;
};

/// Nothing: the text does not say so. MB and GB are decimal, MiB, GiB and the older M and G binary.
std::optional<MemoryExceeded> read_memory_exceeded(std::string_view text);

/// Kills for want of memory in log entries as `gcloud logging read --format=json` gives them.
struct CloudKills {
    OomCheck check;                   ///< of the source cloud_log; `since` not set
    std::set<std::string> instances;  ///< distinct, as far as entries name them
    std::set<std::string> revisions;
    std::optional<MemoryExceeded> last;
    std::size_t entries = 0;
};

/// A kill that the application itself reports as well (error_type OUT_OF_MEMORY) within a minute on the same instance
/// counts once.
CloudKills find_kills(const Json& entries);

/// Why the logged limit is not the pinned one, or how they go together: 244 MiB is 256 MB. Empty: they are equal.
std::string compare_limits(Bytes logged, const Limit& pinned);

}  // namespace memrb::actions
