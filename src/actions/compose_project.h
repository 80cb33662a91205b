#pragma once

#include "memrb/target.h"

#include <string>
#include <vector>

namespace memrb::actions {

/// A file of the project as a path from the root. Labels of Compose v1 hold paths relative to the project's folder,
/// those of v2 absolute ones.
std::string in_project(const ComposeRef& compose, const std::string& file);

/// The project's Compose files that can be found; one that was read from a pipe cannot.
std::vector<std::string> compose_files(const ComposeRef& compose);

}  // namespace memrb::actions
