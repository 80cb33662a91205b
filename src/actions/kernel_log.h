#pragma once

#include "memrb/action.h"
#include "memrb/outcome.h"

#include <string_view>

namespace memrb::actions {

/// Finds the OOM kills of the target in what `dmesg` (plain, `--time-format iso`) or `journalctl -k -o short-iso`
/// prints. Only kills whose victim lived in a memory cgroup that carries the pinned container's id count. No permission
/// to read the log is benign: the step is skipped.
Interpretation interpret_kernel_log(const ActionContext& context, const Outcome& outcome);

}  // namespace memrb::actions
