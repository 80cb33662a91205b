#pragma once

#include "incident/load.h"
#include "incident/store.h"
#include "memrb/ports.h"
#include "memrb/result.h"
#include "memrb/runbook.h"
#include "memrb/standing.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace memrb::cli {

class World;

/// A recorded incident, whoever recorded it, and the runbook that it was diagnosed with.
struct PastIncident {
    incident::Entry entry;
    std::vector<Event> events;
    Standing standing;
    std::optional<Runbook> runbook;
    std::vector<std::string> warnings;  ///< the runbook is gone or has changed, the record is torn
};

/// By id or its beginning; empty: the last one that was opened. Errors (usage): there is none.
Result<incident::Entry> find_incident(const World& world, const std::string& wanted);
/// The same in another store.
Result<incident::Entry> find_incident(const std::filesystem::path& folder, const std::string& wanted);

/// Where drills are recorded, apart from incidents.
std::filesystem::path drills_folder(const World& world);

/// With its record read. A runbook that cannot be had is a warning: the record alone tells most of it.
Result<PastIncident> open_incident(World& world, const std::string& wanted);

/// Its journal, to be written behind its last event; it may be closed. Errors: another memrb writes it (stale), it is
/// broken, the folder cannot be written.
Result<std::unique_ptr<Journal>> append_to(World& world, const incident::Entry& entry);

/// Opens the journal, writes one event durably, and lets go of it.
Result<void> append_event(World& world, const incident::Entry& entry, EventBody body);

}  // namespace memrb::cli
