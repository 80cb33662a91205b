#include "engine/replay_runner.h"

#include <utility>

namespace memrb::engine {

ReplayRunner::ReplayRunner(Recorded recorded) : recorded_(std::move(recorded)) {}

Outcome ReplayRunner::run(const Request& /*request*/, const RunContext& context, const Stop& /*stop*/) {
    if (auto outcome = recorded_(context.step)) {
        return *std::move(outcome);
    }
    Outcome missing;
    missing.ending = NotStarted{"the record does not hold this step", false, false};
    return missing;
}

}  // namespace memrb::engine
