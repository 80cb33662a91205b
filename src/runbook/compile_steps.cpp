#include "base/text.h"
#include "runbook/compile_parts.h"
#include "runbook/params.h"
#include "runbook/references.h"

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace memrb::runbook {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_steps = 5000;
constexpr Milliseconds shortest_timeout = 100ms;
constexpr Milliseconds longest_timeout = 24h;

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

bool is_generic(std::string_view name) {
    return std::any_of(step_keys.keys.begin(), step_keys.keys.end(), [&](const Key& key) { return key.name == name; });
}

std::vector<std::string> names_of(ActionTypes types) {
    std::vector<std::string> names;
    for (const ActionType* type : types) {
        names.emplace_back(type->name);
    }
    return names;
}

class StepCompiler {
public:
    StepCompiler(Compilation& all, const Node& node, std::string_view group, int place)
        : all_(all), report_(all.report), node_(node), group_(group), place_(place) {}

    Step run() {
        step_.mark = report_.mark(node_);
        note_.node = &node_;
        note_.place = place_;
        if (node_.kind != Node::Kind::map) {
            report_.error(node_, fmt::format("a step must be a map, not {}", describe(node_.kind)),
                          "for example `- {id: state, docker: inspect backend}`");
        } else {
            find_action_key();
            check_keys();
            generic_.emplace(generic_part(), step_keys, report_, meant_);
            read_generic();
            read_action();
        }
        all_.notes.push_back(std::move(note_));
        return std::move(step_);
    }

private:
    void find_action_key() {
        for (const auto& [key, value] : node_.entries) {
            const ActionType* action = find_action(all_.types, key->text);
            if (action == nullptr || is_generic(key->text)) {
                continue;
            }
            if (step_.action == nullptr) {
                step_.action = action;
                action_key_ = key;
                body_ = value;
            } else {
                report_.error(*key, fmt::format("a second action: this step already does `{}`", step_.action->name),
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
        if (step_.action != nullptr) {
            for (const auto& spec : step_.action->params) {
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
            meant_.insert(near.value_or(""));
            if (!owner.empty()) {
                report_.error(*key, fmt::format("{} is a parameter of `{}`", quoted(key->text), owner),
                              step_.action == nullptr ? std::string{}
                                                      : fmt::format("this step does `{}`, which takes: {}",
                                                                    step_.action->name, base::join(params, ", ")));
            } else {
                report_.error(*key,
                              fmt::format("unknown key {}{}", quoted(key->text), report_.suggest(key->text, known)),
                              known_hint(params));
            }
        }
        if (step_.action == nullptr && !action_meant) {
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
        if (step_.action == nullptr) {
            return fmt::format("{}; and one action: {}", common, base::join(names_of(all_.types), ", "));
        }
        return fmt::format("{}; `{}` takes: {}", common, step_.action->name, base::join(params, ", "));
    }

    std::string action_with_param(std::string_view name) const {
        for (const ActionType* type : all_.types) {
            if (find_spec(*type, name) != nullptr) {
                return std::string(type->name);
            }
        }
        return {};
    }

    // The step's generic keys alone: what else there is has been checked.
    const Node& generic_part() {
        rest_.kind = Node::Kind::map;
        rest_.begin = node_.begin;
        for (const auto& entry : node_.entries) {
            if (is_generic(entry.key->text)) {
                rest_.entries.push_back(entry);
            }
        }
        return rest_;
    }

    void read_generic() {
        const Fields& fields = *generic_;
        const std::string id = fields.id("id");
        if (const Node* node = fields.get("id")) {
            note_.node = node;
        }
        if (!id.empty() && !group_.empty()) {
            step_.id = fmt::format("{}.{}", group_, id);
        }
        step_.title = fields.text("title");
        step_.advice = fields.text("advice");
        if (const Node* when = fields.get("when")) {
            step_.when = add_program(all_, *when, "`when`", &note_.facts);
        }
        if (const Node* expect = fields.get("expect")) {
            step_.expect = add_program(all_, *expect, "`expect`", nullptr);
        }
        for (const auto& [key, value] : fields.entries("capture")) {
            read_capture(*key, *value);
        }
        if (const auto risk = parse_risk(fields.choice("risk"))) {
            asked_risk_ = *risk;
        }
        step_.timeout = fields.duration("timeout", shortest_timeout, longest_timeout);
        if (const Node* retry = fields.get("retry")) {
            read_retry(*retry);
        }
    }

    void read_capture(const Node& key, const Node& program) {
        if (!check_variable_name(key, report_)) {
            return;
        }
        if (is_built_in(key.text)) {
            report_.error(key, fmt::format("{} is set by memrb itself", quoted(key.text)), "choose another name");
        } else if (const auto known = all_.variables.find(key.text); known != all_.variables.end()) {
            report_.error(key, fmt::format("{} is already a variable", quoted(key.text)),
                          fmt::format("declared on line {}: choose another name", report_.mark(*known->second).line));
        } else if (const auto [first, is_new] =
                       all_.captures.emplace(key.text, Compilation::Capture{all_.notes.size(), &key});
                   !is_new) {
            report_.error(key, fmt::format("{} is already captured", quoted(key.text)),
                          fmt::format("on line {}: choose another name", report_.mark(*first->second.node).line));
        }
        step_.captures.emplace_back(key.text, add_program(all_, program, "a capture", nullptr));
    }

    void read_retry(const Node& node) {
        const Fields fields(node, retry_keys, report_);
        const auto every = fields.duration("every", shortest_timeout, longest_timeout);
        const auto for_ = fields.duration("for", shortest_timeout, longest_timeout);
        if (!every || !for_) {
            return;
        }
        if (*for_ < *every) {
            report_.error(*fields.get("for"), "`for` is shorter than `every`: there would be no second try",
                          "retry at least once");
        }
        step_.retry = Retry{*every, *for_};
    }

    std::vector<Given> given_params() {
        std::vector<Given> given;
        const ActionType& action = *step_.action;
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
            if (spec != nullptr && key != action_key_ && !is_generic(key->text)) {
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
        const auto& params = step_.action->params;
        const ParamSpec* body = find_spec(*step_.action, step_.action->body);
        if (body_->kind == Node::Kind::list && !takes_list(*body)) {
            const auto other = std::find_if(params.begin(), params.end(), takes_list);
            return other == params.end() ? body : &*other;
        }
        return body;
    }

    void report_unknown_param(const Node& key) {
        std::vector<std::string> names;
        for (const auto& spec : step_.action->params) {
            names.emplace_back(spec.name);
        }
        meant_.insert(report_.closest(key.text, names).value_or(""));
        good_ = false;
        report_.error(key,
                      fmt::format("`{}` has no parameter {}{}", step_.action->name, quoted(key.text),
                                  report_.suggest(key.text, names)),
                      is_generic(key.text)
                          ? fmt::format("`{}` belongs to the step: write it beside `{}`", key.text, step_.action->name)
                          : fmt::format("it takes: {}", base::join(names, ", ")));
    }

    void read_action() {
        if (step_.action == nullptr) {
            return;
        }
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
        if (good_) {
            if (const auto checked = check_params(); !checked) {
                report_.error(*action_key_, checked.error().message, checked.error().hint);
                return;
            }
            step_.risk = step_.action->risk(step_.params);
            read_risk();
        }
    }

    void check_required(const std::vector<Given>& given) {
        for (const auto& spec : step_.action->params) {
            const bool there =
                std::any_of(given.begin(), given.end(), [&](const Given& other) { return other.spec == &spec; });
            if (!spec.required || there) {
                continue;
            }
            good_ = false;
            if (meant_.count(spec.name) == 0) {
                report_.error(*action_key_, fmt::format("`{}` needs `{}`", step_.action->name, spec.name),
                              fmt::format("{}: {}", spec.name, spec.help));
            }
        }
    }

    Result<void> check_params() const {
        return step_.action->check == nullptr ? Result<void>{} : step_.action->check(step_.params);
    }

    // What the step does, in a few words: `docker restart backend`, `http post`.
    std::string verb() const {
        const ActionType& action = *step_.action;
        const auto& words = step_.params.list(action.body);
        std::string text(action.name);
        if (!words.empty()) {
            text += fmt::format(" {}", fmt::join(words, " "));
        } else if (body_->kind == Node::Kind::map && !body_->entries.empty()) {
            text += fmt::format(" {}", body_->entries.front().key->text);
        }
        return fmt::format("`{}`", base::fit(base::printable(text), 40));
    }

    void read_risk() {
        const Risk known = step_.action->risk(step_.params);
        if (asked_risk_) {
            if (*asked_risk_ < known && !step_.action->may_lower_risk) {
                report_.error(*generic_->get("risk"),
                              fmt::format("{} is {}: its risk cannot be lowered", verb(), to_string(known)),
                              lowering_hint());
                return;
            }
            step_.risk = *asked_risk_;
        }
        if (place_ == in_diagnosis && step_.risk != Risk::read) {
            report_.error(
                *action_key_, fmt::format("{} is {}: a diagnosis only reads", verb(), to_string(step_.risk)),
                step_.action->may_lower_risk ? "if it changes nothing, say so: `risk: read`" : "move it to an option");
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
    std::string_view group_;
    int place_;
    Step step_;
    StepNote note_;
    Node rest_;
    std::optional<Fields> generic_;
    std::optional<Risk> asked_risk_;
    const Node* action_key_ = nullptr;
    const Node* body_ = nullptr;
    KeyNames meant_;  // what misspelt keys were taken for: not reported as missing too
    bool good_ = true;
};

}  // namespace

std::vector<Step> compile_steps(Compilation& all, const Fields& fields, std::string_view key, std::string_view group,
                                int place) {
    std::vector<Step> steps;
    for (const Node* item : fields.items(key)) {
        if (all.notes.size() == max_steps) {
            if (!std::exchange(all.full, true)) {
                all.report.error(*item, fmt::format("more than {} steps", max_steps), "split the runbook");
            }
            break;
        }
        steps.push_back(StepCompiler(all, *item, group, place).run());
    }
    return steps;
}

}  // namespace memrb::runbook
