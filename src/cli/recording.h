#pragma once

#include "engine/replay_runner.h"
#include "memrb/result.h"
#include "memrb/target.h"

#include <map>
#include <string>

namespace memrb::cli {

class World;

/// A recorded diagnosis, ready to be replayed.
struct Recording {
    std::string runbook_id;
    std::string runbook_digest;
    Target target;
    Timestamp at{};                           ///< the moment that was diagnosed
    bool past = false;                        ///< it was diagnosed with --at
    std::map<std::string, std::string> sets;  ///< the `--set` of its command line
    engine::ReplayRunner::Recorded outcome_of;
};

/// `demo` (shipped), an incident's id, or a folder. Errors: no such record, a record that cannot be read.
Result<Recording> open_recording(World& world, const std::string& name);

}  // namespace memrb::cli
