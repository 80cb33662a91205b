#pragma once

#include "engine/step_run.h"
#include "memrb/assessment.h"

#include <map>
#include <string>

namespace memrb::engine {

/// What a step that uses `needed`'s captures gets of it: the values, or why there are none.
void add_captures(const StepResult& needed, Inputs& inputs);

using KnownResults = std::map<std::string, const StepResult*>;  ///< by step id

/// What conditions know besides the results of steps.
struct Known {
    const Target& target;
    const std::map<std::string, std::string>& vars;
    const Assessment& assessment;
};

/// All that a step of an option may use of a finished diagnosis and of the steps before it.
Inputs gather_inputs(const Step& step, const KnownResults& results, const Known& known);

}  // namespace memrb::engine
