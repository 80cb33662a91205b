#include "engine/inputs.h"

#include "engine/facts.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace memrb::engine {

namespace {

// A captured JSON value as it is written into a command: strings bare, all else as JSON.
std::string as_word(const std::string& json_text) {
    if (!json_text.starts_with('"')) {
        return json_text;
    }
    const auto value = nlohmann::json::parse(json_text, nullptr, false);
    return value.is_string() ? value.get<std::string>() : json_text;
}

std::string how_it_ended(const StepResult& result) {
    switch (result.status) {
        case StepStatus::failed: return "failed";
        case StepStatus::no_data: return "gave no data";
        default: return fmt::format("was {}", to_string(result.status));
    }
}

// Why `name`, which the step `of` captures, is not there.
std::string missing_capture(const std::string& name, const StepResult& of) {
    const std::string needs = fmt::format("needs `{}` of {}", name, of.step->id);
    return of.status == StepStatus::ok ? needs + ", whose output does not hold it"
                                       : fmt::format("{}, which {}: {}", needs, how_it_ended(of), of.why);
}

}  // namespace

void add_captures(const StepResult& needed, Inputs& inputs) {
    const bool unknown = needed.status == StepStatus::previewed || needed.status == StepStatus::depends ||
                         needed.status == StepStatus::not_previewable;
    if (unknown) {
        inputs.waits_for.push_back(needed.step->id);
    }
    for (const auto& [name, value] : needed.captures) {
        inputs.captures.insert_or_assign(name, as_word(value));
    }
    for (const auto& [name, expression] : needed.step->captures) {
        if (unknown) {
            inputs.captures.emplace(name, "${" + name + "}");  // shown as the hole that it is
        } else if (!inputs.captures.contains(name)) {
            inputs.missing.emplace(name, missing_capture(name, needed));
        }
    }
}

Inputs gather_inputs(const Step& step, const KnownResults& results, const Known& known) {
    Inputs inputs;
    for (const auto& id : step.needs) {
        if (const auto found = results.find(id); found != results.end()) {
            add_captures(*found->second, inputs);
        }
    }
    if (step.when) {
        std::map<std::string, StepFacts> facts;
        for (const auto& [id, result] : results) {
            facts.emplace(id, StepFacts{result->status, result->captures});
        }
        inputs.facts = facts_json({known.target, known.vars, &known.assessment, facts});
    }
    return inputs;
}

}  // namespace memrb::engine
