#include "runbook/compile_parts.h"

#include "base/text.h"
#include "runbook/references.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::runbook {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds longest = 24h * 7;

// Ids of one kind must differ; the second one is reported.
class UniqueIds {
public:
    UniqueIds(Reporter& report, std::string what) : report_(report), what_(std::move(what)) {}

    void add(const Fields& fields, const std::string& id) {
        if (id.empty()) {
            return;
        }
        const Node* node = fields.get("id");
        const auto [first, is_new] = seen_.emplace(id, node);
        if (!is_new) {
            report_.error(*node, fmt::format("there is already {} {}", what_, quoted(id)),
                          fmt::format("on line {}", report_.mark(*first->second).line));
        }
    }

private:
    Reporter& report_;
    std::string what_;
    std::map<std::string, const Node*> seen_;
};

void read_default(Compilation& all, Variable& variable, const Node& node) {
    if (!read_text(node, fmt::format("the default of `{}`", variable.name), all.report)) {
        return;
    }
    variable.fallback = node.text;
    const auto references = find_references(node.text);
    for (const auto& bad : references.bad) {
        all.report.error_in(node, bad.offset, bad.length, bad.message, bad.hint);
    }
    for (const auto& reference : references.found) {
        all.default_mentions.push_back(
            {{variable.name, reference.name}, {0, reference.offset}, &node, reference.length});
    }
}

Variable compile_variable(Compilation& all, const Node& key, const Node& value) {
    Variable variable;
    variable.name = key.text;
    variable.mark = all.report.mark(key);
    if (value.kind == Node::Kind::scalar) {
        read_default(all, variable, value);
    } else if (value.kind != Node::Kind::null) {
        const Fields fields(value, variable_keys, all.report);
        if (const Node* fallback = fields.get("default")) {
            read_default(all, variable, *fallback);
        }
        variable.help = fields.text("help");
        variable.secret = fields.boolean("secret");
    }
    return variable;
}

std::optional<Threshold> compile_threshold(const Fields& fields) {
    const auto at = fields.percent("at");
    const auto lasts = fields.duration("for", 0s, longest);
    const auto level = parse_level(fields.choice("level"));
    if (!at || !level) {
        return std::nullopt;
    }
    return Threshold{*at, lasts.value_or(0s), *level};
}

}  // namespace

void compile_variables(Compilation& all, const Fields& top) {
    for (const auto& [key, value] : top.entries("vars")) {
        if (!check_variable_name(*key, all.report)) {
            continue;
        }
        if (is_built_in(key->text)) {
            all.report.error(*key, fmt::format("{} is set by memrb itself", quoted(key->text)), "choose another name");
            continue;
        }
        all.variables.emplace(key->text, key);
        all.book.vars.push_back(compile_variable(all, *key, *value));
    }
}

void compile_thresholds(Compilation& all, const Fields& top) {
    if (top.get("thresholds") == nullptr) {
        all.book.thresholds = {{0.70, 0s, Level::watch},
                               {0.80, 5min, Level::warning},
                               {0.85, 0s, Level::high},
                               {0.95, 0s, Level::critical},
                               {1.00, 0s, Level::oom}};
        return;
    }
    for (const Node* item : top.items("thresholds")) {
        const Fields fields(*item, threshold_keys, all.report);
        const auto threshold = compile_threshold(fields);
        if (!threshold) {
            continue;
        }
        if (!all.book.thresholds.empty()) {
            const Threshold& before = all.book.thresholds.back();
            if (threshold->at <= before.at) {
                all.report.error(
                    *fields.get("at"),
                    fmt::format("{} does not rise above the threshold before it", quoted(fields.get("at")->text)),
                    "write thresholds from the lowest to the highest");
            } else if (threshold->level <= before.level) {
                all.report.error(*fields.get("level"),
                                 fmt::format("level `{}` is not above `{}`, the one before it",
                                             to_string(threshold->level), to_string(before.level)),
                                 "a higher share of the limit needs a higher level");
            }
        }
        all.book.thresholds.push_back(*threshold);
    }
}

void compile_diagnosis(Compilation& all, const Fields& top) {
    UniqueIds ids(all.report, "a group");
    for (const Node* item : top.items("diagnose")) {
        const Fields fields(*item, group_keys, all.report);
        StepGroup group;
        group.id = fields.id("id");
        ids.add(fields, group.id);
        group.title = fields.text("title");
        group.advice = fields.text("advice");
        group.steps = compile_steps(all, fields, "steps", group.id, in_diagnosis);
        all.book.diagnose.push_back(std::move(group));
    }
}

