// Looking up what a runbook mentions: variables, facts, steps.
#include "base/text.h"
#include "runbook/circles.h"
#include "runbook/facts.h"
#include "runbook/order.h"
#include "runbook/references.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::runbook {

namespace {

class NameResolver {
public:
    explicit NameResolver(Compilation& all) : all_(all), report_(all.report), all_steps_(all_steps(all.book)) {
        for (std::size_t i = 0; i < all_steps_.size(); ++i) {
            if (!all_steps_[i]->id.empty()) {
                add_step(*all_steps_[i], i);
            }
        }
    }

    void run() {
        for (const auto& note : all_.notes) {
            for (const auto& mention : note.variables) {
                check_variable(mention);
            }
            for (const auto& mention : note.facts) {
                check_fact(mention, true);
            }
        }
        for (const auto& mention : all_.facts) {
            check_fact(mention, false);
        }
        for (const auto& mention : all_.default_mentions) {
            check_default(mention);
        }
        find_default_circles();
    }

private:
    void add_step(const Step& step, std::size_t index) {
        const auto dot = step.id.find('.');
        if (groups_.empty() || groups_.back() != step.id.substr(0, dot)) {
            groups_.push_back(step.id.substr(0, dot));
        }
        const auto [first, is_new] = steps_.emplace(step.id, index);
        if (!is_new) {
            report_.error(*all_.notes[index].node, fmt::format("there is already a step {}", quoted(step.id)),
                          fmt::format("on line {}", report_.mark(*all_.notes[first->second].node).line));
        }
    }

    std::vector<std::string> declared() const {
        std::vector<std::string> names;
        for (const auto& [name, node] : all_.variables) {
            names.push_back(name);
        }
        return names;
    }

    std::vector<std::string> known_variables() const {
        auto names = declared();
        for (const auto& [name, capture] : all_.captures) {
            names.push_back(name);
        }
        names.insert(names.end(), built_in_variables.begin(), built_in_variables.end());
        return names;
    }

    void undefined(const Mention& mention, const std::string& name, std::size_t offset) {
        report_.error_in(
            *mention.node, offset, mention.length,
            fmt::format("variable {} is not defined{}", quoted(name), report_.suggest(name, known_variables())),
            fmt::format(
                "declare it under `vars`, capture it in a step, or use one of memrb's own: {}",
                base::join(std::vector<std::string>(built_in_variables.begin(), built_in_variables.end()), ", ")));
    }

    void check_variable(const Mention& mention) {
        const std::string& name = mention.path.front();
        if (!is_built_in(name) && all_.variables.count(name) == 0 && all_.captures.count(name) == 0) {
            undefined(mention, name, mention.offsets.front());
        }
    }

    void check_default(const Mention& mention) {
        const std::string& name = mention.path.back();
        if (all_.captures.count(name) > 0) {
            report_.error_in(*mention.node, mention.offsets.back(), mention.length,
                             fmt::format("{} is captured by a step: a default cannot wait for it", quoted(name)),
                             "defaults are set before the first step");
        } else if (!is_built_in(name) && all_.variables.count(name) == 0) {
            undefined(mention, name, mention.offsets.back());
        }
    }

    void find_default_circles() {
        const auto index_of = [&](const std::string& name) {
            const auto& vars = all_.book.vars;
            return static_cast<std::size_t>(
                std::find_if(vars.begin(), vars.end(), [&](const Variable& v) { return v.name == name; }) -
                vars.begin());
        };
        std::vector<std::vector<std::size_t>> edges(all_.book.vars.size());
        for (const auto& mention : all_.default_mentions) {
            const std::size_t to = index_of(mention.path.back());
            if (to < edges.size()) {
                edges[index_of(mention.path.front())].push_back(to);
            }
        }
        for (const auto& circle : find_circles(edges)) {
            std::vector<std::string> path;
            for (const std::size_t index : circle) {
                path.push_back(all_.book.vars[index].name);
            }
            path.push_back(path.front());
            report_.error(*all_.variables.at(path.front()),
                          circle.size() == 1
                              ? fmt::format("the default of `{}` needs itself", path.front())
                              : fmt::format("these defaults need each other: {}", base::join(path, " -> ")),
                          "write a default that does without");
        }
    }

