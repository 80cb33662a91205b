#pragma once

#include "memrb/result.h"
#include "memrb/target.h"
#include "system/environment.h"

#include <string>
#include <string_view>

namespace memrb::system {

/// Where the docker client would find its engine: DOCKER_HOST, DOCKER_CONTEXT, the current context of the client's
/// config, else unix:///var/run/docker.sock. Nothing is connected to. Errors: an address of an unknown kind, a context
/// that does not exist or cannot be read.
Result<DockerEndpoint> find_docker_endpoint(const Environment& environment);

/// Full path of a program on $PATH, or empty.
std::string find_program(std::string_view name, const Environment& environment);

/// The tools of this machine, found by looking at files; nothing is started. `docker` is the given endpoint.
Tools find_tools(const Environment& environment, DockerEndpoint docker);

/// Each tool by its name, as if all were there: what requests are made of when nothing of them is started.
Tools tools_by_name();

}  // namespace memrb::system
