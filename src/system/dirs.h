#pragma once

#include "system/environment.h"

#include <filesystem>

namespace memrb::system {

/// Where memrb's files are, after the XDG base directory rules (a relative XDG_* is ignored, as the rules demand).
/// Nothing is created here.
struct Dirs {
    std::filesystem::path config;         ///< config.yaml
    std::filesystem::path system_config;  ///< /etc/memrb: config.yaml for all users of the machine
    std::filesystem::path runbooks;       ///< the user's runbooks
    std::filesystem::path incidents;      ///< the record
    std::filesystem::path cache;          ///< what can be made again
};

Dirs find_dirs(const Environment& environment);

}  // namespace memrb::system
