#include "engine/preview.h"

#include "engine/conclude.h"
#include "engine/expand.h"
#include "engine/facts.h"
#include "engine/foreseen.h"
#include "engine/inputs.h"
#include "engine/preview_runner.h"
#include "engine/proposal.h"
#include "engine/step_run.h"
#include "engine/watch.h"

#include <algorithm>
#include <string>

namespace memrb::engine {

namespace {

// Lets everything through to the runner that starts nothing.
class OpenGate final : public StepGate {
public:
    Verdict permit(const Step& /*step*/, const Change& /*change*/) override { return {true, StepStatus::ok, {}}; }
    Verdict task(const Step& /*step*/, const std::string& /*instructions*/) override {
        return {false, StepStatus::not_previewable, "for a person"};
    }
    void change_begins(Milliseconds /*timeout*/) override {}
    void change_ends() override {}
};

// One after the other, in the runbook's order: nothing takes time.
std::vector<StepResult> preview_reads(const std::vector<const Step*>& steps, const Session& session,
                                      const PreviewInstruments& instruments) {
    PreviewRunner runner;
    return execute_reads(steps, session, {runner, instruments.log, instruments.programs, instruments.stop, 1, true},
                         [](const auto& /*so_far*/) { return Assessment{}; });
}

class OptionWalk {
public:
    OptionWalk(const std::vector<StepResult>& known, const Session& session, const PreviewInstruments& instruments,
               const std::map<std::string, StepResult>& settled)
        : session_(session), instruments_(instruments), settled_(settled), vars_(session.vars) {
        for (const auto& result : known) {
            known_.emplace(result.step->id, &result);
        }
        if (proposes_limit(session.runbook, session.vars)) {
            open_.emplace_back(proposed_limit);
            vars_.emplace(proposed_limit, "${" + std::string(proposed_limit) + "}");
        }
    }

    void add(const std::vector<Step>& steps, std::vector<StepResult>& results) {
        results.reserve(steps.size());  // known_ points into it
        const Session session{session_.runbook, session_.target, session_.host_containers, vars_, session_.tools,
                              session_.now,     session_.past};
        for (const auto& step : steps) {
            if (const auto done = settled_.find(step.id); done != settled_.end()) {
                results.push_back(done->second);
                results.back().step = &step;
                known_.insert_or_assign(step.id, &results.back());
                continue;
            }
            results.push_back(run_step(step, inputs_for(step), session,
                                       {runner_, instruments_.log, instruments_.programs, instruments_.stop, 1, true},
                                       &gate_));
            known_.insert_or_assign(step.id, &results.back());
        }
    }

private:
    Inputs inputs_for(const Step& step) const {
        Inputs inputs = gather_inputs(step, known_, {session_.target, vars_, Assessment{}});
        inputs.open_vars = open_;
        const bool looks = std::any_of(open_.begin(), open_.end(), [&](const std::string& name) {
            return mentions(step, name) || (step.when && step.when->text.find(".vars." + name) != std::string::npos);
        });
        if (looks || step.needs_assessment) {
            inputs.waits_for.emplace_back(measuring_wait);
        }
        return inputs;
    }

    const Session& session_;
    const PreviewInstruments& instruments_;
    const std::map<std::string, StepResult>& settled_;
    Variables vars_;
    std::vector<std::string> open_;
    KnownResults known_;
    PreviewRunner runner_;
    OpenGate gate_;
};

}  // namespace

std::vector<StepResult> preview_diagnosis(const Session& session, const PreviewInstruments& instruments) {
    std::vector<const Step*> steps;
    for (const auto& group : session.runbook.diagnose) {
        for (const auto& step : group.steps) {
            steps.push_back(&step);
        }
    }
    return preview_reads(steps, session, instruments);
}

std::vector<StepResult> preview_look(const Session& session, const PreviewInstruments& instruments) {
    return preview_reads(watched_reads(session.runbook), session, instruments);
}

OptionPreview preview_option(const Option& option, const std::vector<StepResult>& known, const Session& session,
                             const PreviewInstruments& instruments, const std::map<std::string, StepResult>& settled) {
    OptionPreview preview;
    preview.option = &option;
    if (option.applies) {
        preview.applies = foreseen(*option.applies, facts_json({session.target, session.vars, nullptr, {}}), {},
                                   instruments.programs);
    }
    if (risk_of(option) >= Risk::disruptive) {
        std::vector<const Step*> evidence;
        for (const auto& step : session.runbook.evidence) {
            evidence.push_back(&step);
        }
        preview.evidence = preview_reads(evidence, session, instruments);
    }
    OptionWalk walk(known, session, instruments, settled);
    walk.add(option.steps, preview.steps);
    walk.add(option.verify, preview.checks);
    walk.add(option.undo, preview.undo);
    return preview;
}

}  // namespace memrb::engine
