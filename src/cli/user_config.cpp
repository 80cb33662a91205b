#include "cli/user_config.h"

#include "base/text.h"
#include "cli/world.h"
#include "runbook/config.h"

#include <fmt/core.h>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

namespace memrb::cli {

namespace {

namespace fs = std::filesystem;

// Nothing if there is no such file. One that is there, but cannot be read, must not pass for "no config".
Result<std::optional<std::string>> read_config(const fs::path& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return std::optional<std::string>();
        }
        return fail(Fault::usage, fmt::format("cannot read {}: {}", base::printable(path.string()),
                                              std::generic_category().message(errno)));
    }
    return std::optional(std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()));
}

// What is already there came from a stronger file.
void merge(UserConfig& config, const runbook::Config& file) {
    for (const auto& [key, target] : file.targets) {
        if (config.targets.emplace(key, engine::ConfiguredTarget{target.platform, target.name, target.vars}).second &&
            !target.runbook.empty()) {
            config.runbooks.emplace(key, target.runbook);
        }
    }
    config.vars.insert(file.vars.begin(), file.vars.end());
    config.read_only = config.read_only || file.read_only;
}

}  // namespace

std::string UserConfig::runbook_of(const std::string& target) const {
    const auto found = runbooks.find(target);
    return found == runbooks.end() ? std::string{} : found->second;
}

Result<UserConfig> load_user_config(World& world) {
    UserConfig config;
    for (const auto& folder : {world.dirs().config, world.dirs().system_config}) {
        const fs::path path = folder / "config.yaml";
        const auto text = read_config(path);
        if (!text) {
            return tl::unexpected(text.error());
        }
        if (!*text) {
            continue;
        }
        const auto loaded = runbook::load_config(**text, path.string());
        if (!loaded) {
            world.err().write(runbook::render(loaded.error(), **text, world.err_style().colour));
            return fail(Fault::usage, fmt::format("{} is no valid config", base::printable(path.string())));
        }
        merge(config, *loaded);
    }
    return config;
}

}  // namespace memrb::cli
