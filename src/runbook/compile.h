#pragma once

#include "memrb/runbook.h"
#include "runbook/raw.h"
#include "runbook/reporter.h"

namespace memrb::runbook {

/// Turns a document into a runbook. What is wrong goes to `report`; the result is of use only if nothing did.
/// `origin` and `digest` are left to the caller.
Runbook compile(const Document& document, ActionTypes types, Reporter& report);

}  // namespace memrb::runbook
