#pragma once

#include "drill/inspect_json.h"
#include "drill/world.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace memrb::drill {

/// Entries of Cloud Logging, the newest first, as `gcloud logging read --format=json` prints them. Nothing: it is none
/// of the filters that the drill plays, which are those of the shipped runbook.
std::optional<Json> cloud_log(const World& world, std::string_view filter, Timestamp since, std::size_t limit);

}  // namespace memrb::drill
