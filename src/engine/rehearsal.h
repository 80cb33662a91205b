#pragma once

#include "engine/diagnose.h"

#include <vector>

namespace memrb::engine {

/// What an option's steps would do, asked of the tools themselves where they can tell without doing it: an API server
/// checks and answers as for the change. Nothing is changed, for each step runs as the read that it then is; a step
/// whose tool cannot be asked is skipped as not previewable.
std::vector<StepResult> rehearse(const Option& option, const Diagnosis& diagnosis, const Session& session,
                                 const Instruments& instruments);

}  // namespace memrb::engine
