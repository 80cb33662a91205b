#pragma once

#include "memrb/action.h"

#include <string>

namespace memrb::runbook {

/// The JSON Schema (draft 7) of runbooks, made from the compiler's own key tables and the actions' parameters: for
/// editors. It says less than the compiler, but nothing else. docs/runbook.schema.json is this text.
std::string json_schema(ActionTypes types);

}  // namespace memrb::runbook
