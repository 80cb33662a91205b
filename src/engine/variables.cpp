#include "engine/variables.h"

#include "base/text.h"
#include "engine/expand.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace memrb::engine {

namespace {

constexpr std::array<std::string_view, 2> settings{"prometheus", "monitoring_url"};

Variables from_target(const Target& target) {
    Variables vars{{"target", target.name},
                   {"container", target.id.empty() ? target.name : target.id},
                   {"platform", std::string(to_string(target.platform))},
                   {"image", target.image}};
    vars["compose_service"] = target.compose ? target.compose->service : "";
    vars["compose_project"] = target.compose ? target.compose->project : "";
    return vars;
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

Result<void> check_overrides(const Runbook& runbook, const Variables& fixed, const Variables& overrides) {
    std::vector<std::string> known;
    for (const auto& variable : runbook.vars) {
        known.push_back(variable.name);
    }
    for (const auto setting : settings) {
        known.emplace_back(setting);
    }
    for (const auto& [name, value] : overrides) {
        if (fixed.contains(name)) {
            return fail(Fault::usage, fmt::format("`{}` follows from the target and cannot be set", name));
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

}  // namespace

std::span<const std::string_view> lookup_settings() {
    return settings;
}

Result<Variables> resolve_variables(const Runbook& runbook, const Target& target, const Variables& config,
                                    const Variables& overrides) {
    const Variables fixed = from_target(target);
    if (auto checked = check_overrides(runbook, fixed, overrides); !checked) {
        return tl::unexpected(checked.error());
    }
    Variables vars = fixed;
    for (const auto& variable : runbook.vars) {
        vars.emplace(variable.name, variable.fallback.value_or(std::string{}));
    }
    const auto put = [&](const Variables& from) {
        for (const auto& [name, value] : from) {
            if (!fixed.contains(name)) {
                vars[name] = value;
            }
        }
    };
    put(config);
    put(target.vars);
    put(overrides);

    // Defaults may refer to each other; each round resolves one more level, so more rounds than variables is a circle.
    for (std::size_t round = 0; round <= vars.size(); ++round) {
        bool changed = false;
        for (auto& [name, value] : vars) {
            if (overrides.contains(name) || value.find("${") == std::string::npos) {
                continue;
            }
            auto expanded = expand_text(value, vars, Expansion::verbatim);
            if (!expanded) {
                return fail(Fault::usage, fmt::format("variable `{}`: {}", name, expanded.error().message));
            }
            changed = changed || *expanded != value;
            value = std::move(*expanded);
        }
        if (!changed) {
            return vars;
        }
    }
    return fail(Fault::usage, fmt::format("the variables of runbook {} refer to each other in a circle", runbook.id));
}

}  // namespace memrb::engine
