#pragma once

#include "memrb/action.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::actions {

/// gcloud's arguments, taken apart.
struct GcloudLine {
    std::string verb;               ///< as in the table, without `alpha` and `beta`: `run services update`
    std::string written;            ///< as it was written, for messages
    std::vector<std::string> rest;  ///< what follows the verb
    bool known = false;             ///< the verb is in the table
};

/// The verb is what stands at the beginning: options come behind it. Empty: there is none.
GcloudLine parse_gcloud(std::span<const std::string> args);

/// What a command may do; closed by default: what is not in the table is disruptive.
Risk risk_of(const GcloudLine& line);

}  // namespace memrb::actions
