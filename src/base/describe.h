#pragma once

#include "memrb/outcome.h"
#include "memrb/request.h"

#include <string>
#include <vector>

namespace memrb::base {

/// A request as a person would type or read it, one line for each part; the first is enough to know what happens:
/// `$ docker inspect backend`, `GET http://localhost:9090/api/v1/query?query=up`, `read the memory cgroup of
/// 3f9c1d0a7be4`.
std::vector<std::string> describe(const Request& request);

/// `exit 1`, `killed by SIGKILL`, `timed out after 30 s`, `HTTP 500`, or what kept it from starting: `docker is not
/// installed`.
std::string describe(const Ending& ending);

/// `SIGKILL`, or `signal 64` for those without a name.
std::string signal_name(int signal);

}  // namespace memrb::base
