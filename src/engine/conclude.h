#pragma once

#include "engine/execute.h"
#include "memrb/assessment.h"

#include <vector>

namespace memrb::engine {

/// The numbers only: what the steps have measured, judged by memory/.
Assessment assess_results(const Session& session, const std::vector<StepResult>& results);

/// Adds causes (the runbook's signs over the facts) and options (those that apply; suggested: the first fitting option
/// of a cause that is named with some confidence).
void conclude(Assessment& assessment, const Session& session, const std::vector<StepResult>& results,
              const Programs& programs);

/// The highest risk of an option's steps.
Risk risk_of(const Option& option);

}  // namespace memrb::engine
