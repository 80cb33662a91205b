#include "engine/replay_runner.h"

#include <utility>

namespace memrb::engine {

ReplayRunner::ReplayRunner(Recorded recorded) : recorded_(std::move(recorded)) {}

Outcome ReplayRunner::run(const Request& request, const RunContext& context, const Stop& /*stop*/) {
    Outcome missing;
    missing.ending = NotStarted{"the record does not hold this step"};
    if (std::holds_alternative<Wait>(request)) {  // between attempts: the record holds the last one only
        missing.ending = NotStarted{"a replay does not wait"};
        return missing;
    }
    return recorded_(context.step).value_or(std::move(missing));
}

}  // namespace memrb::engine
