#include "engine/early_reads.h"

#include "engine/expand.h"
#include "engine/step_run.h"
#include "engine/variables.h"

#include <algorithm>
#include <optional>
#include <variant>

namespace memrb::engine {

namespace {

bool waits_for_nothing(const Step& step) {
    return step.risk == Risk::read && !step.when && step.needs.empty() && !step.needs_assessment;
}

std::optional<Request> planned(const Step& step, const Target& target, const Session& session) {
    Variables vars = session.vars;
    follow_target(vars, target);
    const auto params = expand_params(step, vars);
    if (!params || step.action->risk(*params) > step.risk) {
        return std::nullopt;
    }
    auto request =
        step.action->plan(*params, {target, session.host_containers, vars, session.tools, session.now, session.past});
    return request ? std::optional(*std::move(request)) : std::nullopt;
}

}  // namespace

std::vector<EarlyRead> early_reads(const Session& likely) {
    Target other = likely.target;  // the same, but pinned
    other.id = "x";
    std::vector<EarlyRead> reads;
    for (const auto& group : likely.runbook.diagnose) {
        for (const auto& step : group.steps) {
            auto request = waits_for_nothing(step) ? planned(step, likely.target, likely) : std::nullopt;
            const bool asks =
                request && (std::holds_alternative<Command>(*request) || std::holds_alternative<HttpRequest>(*request));
            if (asks && planned(step, other, likely) == request) {
                reads.push_back({step.id, *std::move(request), step.timeout.value_or(read_timeout)});
            }
        }
    }
    return reads;
}

}  // namespace memrb::engine
