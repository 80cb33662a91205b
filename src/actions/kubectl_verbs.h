#pragma once

#include "actions/command_line.h"

namespace memrb::actions {

/// The commands of kubectl up to version 1.33 and what each may do.
const Grammar& kubectl_grammar();

}  // namespace memrb::actions
