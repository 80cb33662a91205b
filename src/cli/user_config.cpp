#include "cli/user_config.h"

#include "base/text.h"
#include "cli/world.h"
#include "runbook/config.h"

#include <fmt/core.h>
#include <algorithm>
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

// `~/x` is below the home folder, and what does not begin with `/` beside the config file.
void make_whole(runbook::SecretSource& source, const fs::path& folder, const fs::path& home) {
    if (source.file.starts_with("~/")) {
        source.file = (home / source.file.substr(2)).string();
    } else if (!source.file.empty() && source.file.front() != '/') {
        source.file = (folder / source.file).string();
    }
}

bool could_be_secret(std::string_view word, bool suspect) {
    constexpr std::size_t longest_name = 16;
    constexpr std::size_t shortest_key = 20;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const bool key = word.size() >= shortest_key && std::any_of(word.begin(), word.end(), digit) &&
                     std::any_of(word.begin(), word.end(), letter) &&
                     std::all_of(word.begin(), word.end(), [&](char c) { return digit(c) || letter(c); });
    return key || (suspect && word.size() > longest_name && !word.ends_with(':'));
}

// In the place of a variable's name or a path there may stand the secret itself: such words are not shown, and what is
// shown keeps its columns.
std::string without_secrets(std::string text) {
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string line = text.substr(begin, end - begin);
        const bool suspect = line.find("webhook") != std::string::npos || line.find("routing") != std::string::npos ||
                             line.find("slack") != std::string::npos || line.find("pagerduty") != std::string::npos;
        for (std::size_t from = begin; from < end;) {
            const std::size_t to = std::min(text.find_first_of(" \t\r\n,{}[]\"'#", from), end);
            if (could_be_secret(std::string_view(text).substr(from, to - from), suspect)) {
                text.replace(from, to - from, to - from, '*');
            }
            from = to + 1;
        }
        begin = end + 1;
    }
    return text;
}

// What is already there came from a stronger file.
void merge(UserConfig& config, const runbook::Config& file, const fs::path& folder, const fs::path& home) {
    for (auto [key, contact] : file.contacts) {
        if (contact.slack) {
            make_whole(*contact.slack, folder, home);
        }
        if (contact.pagerduty) {
            make_whole(contact.pagerduty->routing_key, folder, home);
        }
        config.contacts.emplace(key, std::move(contact));
    }
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
            world.err().write(runbook::render(loaded.error(), without_secrets(**text), world.err_style().colour));
            return fail(Fault::usage, fmt::format("{} is no valid config", base::printable(path.string())));
        }
        merge(config, *loaded, folder, world.environment().home());
    }
    return config;
}

}  // namespace memrb::cli
