#pragma once

#include "memrb/outcome.h"

#include <optional>
#include <string>
#include <string_view>

namespace memrb::actions {

/// What kubectl says about its cluster, plainly: no login, not permitted, changed meanwhile, not able, no answer. Other
/// words come back as failure_of tells them. Nothing: there was no failure.
std::optional<std::string> kube_failure_of(const Outcome& outcome);

/// The same for one of kubectl's error lines; nothing if it is not one of these.
std::optional<std::string> kube_complaint(std::string_view words);

/// True if a change that ended with these words may have been made: the request was sent and the answer was lost.
bool leaves_open(std::string_view words);

}  // namespace memrb::actions
