#pragma once

#include "memrb/outcome.h"
#include "memrb/request.h"

#include <tl/expected.hpp>

namespace memrb::system {

/// What no program could be started with: no name, a zero byte (it would silently cut the text), `=` in a variable's
/// name.
tl::expected<void, NotStarted> check_command(const Command& command);

/// The words for a person when posix_spawnp failed with `error` (an errno value).
NotStarted explain_spawn_failure(const Command& command, int error);

}  // namespace memrb::system
