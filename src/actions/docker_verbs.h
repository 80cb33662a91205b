#pragma once

#include "actions/command_line.h"

namespace memrb::actions {

/// The commands of the docker CLI up to version 28 and what each may do.
const Grammar& docker_grammar();

/// The commands of Compose, versions 1 and 2.
const Grammar& compose_grammar();

}  // namespace memrb::actions
