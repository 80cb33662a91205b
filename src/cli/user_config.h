#pragma once

#include "engine/find_target.h"
#include "memrb/result.h"
#include "runbook/config.h"

#include <map>
#include <string>

namespace memrb::cli {

class World;

/// What the user's config.yaml (and /etc/memrb/config.yaml below it) says, as the commands need it.
struct UserConfig {
    std::map<std::string, engine::ConfiguredTarget> targets;
    std::map<std::string, std::string> runbooks;  ///< target -> runbook id or path
    std::map<std::string, std::string> vars;
    bool read_only = false;
    std::map<std::string, runbook::ConfigContact> contacts = {};  ///< files of secrets as whole paths

    /// The runbook that a target names, or empty.
    [[nodiscard]] std::string runbook_of(const std::string& target) const;
};

/// No file is no config. Mistakes are printed with their carets; the Error says which file.
Result<UserConfig> load_user_config(World& world);

}  // namespace memrb::cli
