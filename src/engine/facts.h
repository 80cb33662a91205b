#pragma once

#include "memrb/assessment.h"
#include "memrb/event.h"
#include "memrb/target.h"

#include <map>
#include <string>

namespace memrb::engine {

/// What conditions may know of a step that has ended.
struct StepFacts {
    StepStatus status = StepStatus::unknown;
    Pairs captures;  ///< names and JSON values
};

struct FactSources {
    const Target& target;
    const std::map<std::string, std::string>& vars;
    const Assessment* assessment = nullptr;  ///< none yet: memory, trend, oom, restarts, load and features are null
    const std::map<std::string, StepFacts>& steps;
};

/// The JSON text that `when`, `signs`, `applies` and `until` are evaluated over:
/// `{target, vars, memory, trend, oom, restarts, load, features, steps}`; what is not known is null.
std::string facts_json(const FactSources& sources);

}  // namespace memrb::engine
