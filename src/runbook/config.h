#pragma once

#include "memrb/target.h"
#include "runbook/diagnostic.h"

#include <map>
#include <optional>
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

/// Where a secret is to be had: one of the two. The config itself never holds it.
struct SecretSource {
    std::string env;   ///< a variable's name
    std::string file;  ///< a path as it was written
};

struct ConfigPagerDuty {
    SecretSource routing_key;
    std::string url;  ///< empty: PagerDuty's own
};

/// How to reach a contact that runbooks name by its key.
struct ConfigContact {
    std::string role;  ///< empty: as in the runbook
    std::string reach;
    std::optional<SecretSource> slack = std::nullopt;  ///< the address of an incoming webhook
    std::optional<ConfigPagerDuty> pagerduty = std::nullopt;
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
