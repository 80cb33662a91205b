#include "runbook/step_action.h"

#include "base/text.h"
#include "runbook/params.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::runbook {

namespace {

// A parameter as the file gives it, and the node of its key (the action's own for a short form).
struct Given {
    const ParamSpec* spec;
    const Node* key;
    const Node* value;
};

const ActionType* find_action(ActionTypes types, std::string_view name) {
    const auto found =
        std::find_if(types.begin(), types.end(), [&](const ActionType* type) { return type->name == name; });
    return found == types.end() ? nullptr : *found;
}

const ParamSpec* find_spec(const ActionType& action, std::string_view name) {
    const auto found = std::find_if(action.params.begin(), action.params.end(),
                                    [&](const ParamSpec& spec) { return spec.name == name; });
    return found == action.params.end() ? nullptr : &*found;
}

std::vector<std::string> names_of(ActionTypes types) {
    std::vector<std::string> names;
    for (const ActionType* type : types) {
        names.emplace_back(type->name);
    }
    return names;
}

class ActionReader {
public:
    ActionReader(Compilation& all, const Node& node, int place, StepNote& note)
        : all_(all), report_(all.report), node_(node), place_(place), note_(note) {}

    StepAction run() {
        find_action_key();
        check_keys();
        if (step_.type != nullptr) {
            read();
        }
        return std::move(step_);
    }

private:
    void find_action_key() {
        for (const auto& [key, value] : node_.entries) {
            const ActionType* action = find_action(all_.types, key->text);
            if (action == nullptr || is_generic_key(key->text)) {
                continue;
            }
            if (step_.type == nullptr) {
                step_.type = action;
                action_key_ = key;
                body_ = value;
            } else {
                report_.error(*key, fmt::format("a second action: this step already does `{}`", step_.type->name),
                              "one step does one thing: make it two steps");
            }
        }
    }

    // Keys that are neither generic, nor an action, nor a parameter of the step's action.
    void check_keys() {
        auto known = names_of(all_.types);
        for (const auto& key : step_keys.keys) {
            known.emplace_back(key.name);
        }
        std::vector<std::string> params;
        if (step_.type != nullptr) {
            for (const auto& spec : step_.type->params) {
                params.emplace_back(spec.name);
            }
            known.insert(known.end(), params.begin(), params.end());
        }
        bool action_meant = false;
        for (const auto& [key, value] : node_.entries) {
            if (std::find(known.begin(), known.end(), key->text) != known.end()) {
                continue;
            }
            // A foreign parameter without any action only follows from the missing action.
            const std::string owner = action_with_param(key->text);
            const auto near = report_.closest(key->text, known);
            action_meant = action_meant || (near && find_action(all_.types, *near) != nullptr);
            step_.meant.insert(near.value_or(""));
            if (!owner.empty()) {
                report_.error(*key, fmt::format("{} is a parameter of `{}`", quoted(key->text), owner),
                              step_.type == nullptr ? std::string{}
                                                    : fmt::format("this step does `{}`, which takes: {}",
                                                                  step_.type->name, base::join(params, ", ")));
            } else {
                report_.error(*key,
                              fmt::format("unknown key {}{}", quoted(key->text), report_.suggest(key->text, known)),
                              known_hint(params));
            }
        }
        if (step_.type == nullptr && !action_meant) {
            report_.error(node_, "this step does nothing: it has no action",
                          fmt::format("one of: {}", base::join(names_of(all_.types), ", ")));
        }
    }

    std::string known_hint(const std::vector<std::string>& params) const {
        std::vector<std::string> generic;
        for (const auto& key : step_keys.keys) {
            generic.emplace_back(key.name);
        }
        const std::string common = fmt::format("a step takes: {}", base::join(generic, ", "));
        if (step_.type == nullptr) {
            return fmt::format("{}; and one action: {}", common, base::join(names_of(all_.types), ", "));
        }
        return fmt::format("{}; `{}` takes: {}", common, step_.type->name, base::join(params, ", "));
    }

    std::string action_with_param(std::string_view name) const {
        for (const ActionType* type : all_.types) {
            if (find_spec(*type, name) != nullptr) {
                return std::string(type->name);
            }
        }
        return {};
    }

    std::vector<Given> given_params() {
        std::vector<Given> given;
        const ActionType& action = *step_.type;
        const auto add = [&](const ParamSpec* spec, const Node* key, const Node* value) {
            const auto same =
                std::find_if(given.begin(), given.end(), [&](const Given& other) { return other.spec == spec; });
            if (same != given.end()) {
                report_.error(*key, fmt::format("`{}` is given twice", spec->name),
                              fmt::format("first on line {}", report_.mark(*same->key).line));
                good_ = false;
                return;
            }
            given.push_back({spec, key, value});
        };
        if (body_->kind == Node::Kind::map) {
            for (const auto& [key, value] : body_->entries) {
                if (const ParamSpec* spec = find_spec(action, key->text)) {
                    add(spec, key, value);
                } else {
                    report_unknown_param(*key);
                }
            }
        } else if (body_->kind != Node::Kind::null) {
            add(spec_of_body(), action_key_, body_);
        }
        for (const auto& [key, value] : node_.entries) {
            const ParamSpec* spec = find_spec(action, key->text);
            if (spec != nullptr && key != action_key_ && !is_generic_key(key->text)) {
                add(spec, key, value);
            }
        }
        return given;
    }

