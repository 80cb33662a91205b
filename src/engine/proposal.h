#pragma once

#include "engine/variables.h"
#include "memrb/assessment.h"

namespace memrb::engine {

/// `vars` with a value for the runbook's `memory_limit` where nobody has given one: the limit that the assessment
/// recommends, rounded up to MiB, in the platform's own word for them. Unchanged if the runbook has no such variable,
/// nothing is recommended, or not more than the present limit.
Variables with_proposed_limit(Variables vars, const Runbook& runbook, const Target& target,
                              const Assessment& assessment);

}  // namespace memrb::engine
