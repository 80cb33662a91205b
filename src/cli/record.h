#pragma once

#include "memrb/ports.h"
#include "memrb/result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace memrb::cli {

class World;
struct DiagnoseCase;

/// Where an incident is written down.
struct Record {
    std::string id;                     ///< the incident's, empty if nothing is recorded
    std::unique_ptr<Journal> journal;   ///< never null: the one that records nothing numbers the events
    std::vector<std::string> warnings;  ///< why nothing is recorded, if it should be
};

/// A new incident's folder for a live diagnosis. A dry run and a replay record nothing. If the state folder cannot be
/// written, the diagnosis goes on without a record, and says so: at 3 a.m. the finding counts more.
Record open_record(World& world, const DiagnoseCase& the_case);

/// The outcome with its output as far as the record kept it, for showing.
Result<Outcome> with_recorded_text(Outcome outcome, const std::filesystem::path& folder);

}  // namespace memrb::cli