    // The short form fills the action's body; a list goes to the parameter for lists where the body takes text only.
    const ParamSpec* spec_of_body() const {
        const auto takes_list = [](const ParamSpec& spec) {
            return spec.kind == ParamKind::argv || spec.kind == ParamKind::list;
        };
        const auto& params = step_.type->params;
        const ParamSpec* body = find_spec(*step_.type, step_.type->body);
        if (body_->kind == Node::Kind::list && !takes_list(*body)) {
            const auto other = std::find_if(params.begin(), params.end(), takes_list);
            return other == params.end() ? body : &*other;
        }
        return body;
    }

    void report_unknown_param(const Node& key) {
        std::vector<std::string> names;
        for (const auto& spec : step_.type->params) {
            names.emplace_back(spec.name);
        }
        step_.meant.insert(report_.closest(key.text, names).value_or(""));
        good_ = false;
        report_.error(key,
                      fmt::format("`{}` has no parameter {}{}", step_.type->name, quoted(key.text),
                                  report_.suggest(key.text, names)),
                      is_generic_key(key.text)
                          ? fmt::format("`{}` belongs to the step: write it beside `{}`", key.text, step_.type->name)
                          : fmt::format("it takes: {}", base::join(names, ", ")));
    }

    void read() {
        const auto given = given_params();
        for (const auto& [spec, key, value] : given) {
            if (value->kind == Node::Kind::null) {
                report_.error(*key, fmt::format("`{}` has no value", key->text), std::string(spec->help));
                good_ = false;
            } else {
                good_ = read_param(all_, *spec, *value, step_.params, note_) && good_;
            }
        }
        check_required(given);
        if (!good_) {
            return;
        }
        if (const auto checked = check_params(); !checked) {
            report_.error(*action_key_, checked.error().message, checked.error().hint);
            return;
        }
        judge_risk();
    }

    void check_required(const std::vector<Given>& given) {
        for (const auto& spec : step_.type->params) {
            const bool there =
                std::any_of(given.begin(), given.end(), [&](const Given& other) { return other.spec == &spec; });
            if (!spec.required || there) {
                continue;
            }
            good_ = false;
            if (step_.meant.count(spec.name) == 0) {
                report_.error(*action_key_, fmt::format("`{}` needs `{}`", step_.type->name, spec.name),
                              fmt::format("{}: {}", spec.name, spec.help));
            }
        }
    }

    Result<void> check_params() const {
        return step_.type->check == nullptr ? Result<void>{} : step_.type->check(step_.params);
    }

    // What the step does, in a few words: `docker restart backend`, `http post`.
    std::string verb() const {
        const ActionType& action = *step_.type;
        const auto& words = step_.params.list(action.body);
        std::string text(action.name);
        if (!words.empty()) {
            text += fmt::format(" {}", base::join(words, " "));
        } else if (body_->kind == Node::Kind::map && !body_->entries.empty()) {
            text += fmt::format(" {}", body_->entries.front().key->text);
        }
        return fmt::format("`{}`", base::fit(base::printable(text), 40));
    }

    void judge_risk() {
        step_.risk = step_.type->risk(step_.params);
        const auto entry = std::find_if(node_.entries.begin(), node_.entries.end(),
                                        [](const Entry& other) { return other.key->text == "risk"; });
        const bool given = entry != node_.entries.end() && entry->value->kind == Node::Kind::scalar;
        // A word that is no risk is reported with the step's other generic keys.
        if (const auto asked = given ? parse_risk(entry->value->text) : fail(Fault::usage, {})) {
            if (*asked < step_.risk && !step_.type->may_lower_risk) {
                report_.error(*entry->value,
                              fmt::format("{} is {}: its risk cannot be lowered", verb(), to_string(step_.risk)),
                              lowering_hint());
                return;
            }
            step_.risk = *asked;
        }
        if (place_ == in_diagnosis && step_.risk != Risk::read) {
            report_.error(
                *action_key_, fmt::format("{} is {}: a diagnosis only reads", verb(), to_string(step_.risk)),
                step_.type->may_lower_risk ? "if it changes nothing, say so: `risk: read`" : "move it to an option");
        }
    }

    std::string lowering_hint() const {
        std::vector<std::string> names;
        for (const ActionType* type : all_.types) {
            if (type->may_lower_risk) {
                names.push_back(fmt::format("`{}`", type->name));
            }
        }
        return names.empty()
                   ? "a runbook may only raise it"
                   : fmt::format("a runbook may only raise it; lowering is for {}, which memrb cannot look into",
                                 base::join(names, " and "));
    }

    Compilation& all_;
    Reporter& report_;
    const Node& node_;
    int place_;
    StepNote& note_;
    StepAction step_;
    const Node* action_key_ = nullptr;
    const Node* body_ = nullptr;
    bool good_ = true;
};

}  // namespace

StepAction read_step_action(Compilation& all, const Node& step, int place, StepNote& note) {
    return ActionReader(all, step, place, note).run();
}

bool is_generic_key(std::string_view name) {
    return std::any_of(step_keys.keys.begin(), step_keys.keys.end(), [&](const Key& key) { return key.name == name; });
}

}  // namespace memrb::runbook
