#include "engine/rehearsal.h"

#include "engine/inputs.h"
#include "engine/proposal.h"
#include "engine/step_run.h"

#include <fmt/core.h>

namespace memrb::engine {

namespace {

// Its answer is the tool's word on the change, not the change's output: nothing can be captured from it or expected.
Step as_read(const Step& step, Params asked) {
    Step read = step;
    read.params = std::move(asked);
    read.risk = Risk::read;
    read.captures.clear();
    read.expect.reset();
    read.retry.reset();
    return read;
}

StepResult skip(const Step& step, const Inputs& inputs, const Instruments& instruments) {
    if (step.when && instruments.programs.test(*step.when, inputs.facts) != Truth::yes) {
        return block_step(step, StepStatus::skipped, fmt::format("only when {}", step.when->text), instruments);
    }
    return block_step(step, StepStatus::skipped, fmt::format("not previewable: {} cannot be asked", step.action->name),
                      instruments);
}

}  // namespace

std::vector<StepResult> rehearse(const Option& option, const Diagnosis& diagnosis, const Session& session,
                                 const Instruments& instruments) {
    KnownResults known;
    for (const auto& result : diagnosis.steps) {
        known.emplace(result.step->id, &result);
    }
    const Variables vars = with_proposed_limit(session.vars, session.runbook, session.target, diagnosis.assessment);
    const Session asking{session.runbook, session.target, session.host_containers, vars, session.tools,
                         session.now,     session.past};
    std::vector<StepResult> results;
    for (const auto& step : option.steps) {
        const Inputs inputs = gather_inputs(step, known, {session.target, vars, diagnosis.assessment});
        auto asked = step.action->rehearse == nullptr ? std::nullopt : step.action->rehearse(step.params);
        if (asked) {
            const Step read = as_read(step, *std::move(asked));
            results.push_back(run_step(read, inputs, asking, instruments));
            results.back().step = &step;
        } else {
            results.push_back(skip(step, inputs, instruments));
        }
    }
    return results;
}

}  // namespace memrb::engine
