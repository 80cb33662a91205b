#pragma once

#include "memrb/request.h"
#include "memrb/target.h"

#include <span>
#include <string>

namespace memrb::actions {

/// The real gcloud on one service: project and region are named on each call, questions are switched off, a read asks
/// for JSON and gives up waiting for the API before the step does. A log is read of that service only.
Command gcloud_command(const Tools& tools, const CloudRunRef& where, std::span<const std::string> words);

}  // namespace memrb::actions
