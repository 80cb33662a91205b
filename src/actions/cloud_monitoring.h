#pragma once

#include "memrb/action.h"

#include <string>

namespace memrb::actions {

/// A GET of the target's project at Cloud Monitoring: `path` is what follows the base address, from its `/` on. The
/// base is the variable `monitoring_url`, else Google's own. The token comes from gcloud. Errors: no target on Cloud
/// Run, gcloud is not installed, an address to which a token would be sent in the clear.
Result<HttpRequest> monitoring_get(const ActionContext& context, const std::string& path);

/// The same for its Prometheus endpoint: `/api/v1/query...`.
Result<HttpRequest> monitoring_promql(const ActionContext& context, const std::string& path);

}  // namespace memrb::actions
