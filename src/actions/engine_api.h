#pragma once

#include "memrb/request.h"
#include "memrb/target.h"

#include <optional>
#include <string>
#include <string_view>

namespace memrb::actions {

/// A GET of the Docker Engine API; nothing if the engine is behind ssh, where only the CLI gets. Paths go without a
/// version: an engine then answers in its own, and each refuses some others (29 refuses all before 1.44).
std::optional<HttpRequest> engine_get(const DockerEndpoint& endpoint, std::string_view path);

/// `unix:///var/run/docker.sock (DOCKER_HOST)`: the engine, for messages.
std::string describe_engine(const DockerEndpoint& endpoint);

/// 12 to 64 hex digits: what may stand in a path as a container's id.
bool is_container_id(std::string_view text);

}  // namespace memrb::actions
