#pragma once

#include "memrb/target.h"

#include <optional>

namespace memrb::actions {

/// The service as the finder will look for it, before it has: project, region and name, no revision and no limit.
/// Nothing: one of the three is missing or no name, or gcloud is not installed.
std::optional<Target> likely_cloud_run_service(const FindContext& context);

}  // namespace memrb::actions
