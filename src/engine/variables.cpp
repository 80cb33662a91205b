#include "engine/variables.h"

#include "base/text.h"
#include "engine/expand.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <vector>

namespace memrb::engine {

namespace {

constexpr std::array<std::string_view, 6> settings{"prometheus",     "monitoring_url", "kube_context",
                                                   "kube_namespace", "project",        "region"};

Variables variables_of(const Target& target) {
    Variables vars{{"target", target.name},
                   {"container", target.id.empty() ? target.name : target.id},
                   {"platform", std::string(to_string(target.platform))},
                   {"image", target.image}};
    vars["compose_service"] = target.compose ? target.compose->service : "";
    vars["compose_project"] = target.compose ? target.compose->project : "";
    if (target.kube) {
        vars["container"] = target.kube->container;
        vars["kind"] = target.kube->kind;
        vars["namespace"] = target.kube->name_space;
        vars["pod_filter"] = "--field-selector=metadata.name=" + target.name;
        if (!target.kube->selector.empty()) {
            vars["selector"] = target.kube->selector;
            vars["pod_filter"] = "--selector=" + target.kube->selector;
        }
    }
    return vars;
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

// What `--set` takes: the runbook's variables, and the settings that every runbook has.
std::vector<std::string> settable(const Runbook& runbook) {
    std::vector<std::string> names;
    for (const auto& variable : runbook.vars) {
        names.push_back(variable.name);
    }
    for (const auto setting : settings) {
        if (std::find(names.begin(), names.end(), setting) == names.end()) {
            names.emplace_back(setting);
        }
    }
    return names;
}

Result<void> check_overrides(const Runbook& runbook, const Variables& fixed, const Variables& overrides) {
    const auto known = settable(runbook);
    for (const auto& [name, value] : overrides) {
        if (fixed.contains(name)) {
            return fail(Fault::usage, fmt::format("`{}` is set by memrb itself", name));
        }
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            return fail(Fault::usage,
                        fmt::format("runbook {} has no variable `{}`{}", runbook.id, base::printable(name),
                                    base::did_you_mean(name, known)),
                        fmt::format("it has: {}", base::join(known, ", ")));
        }
        if (has_control(value)) {
            return fail(Fault::usage, fmt::format("the value of `{}` has a control character in it: `{}`", name,
                                                  base::printable(value)));
        }
    }
    return {};
}

// Writes the values that refer to others, each once: what comes out of a value is never expanded again.
class Resolver {
public:
    /// `given` is taken as it is, `open` may refer to anything, `known` are all names that may be referred to.
    Resolver(Variables given, const Variables& open, const std::vector<std::string>& known)
        : open_(open), known_(known), done_(std::move(given)) {}

    Result<Variables> run() {
        for (const auto& [name, value] : open_) {
            if (auto resolved = value_of(name); !resolved && resolved.error().fault != Fault::no_data) {
                return tl::unexpected(resolved.error());
            }
        }
        return std::move(done_);
    }

private:
    // Of kind no_data if it, or one that it refers to, is not set.
    Result<std::string> value_of(const std::string& name) {
        if (const auto done = done_.find(name); done != done_.end()) {
            return done->second;
        }
        const auto open = open_.find(name);
        if (open == open_.end()) {
            return unset(name);
        }
        if (const auto again = std::find(path_.begin(), path_.end(), name); again != path_.end()) {
            return fail(Fault::usage,
                        fmt::format("these variables refer to each other in a circle: {} -> {}",
                                    base::join(std::vector<std::string>(again, path_.end()), " -> "), name));
        }
        path_.push_back(name);
        auto value = expand_text(
            open->second, [this](const std::string& other) { return value_of(other); }, Expansion::verbatim);
        if (value) {
            done_.emplace(name, *value);
            path_.pop_back();
        } else if (value.error().fault == Fault::no_data) {
            path_.pop_back();
        }
        return value;
    }

    tl::unexpected<Error> unset(const std::string& name) const {
        if (std::find(known_.begin(), known_.end(), name) != known_.end()) {
            return fail(Fault::no_data, fmt::format("`{}` is not set", name));
        }
        return fail(Fault::usage, fmt::format("variable `{}` refers to `{}`, which is no variable{}", path_.back(),
                                              base::printable(name), base::did_you_mean(name, known_)));
    }

    const Variables& open_;
    const std::vector<std::string>& known_;
    Variables done_;
    std::vector<std::string> path_;  // of the variables whose values are being written
};

}  // namespace

std::span<const std::string_view> lookup_settings() {
    return settings;
}

Result<Variables> resolve_variables(const Runbook& runbook, const Target& target, Timestamp now,
                                    const Variables& config, const Variables& overrides) {
    Variables fixed = variables_of(target);
    fixed["now"] = format_rfc3339(now);
    if (auto checked = check_overrides(runbook, fixed, overrides); !checked) {
        return tl::unexpected(checked.error());
    }
    Variables given = fixed;
    given.insert(overrides.begin(), overrides.end());
    Variables open;
    for (const Variables* from : {&target.vars, &config}) {  // the first that has it wins
        open.insert(from->begin(), from->end());
    }
    for (const auto& variable : runbook.vars) {
        if (variable.fallback) {
            open.emplace(variable.name, *variable.fallback);
        }
    }
    auto known = settable(runbook);
    for (const auto& [name, value] : given) {
        known.push_back(name);
    }
    for (const auto& [name, value] : open) {
        known.push_back(name);
    }
    return Resolver(std::move(given), open, known).run();
}

void follow_target(Variables& vars, const Target& target) {
    for (auto& [name, value] : variables_of(target)) {
        vars.insert_or_assign(name, value);
    }
}

Variables without_secrets(Variables vars, const Runbook& runbook) {
    for (const auto& variable : runbook.vars) {
        if (variable.secret) {
            vars.erase(variable.name);
        }
    }
    return vars;
}

}  // namespace memrb::engine
