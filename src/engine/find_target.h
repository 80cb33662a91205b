#pragma once

#include "memrb/ports.h"
#include "memrb/result.h"
#include "memrb/target.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace memrb::engine {

/// A target of the user's config file.
struct ConfiguredTarget {
    Platform platform = Platform::docker;
    std::string name;  ///< what the platform calls it; empty: the key
    std::map<std::string, std::string> vars;
};

struct FindOptions {
    std::string name;
    std::optional<Platform> platform;  ///< look only there
    std::map<std::string, ConfiguredTarget> configured;
    std::map<std::string, std::string> vars;  ///< what lookups use: `prometheus`
    Timestamp now{};
};

/// What is looked for, once the config has been asked.
struct Sought {
    std::string name;
    std::optional<Platform> platform;
    std::map<std::string, std::string> vars;       ///< of the lookup, then of the config's target
    const ConfiguredTarget* configured = nullptr;  ///< of the options, which must live on
};
Sought sought(const FindOptions& options);

struct FoundTarget {
    Target target;
    std::vector<std::pair<std::string, std::string>> host_containers;  ///< running containers of the engine: id, name
    std::vector<std::string> warnings;                                 ///< sources that could not be asked on the way
};

/// Looks the name up in the config, then in the finders in their order; the first that knows it wins. Errors: a name
/// that is no name, typed or configured (usage: no finder is asked), several matches (usage, listing them), nobody
/// knows it (failed, with the nearest names), nobody could be asked (no_data), Ctrl-C (interrupted).
Result<FoundTarget> find_target(const FindOptions& options, std::span<const TargetFinder* const> finders,
                                const Tools& tools, Runner& runner, const Stop& stop);

}  // namespace memrb::engine
