#pragma once

#include "memrb/result.h"
#include "memrb/units.h"

#include <string>
#include <string_view>
#include <vector>

namespace memrb::actions {

/// The time that a scan looks at: a grid from `start` to `end`, both included.
struct FleetRange {
    Timestamp start{}, end{};
    Milliseconds step{};
};

/// A label matcher as PromQL writes it (`namespace="prod"`, `pod=~"web-.*"`), without spaces around. Errors: usage.
Result<std::string> check_matcher(std::string_view text);

/// What is asked for all containers at once. `working_set` is the large one: every step of the range.
enum class FleetQuery {
    limit,       ///< newest value
    start_time,  ///< newest value
    starts,      ///< every step, of containers that were started again within the range
    anon,        ///< every sixth step
    file,        ///< every 24th step
    oom_events,  ///< every fourth step, of containers whose counter is not zero
    oom_known,   ///< newest value: tells zero from "nobody counts"
    left_out,    ///< one number: series that are no container
    working_set_docker,
    working_set_kubernetes,
};

/// The address to GET. `base` is that of Prometheus (check_base_address), `matchers` are checked.
std::string fleet_url(FleetQuery query, std::string_view base, const std::vector<std::string>& matchers,
                      const FleetRange& range);

/// All but the working set, in the order in which they are best asked.
std::vector<FleetQuery> companion_queries();

}  // namespace memrb::actions
