#pragma once

#include "memrb/result.h"
#include "memrb/scenario.h"

#include <string>
#include <vector>

namespace memrb::cli {

class World;

/// Of the shipped drills, in the order of their ids. Errors: one that is broken.
Result<std::vector<Scenario>> shipped_scenarios(World& world);

/// By id; or from a file, if the name has a slash or ends in .yaml. What is wrong with it is printed with carets.
Result<Scenario> find_scenario(World& world, const std::string& name);

}  // namespace memrb::cli
