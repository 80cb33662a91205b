#pragma once

#include "memrb/scenario.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace memrb::cli {

class World;

struct DrillOptions {
    Scenario scenario;
    std::uint64_t seed = 1;
    double speed = 0;  ///< of the drill's time against the person's; 0: no wait takes any time
    std::optional<std::vector<std::string>> answers;  ///< a script; absent: a person
    bool json = false;
};

/// Plays a drill to its end and tells the score. Returns the exit code.
int play(World& world, const DrillOptions& options);

}  // namespace memrb::cli