    void check_fact(const Mention& mention, bool in_step) {
        const std::string& root = mention.path.front();
        if (root == "steps") {
            return check_step_fact(mention, in_step);
        }
        if (root == "vars") {
            return check_vars_fact(mention);
        }
        if (!mention.of_input) {
            return;
        }
        const auto names = fact_names();
        if (std::find(names.begin(), names.end(), root) == names.end()) {
            const std::vector<std::string> known(names.begin(), names.end());
            report_.error_in(*mention.node, mention.offsets.front(), root.size(),
                             fmt::format("there is no fact {}{}", quoted(root), report_.suggest(root, known)),
                             fmt::format("facts: {}", base::join(known, ", ")));
            return;
        }
        const auto fields = fact_fields(root);
        if (fields && mention.path.size() > 1 &&
            std::find(fields->begin(), fields->end(), mention.path[1]) == fields->end()) {
            const std::vector<std::string> known(fields->begin(), fields->end());
            report_.warning_in(*mention.node, mention.offsets[1], mention.path[1].size(),
                               fmt::format("{} has no field {}{}", quoted("." + root), quoted(mention.path[1]),
                                           report_.suggest(mention.path[1], known)),
                               fmt::format("fields: {}", base::join(known, ", ")));
        }
    }

    void check_vars_fact(const Mention& mention) {
        if (mention.path.size() < 2 || all_.variables.count(mention.path[1]) > 0) {
            return;
        }
        const std::string& name = mention.path[1];
        const auto capture = all_.captures.find(name);
        std::string hint = is_built_in(name) ? "facts about the target are in `.target`" : "declare it under `vars`";
        if (capture != all_.captures.end()) {
            hint = fmt::format("a captured value is in `.steps.{}.captures.{}`", all_steps_[capture->second.step]->id,
                               name);
        }
        report_.error_in(*mention.node, mention.offsets[1], name.size(),
                         fmt::format("variable {} is not defined{}", quoted(name), report_.suggest(name, declared())),
                         hint);
    }

    void check_step_fact(const Mention& mention, bool in_step) {
        if (mention.path.size() < 2) {
            if (in_step) {
                report_.error_in(*mention.node, mention.offsets.front(), 5,
                                 "`.steps` without a group does not say what to wait for", "write `.steps.GROUP.STEP`");
            }
            return;
        }
        const std::string& group = mention.path[1];
        if (std::find(groups_.begin(), groups_.end(), group) == groups_.end()) {
            report_.error_in(*mention.node, mention.offsets[1], group.size(),
                             fmt::format("there is no group {}{}", quoted(group), report_.suggest(group, groups_)),
                             "the first half of a step's id is its group or option");
            return;
        }
        if (mention.path.size() < 3) {
            return;
        }
        const std::string id = fmt::format("{}.{}", group, mention.path[2]);
        const auto step = steps_.find(id);
        if (step == steps_.end()) {
            std::vector<std::string> known;
            for (const auto& [name, index] : steps_) {
                if (name.starts_with(group + ".")) {
                    known.push_back(name.substr(group.size() + 1));
                }
            }
            report_.error_in(*mention.node, mention.offsets[2], mention.path[2].size(),
                             fmt::format("there is no step {}{}", quoted(id), report_.suggest(mention.path[2], known)),
                             fmt::format("steps of `{}`: {}", group, base::join(known, ", ")));
            return;
        }
        check_step_field(mention, *all_steps_[step->second]);
    }

    void check_step_field(const Mention& mention, const Step& step) {
        if (mention.path.size() < 4) {
            return;
        }
        if (mention.path[3] != "captures" && mention.path[3] != "status") {
            report_.warning_in(
                *mention.node, mention.offsets[3], mention.path[3].size(),
                fmt::format("a step has no field {}{}", quoted(mention.path[3]),
                            report_.suggest(mention.path[3], std::vector<std::string>{"captures", "status"})),
                "fields: captures, status");
            return;
        }
        if (mention.path[3] != "captures" || mention.path.size() < 5) {
            return;
        }
        std::vector<std::string> known;
        for (const auto& capture : step.captures) {
            known.push_back(capture.first);
        }
        if (std::find(known.begin(), known.end(), mention.path[4]) == known.end()) {
            report_.error_in(
                *mention.node, mention.offsets[4], mention.path[4].size(),
                fmt::format("step `{}` captures no {}{}", step.id, quoted(mention.path[4]),
                            report_.suggest(mention.path[4], known)),
                known.empty() ? "it captures nothing" : fmt::format("it captures: {}", base::join(known, ", ")));
        }
    }

    Compilation& all_;
    Reporter& report_;
    std::vector<Step*> all_steps_;
    std::map<std::string, std::size_t, std::less<>> steps_;  // full id to index
    std::vector<std::string> groups_;                        // of all steps, each once
};

}  // namespace

void resolve_names(Compilation& all) {
    NameResolver(all).run();
}

}  // namespace memrb::runbook
