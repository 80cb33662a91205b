#pragma once

#include "memrb/result.h"
#include "memrb/runbook.h"
#include "memrb/target.h"
#include "memrb/units.h"

#include <map>
#include <span>
#include <string>

namespace memrb::engine {

using Variables = std::map<std::string, std::string>;

/// Settings that are read before a target is known, so every runbook accepts them from `--set`.
std::span<const std::string_view> lookup_settings();

/// The value of every variable a step may use. Stronger sources win: `overrides` (`--set`), the target's own settings,
/// `config` (the user's file), the runbook's defaults. What follows from the target (`target`, `container`, `platform`,
/// `image`, `compose_service`, `compose_project`; the latter two empty outside of Compose) and `now`, the moment that
/// is diagnosed, as RFC 3339 with milliseconds, cannot be set. Values of config and runbook may refer to other
/// variables; each is expanded once, and `--set` and the target's not at all. A variable that has no value, or whose
/// value refers to one that has none, is absent: not set is not empty. Errors, all of kind usage: `--set` of an unknown
/// or fixed variable or with a control character, a reference to something that is no variable, values that refer to
/// each other in a circle.
Result<Variables> resolve_variables(const Runbook& runbook, const Target& target, Timestamp now,
                                    const Variables& config, const Variables& overrides);

/// Writes what follows from the target, as it is pinned now, into variables that were resolved before.
void follow_target(Variables& vars, const Target& target);

/// What may be written down: all but the variables that the runbook marks as secret.
Variables without_secrets(Variables vars, const Runbook& runbook);

}  // namespace memrb::engine
