#pragma once

#include "actions/json_get.h"
#include "memrb/target.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::actions {

/// A container as the engine's list shows it.
struct ListedContainer {
    std::string id;  ///< 64 hex digits
    std::string name;
    std::string project, service;  ///< of Compose, or empty
    bool running = false;
};

/// The answer of `GET /containers/json?all=1`; nothing if it is no such list.
std::optional<std::vector<ListedContainer>> read_engine_list(std::string_view json);

/// The lines of `docker ps -a --no-trunc --format '{{json .}}'`; nothing if one is none.
std::optional<std::vector<ListedContainer>> read_cli_list(std::string_view lines);

/// The containers that are meant by `name`, and how it fits: an exact name beats the beginning of an id (4 digits or
/// more), which beats a Compose service (`service` or `project/service`), of which all containers are given.
struct NameMatch {
    std::vector<ListedContainer> containers;
    std::string_view found_by;
};
NameMatch match_name(const std::vector<ListedContainer>& all, std::string_view name);

/// A pinned target from what `inspect` tells of it; nothing if that is not understood. `local`: its process can be seen
/// here.
std::optional<Target> target_from_inspect(const Json& container, bool local, std::string_view found_by);

}  // namespace memrb::actions
