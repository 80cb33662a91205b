#pragma once

#include "engine/diagnose.h"
#include "engine/variables.h"
#include "memrb/request.h"

#include <optional>
#include <string>
#include <vector>

namespace memrb::engine {

struct Preflight {
    std::string refusal;                ///< not empty: the change is not made
    std::vector<std::string> cautions;  ///< what the person who is asked has to know, one line each
};

/// What speaks against a change that sets a memory limit, from what is known before it: refused is a limit that is not
/// above present use. Cautions come from two captures, where there are such: `host_memory` (bytes; compared with what
/// the host's containers use) and `java_heap` (an `-Xmx` value). Empty for every other change.
Preflight preflight(const Request& request, const Diagnosis& diagnosis, const Target& target, const Variables& known);

/// The memory limit that a change sets, in bytes; nothing: it sets none, or takes one away.
std::optional<Bytes> limit_set_by(const Request& request);

}  // namespace memrb::engine
