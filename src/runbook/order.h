#pragma once

#include "runbook/compilation.h"

namespace memrb::runbook {

/// Looks up every variable, fact and step that the runbook mentions, and reports what there is not. Circles of variable
/// defaults are found here too.
void resolve_names(Compilation& all);

/// Fills Step::needs and Step::needs_assessment, and reports steps that wait for each other or for what comes later.
void resolve_order(Compilation& all);

}  // namespace memrb::runbook
