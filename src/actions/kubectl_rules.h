#pragma once

#include "actions/command_line.h"
#include "memrb/action.h"

#include <optional>
#include <span>
#include <string>

namespace memrb::actions {

/// What the steps must obey: no other cluster, namespace or user than the target's, no command without an end, no
/// terminal, no question, no memory limit below 1 MiB, and `reads` only where kubectl cannot know.
Result<void> check_kubectl_words(const Params& params);

/// The table's risk, but for what is told beside the command: a dry run changes nothing, `reads: true` vouches for an
/// `exec`, a scale-up by literal numbers can be taken back, a forced replacement cannot.
Risk kubectl_risk(const Params& params);

/// The same with `--dry-run=server`: the API server says what would come of it. No value: kubectl has none for it.
std::optional<Params> rehearse_kubectl(const Params& params);

/// The words that kubectl itself reads: those behind `--` belong to the program in the container.
std::span<const std::string> kubectl_words(const CommandLine& line);

}  // namespace memrb::actions
