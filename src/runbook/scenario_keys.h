#pragma once

#include "runbook/keys.h"

namespace memrb::runbook {

/// The tables of a drill's file. docs/drills.md follows them.
extern const Object scenario_keys;
extern const Object drill_service_keys;
extern const Object drill_version_keys;
extern const Object drill_memory_keys;
extern const Object drill_load_keys;
extern const Object drill_change_keys;
extern const Object drill_move_keys;

}  // namespace memrb::runbook
