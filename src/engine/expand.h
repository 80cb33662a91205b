#pragma once

#include "memrb/action.h"
#include "memrb/result.h"
#include "memrb/runbook.h"

#include <map>
#include <string>
#include <string_view>

namespace memrb::engine {

/// Replaces `${name}`; `$${` is a literal `${`. A value is never expanded again and never split.
/// Error: a name that is not in `vars`.
Result<std::string> expand_text(std::string_view text, const std::map<std::string, std::string>& vars, Expansion how);

/// The step's parameters with every variable written in, as the action's ParamSpecs ask for it.
Result<Params> expand_params(const Step& step, const std::map<std::string, std::string>& vars);

}  // namespace memrb::engine
