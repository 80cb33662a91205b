#pragma once

#include "memrb/event.h"
#include "memrb/result.h"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::incident {

/// An incident as one document, schema `memrb/bundle/v1` (docs/json.md): its events and the files of their outputs.
struct Bundle {
    std::vector<Event> journal;                ///< numbered from 1 without gaps
    std::map<std::string, std::string> files;  ///< `outputs/usage.now.out` and its bytes
};

/// Of an incident's folder: the events (a torn last line is left out) and every file that they name. Error: a file
/// that they name is missing.
Result<Bundle> collect_bundle(const std::filesystem::path& folder);

/// JSON, one member on each line: fit for a repository.
std::string write_bundle(const Bundle& bundle);
Result<Bundle> read_bundle(std::string_view text);

}  // namespace memrb::incident
