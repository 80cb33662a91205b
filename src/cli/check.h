#pragma once

#include <string>
#include <vector>

namespace memrb::cli {

class World;

/// Checks the named runbooks, or all that are known; prints every mistake with its place. Returns the exit code.
int check_runbooks(World& world, const std::vector<std::string>& names);

}  // namespace memrb::cli
