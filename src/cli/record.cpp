#include "cli/record.h"

#include "cli/diagnose_case.h"
#include "cli/world.h"
#include "incident/journal.h"
#include "incident/outputs.h"
#include "incident/store.h"

namespace memrb::cli {

namespace {

Record unrecorded(World& world) {
    return {"", std::make_unique<incident::NullJournal>(world.clock(), &world.secrets()), {}};
}

Record not_recorded_because(World& world, const Error& error) {
    Record record = unrecorded(world);
    record.warnings.push_back("nothing is recorded: " + error.message);
    return record;
}

}  // namespace

Record open_record(World& world, const DiagnoseCase& the_case) {
    if (the_case.mode != "live" && the_case.mode != "drill") {
        return unrecorded(world);
    }
    const incident::Store store(world.dirs().incidents);
    const auto entry = store.create(world.clock().now(), the_case.target.name);
    if (!entry) {
        return not_recorded_because(world, entry.error());
    }
    auto journal = incident::FileJournal::open(entry->folder, world.clock(), &world.secrets());
    if (!journal) {
        return not_recorded_because(world, journal.error());
    }
    return {entry->id, std::move(*journal), {}};
}

Result<Outcome> with_recorded_text(Outcome outcome, const std::filesystem::path& folder) {
    const bool in_memory = !outcome.out.head.empty() || !outcome.err.head.empty();
    return folder.empty() || in_memory ? Result<Outcome>(std::move(outcome))
                                       : incident::with_bytes(std::move(outcome), incident::FolderFiles(folder));
}

}  // namespace memrb::cli
