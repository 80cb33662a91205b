#include "runbook/compile_parts.h"
#include "runbook/references.h"
#include "runbook/step_action.h"

#include <fmt/core.h>
#include <algorithm>
#include <utility>

namespace memrb::runbook {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_steps = 5000;
constexpr Milliseconds shortest_timeout = 100ms;
constexpr Milliseconds longest_timeout = 24h;

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
            StepAction action = read_step_action(all_, node_, place_, note_);
            step_.action = action.type;
            step_.params = std::move(action.params);
            step_.risk = action.risk;
            read_generic(std::move(action.meant));
        }
        all_.notes.push_back(std::move(note_));
        return std::move(step_);
    }

private:
    // The step's generic keys alone: what else there is has been checked.
    const Node& generic_part() {
        rest_.kind = Node::Kind::map;
        rest_.begin = node_.begin;
        rest_.incomplete = node_.incomplete;
        for (const auto& entry : node_.entries) {
            if (is_generic_key(entry.key->text)) {
                rest_.entries.push_back(entry);
            }
        }
        return rest_;
    }

    void read_generic(KeyNames meant) {
        const Fields fields(generic_part(), step_keys, report_, std::move(meant));
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
        (void)fields.choice("risk");  // its meaning is the action's matter, see read_step_action()
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
        const auto lasts = fields.duration("for", shortest_timeout, longest_timeout);
        if (!every || !lasts) {
            return;
        }
        if (*lasts < *every) {
            report_.error(*fields.get("for"), "`for` is shorter than `every`: there would be no second try",
                          "retry at least once");
        }
        step_.retry = Retry{*every, *lasts};
    }

    Compilation& all_;
    Reporter& report_;
    const Node& node_;
    std::string_view group_;
    int place_;
    Step step_;
    StepNote note_;
    Node rest_;
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
