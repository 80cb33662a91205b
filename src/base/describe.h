#pragma once

#include "memrb/outcome.h"
#include "memrb/request.h"

#include <string>
#include <vector>

namespace memrb::base {

/// A request as a person would type or read it, one line for each part; the first is enough to know what happens:
/// `$ docker inspect backend`, `GET http://localhost:9090/api/v1/query?query=up`, `read cgroup memory of 3f9c1d`.
std::vector<std::string> describe(const Request& request);

/// `exit 1`, `killed by SIGKILL`, `timed out after 30 s`, `HTTP 500`, `not started: docker is not installed`.
std::string describe(const Ending& ending);

/// `SIGKILL`, or `signal 64` for those without a name.
std::string signal_name(int signal);

}  // namespace memrb::base
