#pragma once

#include "engine/variables.h"
#include "memrb/assessment.h"

#include <string_view>

namespace memrb::engine {

/// The variable that a diagnosis may give a value.
inline constexpr std::string_view proposed_limit = "memory_limit";

/// The runbook has it, and nobody has given it a value.
bool proposes_limit(const Runbook& runbook, const Variables& vars);

/// `vars` with a value for the runbook's `memory_limit` where nobody has given one: the limit that the assessment
/// recommends, rounded up to MiB, in the platform's own word for them. Unchanged if the runbook has no such variable,
/// nothing is recommended, or not more than the present limit.
Variables with_proposed_limit(Variables vars, const Runbook& runbook, const Target& target,
                              const Assessment& assessment);

}  // namespace memrb::engine
