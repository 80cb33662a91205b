#pragma once

#include "engine/condition.h"
#include "engine/execute.h"

#include <string>
#include <vector>

namespace memrb::engine {

/// A step that has ended, and what it was run with.
struct EndedStep {
    const Step& step;
    const Params& params;  ///< expanded
    const ActionContext& context;
    const std::vector<std::string>& waits_for;  ///< in a dry run: what is not known because it has not been run
    bool changes;                               ///< broken off, it may have taken effect or not
    const Programs& programs;
};

/// From the result's outcome to its readings, captures, warnings, note, status and the reason for it.
void judge(const EndedStep& ended, StepResult& result);

}  // namespace memrb::engine
