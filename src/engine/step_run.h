#pragma once

#include "engine/execute.h"

#include <map>
#include <string>
#include <vector>

namespace memrb::engine {

/// What the steps before have left to this one.
struct Inputs {
    std::map<std::string, std::string> captures;  ///< values as text, by name
    std::map<std::string, std::string> missing;   ///< captures that should be there, and why they are not
    std::string facts;                            ///< JSON for `when`; empty: the step has no condition
    std::vector<std::string> waits_for;           ///< in a dry run: what is not known because it has not been run
};

/// Does one step from its condition to its captures, and tells the log. An action that throws makes its step fail, not
/// the diagnosis.
StepResult run_step(const Step& step, const Inputs& inputs, const Session& session, const Instruments& instruments);

/// A step that is not started because of another one.
StepResult block_step(const Step& step, StepStatus status, std::string why, const Instruments& instruments);

}  // namespace memrb::engine
