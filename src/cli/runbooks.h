#pragma once

#include "memrb/result.h"
#include "memrb/runbook.h"
#include "runbook/diagnostic.h"

#include <string>
#include <vector>

namespace memrb::cli {

class World;

/// A runbook's text and where it comes from.
struct RunbookSource {
    std::string origin;  ///< `shipped:container-high-memory.yaml`, or the path as it was given
    std::string bytes;
};

/// Every runbook that can be named: the shipped ones, then those in the user's folder (which win by id), never the
/// current one.
std::vector<RunbookSource> all_runbooks(const World& world);

/// A path (it has a slash or ends in .yaml or .yml) or an id.
Result<RunbookSource> find_runbook(const World& world, const std::string& name);

/// Compiled. Its errors and warnings are printed with their carets; the Error that comes back says only how many there
/// were.
Result<Runbook> load(World& world, const RunbookSource& source);

/// A runbook that names no platform is for all of them.
bool serves(const Runbook& runbook, Platform platform);

/// The runbook for a platform: the first of all_runbooks() that serves it.
Result<Runbook> runbook_for(World& world, Platform platform);

}  // namespace memrb::cli
