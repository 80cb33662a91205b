#include "cli/incident_command.h"

#include "base/text.h"
#include "cli/runbooks.h"
#include "cli/world.h"
#include "engine/standing.h"
#include "incident/journal.h"

#include <fmt/core.h>
#include <filesystem>

namespace memrb::cli {

namespace {

// The file that it was read from, if it is still there; else what has its id now.
Result<RunbookSource> source_of(const World& world, const Standing& standing) {
    std::error_code none;
    const std::filesystem::path file(standing.runbook_origin);
    if (file.is_absolute() && std::filesystem::is_regular_file(file, none)) {
        return find_runbook(world, standing.runbook_origin);
    }
    return find_runbook(world, standing.runbook_id);
}

void add_runbook(World& world, PastIncident& past) {
    const std::string& id = past.standing.runbook_id;
    const auto source = source_of(world, past.standing);
    auto runbook = source ? load(world, *source) : Result<Runbook>(tl::unexpected(source.error()));
    if (!runbook) {
        past.warnings.push_back(
            fmt::format("runbook {} cannot be had any more ({}): its ladder, contacts and "
                        "checklist are not shown",
                        id, runbook.error().message));
        return;
    }
    if (runbook->digest != past.standing.runbook_digest) {
        past.warnings.push_back(
            fmt::format("runbook {} has changed since this was recorded: its ladder, contacts and "
                        "checklist are those of now",
                        id));
    }
    past.runbook = *std::move(runbook);
}

}  // namespace

std::filesystem::path drills_folder(const World& world) {
    return world.dirs().incidents.parent_path() / "drills";
}

Result<incident::Entry> find_incident(const std::filesystem::path& folder, const std::string& wanted) {
    const incident::Store store(folder);
    if (!wanted.empty()) {
        return store.find(wanted);
    }
    const auto entries = store.list();
    if (!entries) {
        return tl::unexpected(entries.error());
    }
    if (entries->empty()) {
        return fail(Fault::usage, "no incident is recorded yet", "`memrb diagnose NAME` begins one");
    }
    return entries->front();
}

Result<incident::Entry> find_incident(const World& world, const std::string& wanted) {
    return find_incident(world.dirs().incidents, wanted);
}

Result<PastIncident> open_incident(World& world, const std::string& wanted) {
    const auto entry = find_incident(world, wanted);
    if (!entry) {
        return tl::unexpected(entry.error());
    }
    auto record = incident::load(entry->folder);
    if (!record) {
        return tl::unexpected(record.error());
    }
    PastIncident past;
    past.entry = *entry;
    past.events = std::move(record->events);
    past.standing = engine::standing_of(past.events, entry->folder);
    if (past.standing.incident.empty()) {
        past.standing.incident = entry->id;
    }
    if (!record->torn.empty()) {
        past.warnings.emplace_back("the last line of this record was torn: it is not told here");
    }
    add_runbook(world, past);
    return past;
}

Result<std::unique_ptr<Journal>> append_to(World& world, const incident::Entry& entry) {
    auto journal = incident::FileJournal::open(entry.folder, world.clock(), &world.secrets());
    if (!journal) {
        return tl::unexpected(journal.error());
    }
    return std::unique_ptr<Journal>(std::move(*journal));
}

Result<void> append_event(World& world, const incident::Entry& entry, EventBody body) {
    const auto journal = append_to(world, entry);
    if (!journal) {
        return tl::unexpected(journal.error());
    }
    const auto event = (*journal)->append(std::move(body), true);
    return event ? Result<void>() : Result<void>(tl::unexpected(event.error()));
}

}  // namespace memrb::cli
