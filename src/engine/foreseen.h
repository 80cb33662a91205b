#pragma once

#include "engine/condition.h"

#include <string>
#include <vector>

namespace memrb::engine {

/// What a condition over the facts says before anything has been run. Unknown if it looks at what is measured, at
/// steps or at one of `open_vars`, unless the target or the variables alone rule it out.
Truth foreseen(const Expression& condition, const std::string& facts, const std::vector<std::string>& open_vars,
               const Programs& programs);

}  // namespace memrb::engine
