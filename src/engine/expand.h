#pragma once

#include "memrb/action.h"
#include "memrb/result.h"
#include "memrb/runbook.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace memrb::engine {

/// The value of a variable, or why there is none.
using ValueOf = std::function<Result<std::string>(const std::string& name)>;

/// Replaces `${name}`; `$${` is a literal `${`. A value is never expanded again and never split.
/// Errors: a `${` that is never closed, and those of `value_of`.
Result<std::string> expand_text(std::string_view text, const ValueOf& value_of, Expansion how);
/// The same; a name that is not in `vars` is an error.
Result<std::string> expand_text(std::string_view text, const std::map<std::string, std::string>& vars, Expansion how);

/// The step's parameters with every variable written in, as the action's ParamSpecs ask for it.
Result<Params> expand_params(const Step& step, const std::map<std::string, std::string>& vars);

/// Whether a parameter of the step uses the variable `name`; in a shell's script a guess, as `$name` or `${name...`.
bool mentions(const Step& step, std::string_view name);

}  // namespace memrb::engine
