#pragma once

#include "actions/command_line.h"
#include "memrb/action.h"

namespace memrb::actions {

/// What the steps of both tools must obey: no other engine than the target's, no command without an end, no terminal,
/// and `reads` only where the tool cannot know.
Result<void> check_docker_words(const Params& params, const Grammar& grammar);

/// The table's risk, but for an `exec` that the runbook vouches for (`reads: true`).
Risk docker_risk(const Params& params, const Grammar& grammar);

/// The words that the tool itself reads: those behind an exec's container belong to the program in it.
std::span<const std::string> own_words(const CommandLine& line);

/// The parameter `reads`; docs/writing-an-action.md says why there is one.
ParamSpec reads_param();

/// Error of kind no_data if commands of `tool` tell nothing of this target at this moment: it is no container of an
/// engine that memrb has found, or the moment is past.
Result<void> needs_live_docker(const ActionContext& context, std::string_view tool);

}  // namespace memrb::actions
