#pragma once

#include "incident/replay_source.h"
#include "memrb/result.h"

#include <memory>
#include <string>

namespace memrb::cli {

class World;

/// A recorded diagnosis: `demo` (shipped), an incident's id, an incident's folder, or a bundle's file. Errors: no such
/// record, a record that cannot be read.
Result<std::shared_ptr<const incident::ReplaySource>> open_recording(const World& world, const std::string& name);

}  // namespace memrb::cli
