#pragma once

#include "memrb/result.h"
#include "memrb/units.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::actions {

/// The time that a scan looks at: a grid from `start` to `end`, both included.
struct FleetRange {
    Timestamp start{}, end{};
    Milliseconds step{};
};

/// What a scan asks about.
struct FleetScope {
    std::vector<std::string> matchers;  ///< checked
    FleetRange range;
    std::string load_metric{};  ///< checked; empty: none was named
};

/// The name of a metric. Errors: usage.
Result<std::string> check_metric_name(std::string_view text);

/// A label matcher as PromQL writes it (`namespace="prod"`, `pod=~"web-.*"`), without spaces around. Errors: usage.
Result<std::string> check_matcher(std::string_view text);

/// What is asked for all containers at once. `working_set` is the large one: every step of the range.
enum class FleetQuery {
    limit,       ///< newest value
    start_time,  ///< newest value
    starts,      ///< every step, of containers that were started again within the range
    anon,        ///< every sixth step
    file,        ///< every 24th step
    load,        ///< every second step; of all containers whatever the matchers, which are about other labels
    oom_events,  ///< every fourth step, of containers whose counter is not zero
    oom_known,   ///< newest value: tells zero from "nobody counts"
    left_out,    ///< one number: series that are no container
    working_set_docker,
    working_set_kubernetes,
};

/// The address to GET. `base` is that of Prometheus (check_base_address).
std::string fleet_url(FleetQuery query, std::string_view base, const FleetScope& scope);

/// All but the working set, in the order in which they are best asked.
std::vector<FleetQuery> companion_queries(const FleetScope& scope);

/// The cheap query that tells whether there is anything for this one to bring; none: it is always asked.
std::optional<FleetQuery> only_after(FleetQuery query);
/// A newest value of such a cheap query tells so.
bool calls_for_more(FleetQuery query, double newest, const FleetRange& range);

}  // namespace memrb::actions
