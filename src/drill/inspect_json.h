#pragma once

#include "drill/world.h"

#include <nlohmann/json.hpp>

namespace memrb::drill {

using Json = nlohmann::ordered_json;

/// The folder of the world's Compose project, and its file.
constexpr std::string_view project_folder = "/srv/shop";
constexpr std::string_view compose_file = "/srv/shop/compose.yml";

/// What `docker inspect` and the Engine API tell of a container (API 1.41).
Json inspect_json(const World& world, const Container& container);

/// Its entry in the list of all containers.
Json listed_json(const World& world, const Container& container);

/// `/containers/ID/stats?stream=false&one-shot=true`.
Json stats_json(const World& world, const Container& container);

/// A time as the engine prints it.
std::string engine_time(std::optional<Timestamp> at);

}  // namespace memrb::drill
