#pragma once

#include "memrb/action.h"
#include "memrb/target.h"

#include <span>

namespace memrb::actions {

/// Every action type that a runbook may use.
ActionTypes action_types();

/// Every place where targets are looked up, in the order in which they are asked.
std::span<const TargetFinder* const> target_finders();

}  // namespace memrb::actions
