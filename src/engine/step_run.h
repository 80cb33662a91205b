#pragma once

#include "engine/execute.h"

#include <map>
#include <string>

namespace memrb::engine {

/// What the steps before have left to this one.
struct Inputs {
    std::map<std::string, std::string> captures;  ///< values as text, by name
    std::string facts;                            ///< JSON for `when`; empty: the step has no condition
    bool facts_complete = true;                   ///< false in a dry run: what other steps would find is not known
};

/// Does one step from its condition to its captures, and tells the log. Never throws.
StepResult run_step(const Step& step, const Inputs& inputs, const Session& session, const Instruments& instruments);

/// A step that is not started because of another one.
StepResult block_step(const Step& step, StepStatus status, std::string why, const Instruments& instruments);

}  // namespace memrb::engine
