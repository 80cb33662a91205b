#pragma once

#include "engine/step_run.h"
#include "memrb/request.h"

#include <string>
#include <vector>

namespace memrb::engine {

/// What an edit would change, for the person who is asked: `- 7: mem_limit: 64m`, `+ 7: mem_limit: 128m`. Nothing is
/// written. Errors: why it cannot be done.
Result<std::vector<std::string>> look_at(const FileEdit& edit, const Instruments& instruments);

}  // namespace memrb::engine
