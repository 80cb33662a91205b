#pragma once

#include "engine/execute.h"
#include "memrb/request.h"

#include <string>
#include <vector>

namespace memrb::engine {

/// A read of the diagnosis that can be told before its target is pinned.
struct EarlyRead {
    std::string step;
    Request request;
    Milliseconds timeout{};
};

/// The programs and HTTP reads of the diagnosis that wait for nothing, as they will be asked for. `likely` is the
/// target as it is known before anybody was asked, without an id: what depends on the id is not among them.
std::vector<EarlyRead> early_reads(const Session& likely);

}  // namespace memrb::engine
