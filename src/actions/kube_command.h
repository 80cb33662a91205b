#pragma once

#include "memrb/request.h"
#include "memrb/target.h"

#include <span>
#include <string>

namespace memrb::actions {

/// kubectl with the pinned context and namespace, and a bound on each of its requests: without one it waits for minutes
/// for a server that hangs. Changes and waiting commands get a longer one.
Command kube_command(const Tools& tools, const KubeRef& where, std::span<const std::string> words);

}  // namespace memrb::actions