void compile_options(Compilation& all, const Fields& top) {
    UniqueIds ids(all.report, "an option");
    for (const Node* item : top.items("options")) {
        const Fields fields(*item, option_keys, all.report);
        const int place = static_cast<int>(all.book.options.size());
        Option option;
        option.id = fields.id("id");
        ids.add(fields, option.id);
        const bool taken = std::any_of(all.book.diagnose.begin(), all.book.diagnose.end(), [&](const StepGroup& group) {
            return !group.id.empty() && group.id == option.id;
        });
        if (taken) {
            all.report.error(*fields.get("id"),
                             fmt::format("{} is also the id of a group of the diagnosis", quoted(option.id)),
                             "the ids of steps begin with it: choose another one");
        }
        option.title = fields.text("title");
        option.use_when = fields.text("use_when");
        option.costs = fields.text("costs");
        option.advice = fields.text("advice");
        if (const Node* applies = fields.get("applies")) {
            option.applies = add_program(all, *applies, "`applies`", &all.facts);
        }
        option.steps = compile_steps(all, fields, "steps", option.id, place);
        option.verify = compile_steps(all, fields, "verify", option.id, place);
        option.undo = compile_steps(all, fields, "undo", option.id, place);
        all.book.options.push_back(std::move(option));
    }
}

void compile_causes(Compilation& all, const Fields& top) {
    UniqueIds ids(all.report, "a cause");
    std::vector<std::string> known;
    for (const auto& option : all.book.options) {
        known.push_back(option.id);
    }
    for (const Node* item : top.items("causes")) {
        const Fields fields(*item, cause_keys, all.report);
        Cause cause;
        cause.id = fields.id("id");
        ids.add(fields, cause.id);
        cause.title = fields.text("title");
        cause.indicators = fields.texts("indicators");
        cause.advice = fields.text("advice");
        for (const Node* sign_node : fields.items("signs")) {
            const Fields sign_fields(*sign_node, sign_keys, all.report);
            Sign sign;
            if (const Node* when = sign_fields.get("when")) {
                sign.when = add_program(all, *when, "`when`", &all.facts);
            }
            sign.weight = sign_fields.integer("weight", -heaviest_sign, heaviest_sign).value_or(0);
            sign.says = sign_fields.text("says");
            if (const Node* weight = sign_fields.get("weight"); weight != nullptr && weight->text == "0") {
                all.report.error(*weight, "a sign of weight 0 says nothing",
                                 "positive speaks for the cause, negative against it");
            }
            cause.signs.push_back(std::move(sign));
        }
        for (const Node* option : fields.items("options")) {
            if (!read_text(*option, "an option", all.report)) {
                continue;
            }
            if (std::find(known.begin(), known.end(), option->text) == known.end()) {
                all.report.error(*option,
                                 fmt::format("there is no option {}{}", quoted(option->text),
                                             all.report.suggest(option->text, known)),
                                 known.empty() ? "the runbook has no `options`"
                                               : fmt::format("options of this runbook: {}", base::join(known, ", ")));
            }
            cause.options.push_back(option->text);
        }
        all.book.causes.push_back(std::move(cause));
    }
}

void compile_recovery(Compilation& all, const Fields& top) {
    const Node* node = top.get("recover");
    if (node == nullptr) {
        return;
    }
    const Fields fields(*node, recover_keys, all.report);
    if (const Node* watch_node = fields.get("watch")) {
        const Fields watch(*watch_node, watch_keys, all.report);
        const auto every = watch.duration("every", 1s, longest);
        const auto lasts = watch.duration("for", 1s, longest);
        if (every && lasts) {
            if (*lasts < *every) {
                all.report.error(*watch.get("for"), "`for` is shorter than `every`: nothing would be looked at",
                                 "watch at least once");
            }
            all.book.watch = Watch{*every, *lasts};
        }
    }
    if (const Node* until = fields.get("until")) {
        all.book.recovered = add_program(all, *until, "`until`", &all.facts);
    }
}

void compile_escalation(Compilation& all, const Fields& top) {
    std::vector<std::string> known;
    for (const auto& [key, value] : top.entries("contacts")) {
        check_id(*key, all.report);
        const Fields fields(*value, contact_keys, all.report);
        all.book.contacts.push_back({key->text, fields.text("role"), fields.text("reach")});
        known.push_back(key->text);
    }
    const Node* node = top.get("escalate");
    if (node == nullptr) {
        return;
    }
    const Fields escalate(*node, escalate_keys, all.report);
    all.book.escalate_when = escalate.texts("when");
    for (const Node* item : escalate.items("ladder")) {
        const Fields fields(*item, rung_keys, all.report);
        Rung rung{0s, fields.text("do"), fields.id("notify")};
        const auto after = fields.duration("after", 0s, longest);
        if (after && !all.book.ladder.empty() && *after < all.book.ladder.back().after) {
            all.report.error(*fields.get("after"),
                             fmt::format("{} comes before the rung above it", quoted(fields.get("after")->text)),
                             "write the ladder in the order of time");
        }
        rung.after = after.value_or(0s);
        if (item->kind == Node::Kind::map && fields.get("do") == nullptr && fields.get("notify") == nullptr) {
            all.report.error(*item, "a rung of the ladder needs `do` or `notify`",
                             "do: what to do, notify: key of a contact");
        }
        if (!rung.notify.empty() && std::find(known.begin(), known.end(), rung.notify) == known.end()) {
            all.report.error(
                *fields.get("notify"),
                fmt::format("there is no contact {}{}", quoted(rung.notify), all.report.suggest(rung.notify, known)),
                known.empty() ? "the runbook has no `contacts`"
                              : fmt::format("contacts of this runbook: {}", base::join(known, ", ")));
        }
        all.book.ladder.push_back(std::move(rung));
    }
}

}  // namespace memrb::runbook
