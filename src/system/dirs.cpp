#include "system/dirs.h"

namespace memrb::system {

namespace {

std::filesystem::path base(const Environment& environment, std::string_view variable, std::string_view below_home) {
    const std::filesystem::path given(environment.get(variable));
    return given.is_absolute() ? given : std::filesystem::path(environment.home()) / below_home;
}

}  // namespace

Dirs find_dirs(const Environment& environment) {
    return {base(environment, "XDG_CONFIG_HOME", ".config") / "memrb", "/etc/memrb",
            base(environment, "XDG_DATA_HOME", ".local/share") / "memrb" / "runbooks",
            base(environment, "XDG_STATE_HOME", ".local/state") / "memrb" / "incidents",
            base(environment, "XDG_CACHE_HOME", ".cache") / "memrb"};
}

}  // namespace memrb::system
