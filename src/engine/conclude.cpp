#include "engine/conclude.h"

#include "engine/facts.h"
#include "memory/assess.h"
#include "memory/capacity.h"
#include "memory/causes.h"

#include <fmt/core.h>
#include <algorithm>
#include <map>

namespace memrb::engine {

namespace {

using Texts = std::vector<std::string>;

memory::SignEvidence::Holds holds(Truth truth) {
    switch (truth) {
        case Truth::yes: return memory::SignEvidence::Holds::yes;
        case Truth::no: return memory::SignEvidence::Holds::no;
        case Truth::unknown: break;
    }
    return memory::SignEvidence::Holds::unknown;
}

// The same sign speaks for one cause and against another: each condition is tested once.
class Tests {
public:
    Tests(const Programs& programs, const ConditionInput& facts) : programs_(programs), facts_(facts) {}

    Truth test(const Expression& expression) {
        const auto [known, is_new] = known_.try_emplace(expression.index, Truth::unknown);
        if (is_new) {
            known->second = programs_.test(expression, facts_);
        }
        return known->second;
    }

private:
    const Programs& programs_;
    const ConditionInput& facts_;
    std::map<std::size_t, Truth> known_;
};

std::vector<memory::CauseEvidence> weigh_signs(const Runbook& runbook, Tests& tests) {
    std::vector<memory::CauseEvidence> causes;
    for (const auto& cause : runbook.causes) {
        memory::CauseEvidence evidence{cause.id, cause.title, {}, cause.options};
        for (const auto& sign : cause.signs) {
            evidence.signs.push_back({sign.weight, sign.says, holds(tests.test(sign.when))});
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

std::vector<OfferedOption> offer(const Runbook& runbook, Tests& tests, const Assessment& assessment) {
    std::vector<OfferedOption> offered;
    for (const auto& option : runbook.options) {
        if (option.applies && tests.test(*option.applies) == Truth::no) {
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

// `512m` is Docker's word for MiB; elsewhere sizes are Kubernetes quantities.
std::optional<double> size_given(const Session& session, const std::string& name, Texts& problems) {
    const auto found = session.vars.find(name);
    if (found == session.vars.end()) {
        return std::nullopt;
    }
    const bool docker = session.target.platform == Platform::docker;
    const auto bytes = docker ? parse_docker_size(found->second) : parse_quantity(found->second);
    if (!bytes) {
        problems.push_back(fmt::format("{}: {}", name, bytes.error().message));
        return std::nullopt;
    }
    return static_cast<double>(*bytes);
}

std::optional<memory::CapacityModel> given_capacity(const Session& session, Texts& problems) {
    const auto base = size_given(session, "base_memory", problems);
    const auto each = size_given(session, "request_memory", problems);
    if (base.has_value() != each.has_value() && problems.empty()) {
        problems.emplace_back("base_memory and request_memory tell a capacity only together");
    }
    return base && each ? memory::given_capacity(*base, *each) : std::nullopt;
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
    Texts problems;
    const auto carries = given_capacity(session, problems);
    Assessment assessment =
        memory::assess({session.target, readings, session.runbook.thresholds, session.now, session.past, carries});
    assessment.warnings.insert(assessment.warnings.end(), problems.begin(), problems.end());
    return assessment;
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
    const ConditionInput facts(facts_json({session.target, session.vars, &assessment, steps}));
    Tests tests(programs, facts);
    auto ranking = memory::rank(weigh_signs(session.runbook, tests), assessment.trend);
    assessment.causes = std::move(ranking.causes);
    assessment.cause_clear = ranking.clear;
    assessment.options = offer(session.runbook, tests, assessment);
}

}  // namespace memrb::engine
