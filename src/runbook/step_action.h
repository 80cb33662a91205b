#pragma once

#include "runbook/compilation.h"
#include "runbook/fields.h"

#include <string_view>

namespace memrb::runbook {

/// The action of a step.
struct StepAction {
    const ActionType* type = nullptr;  ///< null if the step has none
    Params params;
    Risk risk = Risk::disruptive;  ///< of the action, or as the step raises or lowers it
    KeyNames meant;                ///< keys that misspelt ones were taken for
};

/// Finds the action among the keys of `step`, a map, and reads its parameters. Reports no action or two, keys that are
/// neither generic nor the action's, wrong parameters, what the action itself refuses, and a risk that is not allowed.
/// `place` as in StepNote; mentions go to `note`.
StepAction read_step_action(Compilation& all, const Node& step, int place, StepNote& note);

/// One of step_keys.
bool is_generic_key(std::string_view name);

}  // namespace memrb::runbook
