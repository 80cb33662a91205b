#pragma once

#include "engine/execute.h"
#include "memrb/assessment.h"

#include <vector>

namespace memrb::engine {

struct Diagnosis {
    std::vector<StepResult> steps;  ///< in the runbook's order
    Assessment assessment;
    bool interrupted = false;
};

/// Runs all diagnosis steps of the session's runbook, judges, ranks causes and picks the options; each step and the
/// assessment go to the log.
Diagnosis diagnose(const Session& session, const Instruments& instruments);

/// Nothing was learnt: no memory, and no word on OOM kills either.
bool inconclusive(const Assessment& assessment);

/// The steps of an option (or its checks, or its undo) as they would be run: one text line for each part of each
/// request, `${x}` left as it is where the value is not known yet. Steps for another kind of target are left out.
/// Starts nothing.
std::vector<std::string> describe_steps(const std::vector<Step>& steps, const Session& session);

}  // namespace memrb::engine
