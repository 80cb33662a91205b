#pragma once

#include "actions/cloud_run_service.h"
#include "memrb/reading.h"
#include "memrb/result.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace memrb::actions {

/// How a revision has fared while it served.
struct RevisionHealth {
    double peak = 0;   ///< highest share of its limit, 0..1
    double early = 0;  ///< share of its limit when it began, and lately
    double late = 0;
    bool killed = false;  ///< it was out of memory at least once

    /// It stayed below 85 % of its limit, did not grow by a tenth of it, and was never out of memory.
    [[nodiscard]] bool healthy() const;
    [[nodiscard]] std::string words() const;
};

/// Revisions that nothing is known of are not in it.
using HealthByRevision = std::map<std::string, RevisionHealth>;

/// What utilization tells: points of one revision as shares of its limit, oldest first.
RevisionHealth health_of(const std::vector<Point>& ratios);

/// The same from captures: a list of {name, peak, early, late}, and a list of names.
HealthByRevision read_health(const Json& utilization, const Json& killed);

struct RollbackTarget {
    std::string revision;
    std::string why;    ///< one line
    std::string onset;  ///< the first revision, on the way from there to the serving one, that was not healthy
};

/// The newest revision before the serving one that is ready and was healthy; where none is known to have been healthy,
/// the newest one that nothing is known of. Not simply the one before: that may leak as well. Errors (no_data): there
/// is only one revision, or all of them were unhealthy.
Result<RollbackTarget> choose_rollback(const std::vector<CloudRevision>& newest_first, const std::string& serving,
                                       const HealthByRevision& health);

}  // namespace memrb::actions
