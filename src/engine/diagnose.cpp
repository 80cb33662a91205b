#include "engine/diagnose.h"

#include "base/describe.h"
#include "engine/conclude.h"
#include "engine/expand.h"
#include "engine/facts.h"
#include "engine/plain_condition.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace memrb::engine {

namespace {

void add_holes(Variables& vars, const std::vector<Step>& steps) {
    for (const auto& step : steps) {
        for (const auto& [name, expression] : step.captures) {
            vars.emplace(name, "${" + name + "}");
        }
    }
}

// What is not known before the steps have run, and what is not set, is shown as the hole that it is.
Variables with_holes(const std::vector<Step>& steps, const Session& session) {
    Variables vars = session.vars;
    for (const auto& variable : session.runbook.vars) {
        vars.emplace(variable.name, "${" + variable.name + "}");
    }
    for (const auto& group : session.runbook.diagnose) {
        add_holes(vars, group.steps);
    }
    for (const auto& option : session.runbook.options) {
        add_holes(vars, option.steps);  // its checks and its undo may use them too
    }
    add_holes(vars, steps);
    return vars;
}

// Of what a condition looks at, the target alone is settled before the steps run.
bool is_for_another_target(const Step& step, const nlohmann::json& facts) {
    const auto plain = step.when ? PlainCondition::parse(step.when->text) : std::nullopt;
    return plain && plain->ruled_out("target", facts);
}

std::vector<std::string> describe_step(const Step& step, const Session& session, const Variables& vars) {
    const auto params = expand_params(step, vars);
    if (!params) {
        return {"not possible: " + params.error().message};
    }
    const auto request = step.action->plan(
        *params, {session.target, session.host_containers, vars, session.tools, session.now, session.past});
    return request ? base::describe(*request) : std::vector<std::string>{"not possible: " + request.error().message};
}

}  // namespace

Diagnosis diagnose(const Session& session, const Instruments& instruments) {
    std::vector<const Step*> steps;
    for (const auto& group : session.runbook.diagnose) {
        for (const auto& step : group.steps) {
            steps.push_back(&step);
        }
    }
    Diagnosis diagnosis;
    diagnosis.steps = execute_reads(steps, session, instruments, [&](const std::vector<StepResult>& so_far) {
        return assess_results(session, so_far);
    });
    diagnosis.interrupted = instruments.stop.requested();
    diagnosis.assessment = assess_results(session, diagnosis.steps);
    conclude(diagnosis.assessment, session, diagnosis.steps, instruments.programs);
    instruments.log.emit(Assessed{diagnosis.assessment});
    return diagnosis;
}

bool inconclusive(const Assessment& assessment) {
    const bool oom_known = assessment.oom.verdict == OomAssessment::Verdict::confirmed ||
                           assessment.oom.verdict == OomAssessment::Verdict::probable;
    return !assessment.memory && !oom_known;
}

std::vector<std::string> describe_steps(const std::vector<Step>& steps, const Session& session) {
    const Variables vars = with_holes(steps, session);
    const auto facts = nlohmann::json::parse(facts_json({session.target, session.vars, nullptr, {}}), nullptr, false);
    std::vector<std::string> lines;
    for (const auto& step : steps) {
        if (is_for_another_target(step, facts)) {
            continue;
        }
        if (!step.title.empty()) {
            lines.push_back(step.title);
        }
        for (const auto& line : describe_step(step, session, vars)) {
            lines.push_back("  " + line);
        }
    }
    return lines;
}

}  // namespace memrb::engine
