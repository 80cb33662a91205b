#pragma once

#include "memrb/target.h"
#include "runbook/diagnostic.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::runbook {

/// A service that the user has named in the config file.
struct ConfigTarget {
    Platform platform = Platform::docker;
    std::string name;     ///< its name there; the key if the file gives none
    std::string runbook;  ///< id or file; empty: chosen by the platform
    std::map<std::string, std::string> vars;
};

/// How to reach a contact that runbooks name by its key.
struct ConfigContact {
    std::string role;  ///< empty: as in the runbook
    std::string reach;
};

/// The user's config file.
struct Config {
    std::map<std::string, ConfigTarget> targets;
    std::map<std::string, std::string> vars;  ///< for all runbooks; those of a target win
    std::map<std::string, ConfigContact> contacts;
    bool read_only = false;
};

/// Reads the bytes of a config file with the same diagnostics as a runbook's. An empty file is an empty Config. Whether
/// a runbook has the variables and contacts that are named here is not asked.
tl::expected<Config, std::vector<Diagnostic>> load_config(std::string_view bytes, std::string origin);

}  // namespace memrb::runbook
