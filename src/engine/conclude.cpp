#include "engine/conclude.h"

#include "engine/facts.h"
#include "memory/assess.h"
#include "memory/causes.h"

#include <fmt/core.h>
#include <algorithm>
#include <map>

namespace memrb::engine {

namespace {

memory::SignEvidence::Holds holds(Truth truth) {
    switch (truth) {
        case Truth::yes: return memory::SignEvidence::Holds::yes;
        case Truth::no: return memory::SignEvidence::Holds::no;
        case Truth::unknown: break;
    }
    return memory::SignEvidence::Holds::unknown;
}

std::vector<memory::CauseEvidence> weigh_signs(const Runbook& runbook, const Programs& programs,
                                               const base::JqInput& facts) {
    std::vector<memory::CauseEvidence> causes;
    for (const auto& cause : runbook.causes) {
        memory::CauseEvidence evidence{cause.id, cause.title, {}, cause.options};
        for (const auto& sign : cause.signs) {
            evidence.signs.push_back({sign.weight, sign.says, holds(programs.test(sign.when, facts))});
        }
        causes.push_back(std::move(evidence));
    }
    return causes;
}

struct Suggestion {
    std::string option;
    std::string cause;
};

// The first option that applies, of the best cause that is believed at all.
std::optional<Suggestion> suggest(const Assessment& assessment, const std::vector<OfferedOption>& offered) {
    for (const auto& cause : assessment.causes) {
        if (cause.confidence == RankedCause::Confidence::low) {
            break;  // sorted: none after it is better
        }
        for (const auto& id : cause.options) {
            if (std::any_of(offered.begin(), offered.end(),
                            [&](const OfferedOption& option) { return option.id == id; })) {
                return Suggestion{id, cause.title};
            }
        }
    }
    return std::nullopt;
}

std::vector<OfferedOption> offer(const Runbook& runbook, const Programs& programs, const base::JqInput& facts,
                                 const Assessment& assessment) {
    std::vector<OfferedOption> offered;
    for (const auto& option : runbook.options) {
        if (option.applies && programs.test(*option.applies, facts) == Truth::no) {
            continue;
        }
        offered.push_back({option.id, option.title, false, risk_of(option), option.use_when, option.costs});
    }
    if (const auto suggestion = suggest(assessment, offered)) {
        const auto best = std::find_if(offered.begin(), offered.end(),
                                       [&](const OfferedOption& option) { return option.id == suggestion->option; });
        best->suggested = true;
        best->why = fmt::format("for {}: {}", suggestion->cause, best->why);
    }
    return offered;
}

}  // namespace

Risk risk_of(const Option& option) {
    Risk risk = Risk::read;
    for (const auto& step : option.steps) {
        risk = std::max(risk, step.risk);
    }
    return risk;
}

Assessment assess_results(const Session& session, const std::vector<StepResult>& results) {
    std::vector<Reading> readings;
    for (const auto& result : results) {
        readings.insert(readings.end(), result.readings.begin(), result.readings.end());
    }
    return memory::assess({session.target, readings, session.runbook.thresholds, session.now, session.past});
}

void conclude(Assessment& assessment, const Session& session, const std::vector<StepResult>& results,
              const Programs& programs) {
    if (session.runbook.causes.empty() && session.runbook.options.empty()) {
        return;  // nothing to weigh
    }
    std::map<std::string, StepFacts> steps;
    for (const auto& result : results) {
        steps.emplace(result.step->id, StepFacts{result.status, result.captures});
    }
    auto facts = base::JqInput::parse(facts_json({session.target, session.vars, &assessment, steps}));
    if (!facts) {
        facts = base::JqInput::parse("null");  // nothing is known: every sign is unknown, every option is offered
    }
    auto ranking = memory::rank(weigh_signs(session.runbook, programs, *facts), assessment.trend);
    assessment.causes = std::move(ranking.causes);
    assessment.cause_clear = ranking.clear;
    assessment.options = offer(session.runbook, programs, *facts, assessment);
}

}  // namespace memrb::engine
