#pragma once

#include "base/secrets.h"
#include "memrb/ports.h"

#include <memory>

namespace memrb::cli {

class World;

/// Who does requests in earnest: the live one; in a drill that of the drill. `secrets`: what files and outputs must not
/// hold; null for a lookup.
std::unique_ptr<Runner> open_runner(World& world, const base::Secrets* secrets = nullptr);

}  // namespace memrb::cli
