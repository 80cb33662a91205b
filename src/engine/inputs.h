#pragma once

#include "engine/step_run.h"

namespace memrb::engine {

/// What a step that uses `needed`'s captures gets of it: the values, or why there are none.
void add_captures(const StepResult& needed, Inputs& inputs);

}  // namespace memrb::engine
