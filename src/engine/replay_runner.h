#pragma once

#include "memrb/ports.h"

#include <functional>
#include <optional>
#include <string>

namespace memrb::engine {

/// Answers with what was recorded: nothing is run. A step that the record does not hold did not happen, and is told so.
class ReplayRunner : public Runner {
public:
    /// `recorded` gives the outcome of a step id, or nothing. Called from several threads at once.
    using Recorded = std::function<std::optional<Outcome>(const std::string& step)>;
    explicit ReplayRunner(Recorded recorded);

    Outcome run(const Request& request, const RunContext& context, const Stop& stop) override;

private:
    Recorded recorded_;
};

}  // namespace memrb::engine
