#pragma once

#include "memrb/fleet.h"

#include <vector>

namespace memrb::engine {

/// Worst first: by level, of one level those with OOM kills, then those that reach their limit soonest, then the
/// fullest. What cannot be judged stands between `watch` and `ok`: it is no finding, and no health either.
void sort_worst_first(std::vector<FleetRow>& rows);

/// Something is to be seen of it for which a cause is worth looking for: the level is `watch` or worse, OOM kills were
/// seen, or the trend is neither flat nor falling.
bool is_conspicuous(const FleetRow& row);

/// `left_out` stays 0.
FleetCounts count(const std::vector<FleetRow>& rows);

}  // namespace memrb::engine
