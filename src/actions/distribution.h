#pragma once

#include "actions/json_get.h"

#include <optional>

namespace memrb::actions {

/// A percentile (0..1) of a `distributionValue` of Cloud Monitoring, by even spread inside its bucket; buckets are
/// explicit, linear or exponential. Values beyond the last bound count as that bound. Nothing: it holds no value, or is
/// not understood.
std::optional<double> distribution_percentile(const Json& distribution, double share);

}  // namespace memrb::actions
