#pragma once

#include "runbook/compilation.h"

namespace memrb::runbook {

/// Reads one parameter of an action into `params` by its ParamSpec. The variables that it mentions go to `note`. False
/// if something was reported.
bool read_param(Compilation& all, const ParamSpec& spec, const Node& node, Params& params, StepNote& note);

}  // namespace memrb::runbook
