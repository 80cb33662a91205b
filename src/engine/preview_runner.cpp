#include "engine/preview_runner.h"

namespace memrb::engine {

Outcome PreviewRunner::run(const Request& /*request*/, const RunContext& /*context*/, const Stop& /*stop*/) {
    Outcome outcome;
    outcome.ending = Previewed{};
    return outcome;
}

}  // namespace memrb::engine
