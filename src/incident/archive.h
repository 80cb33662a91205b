#pragma once

#include "incident/store.h"
#include "memrb/result.h"

#include <filesystem>
#include <string>

namespace memrb::incident {

/// Writes an incident as one tar file (ustar): its journal, and the outputs that the journal names. `file` must not
/// exist. Errors: an output is missing, the disk is full (then there is no file).
Result<void> export_incident(const Entry& entry, const std::filesystem::path& file);

/// Puts an exported incident into the store, for reading only: no memrb goes on with it. Nothing of the archive is
/// trusted: its names, its sizes, its record. Errors: it is no such archive, the incident is there already, or its
/// record is not as it was written.
Result<Entry> import_incident(const Store& store, const std::filesystem::path& file);

/// The incident came from elsewhere: see import_incident().
bool is_imported(const std::filesystem::path& folder);

}  // namespace memrb::incident
