#pragma once

#include "memrb/assessment.h"
#include "memrb/reading.h"
#include "memrb/target.h"

#include <cstddef>
#include <string>
#include <vector>

namespace memrb {

/// One of many containers, before it is judged.
struct FleetMember {
    Target target;
    std::vector<Reading> readings;
    std::string outdated;  ///< why its newest sample tells nothing of the present; empty: it does
};

/// One of many containers, judged. The series is not kept.
struct FleetRow {
    Target target;
    Assessment assessment;
    bool outdated = false;
};

/// What is known of a row: each has exactly one of these.
enum class FleetState {
    judged,         ///< against its limit
    no_limit,       ///< measured; there is no limit to judge by
    limit_unknown,  ///< measured; nobody has told the limit
    stale,          ///< nothing was measured of late
    stopped,        ///< it does not run
    no_data,        ///< nothing was measured at all
};
FleetState state_of(const FleetRow& row);

/// How many containers there are of each kind.
struct FleetCounts {
    std::size_t total = 0, judged = 0, no_limit = 0, limit_unknown = 0, stale = 0, stopped = 0, no_data = 0;
    std::size_t left_out = 0;  ///< no containers: cgroup parents, pause containers; not in `total`
};

}  // namespace memrb
