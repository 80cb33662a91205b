#include "cli/runbooks.h"

#include "actions/registry.h"
#include "base/text.h"
#include "cli/shipped.h"
#include "cli/world.h"
#include "runbook/load.h"

#include <fmt/core.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace memrb::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_file = (std::size_t{1} << 20U) + 1;  // one byte more than the loader takes: it says so
constexpr std::string_view shipped_prefix = "shipped:";

bool is_runbook_name(std::string_view path) {
    return path.ends_with(".yaml") || path.ends_with(".yml");
}

Result<std::string> read_text(const fs::path& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::error_code none;
    if (!file || fs::is_directory(path, none)) {
        const std::string why = fs::is_directory(path, none) ? "it is a folder" : std::strerror(errno);
        return fail(Fault::usage, fmt::format("cannot read {}: {}", base::printable(path.string()), why));
    }
    std::string text(largest_file, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

// The id without compiling: files are looked through for one runbook only.
std::string id_of(const std::string& bytes) {
    for (const auto line : base::lines(bytes)) {
        if (line.starts_with("id:")) {
            return std::string(base::trim(line.substr(3)));
        }
    }
    return {};
}

void add_user_runbooks(const World& world, std::vector<RunbookSource>& all) {
    std::error_code none;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(world.dirs().runbooks, none)) {
        if (is_runbook_name(entry.path().string())) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        auto text = read_text(file);
        if (!text) {
            continue;
        }
        const std::string id = id_of(*text);
        std::erase_if(all, [&](const RunbookSource& other) { return id_of(other.bytes) == id; });
        all.push_back({file.string(), std::move(*text)});
    }
}

}  // namespace

std::vector<RunbookSource> all_runbooks(const World& world) {
    std::vector<RunbookSource> all;
    for (const auto& file : shipped_files()) {
        if (is_runbook_name(file.path) && file.path.find('/') == std::string_view::npos) {
            all.push_back({std::string(shipped_prefix).append(file.path), std::string(file.bytes)});
        }
    }
    add_user_runbooks(world, all);
    return all;
}

Result<RunbookSource> find_runbook(const World& world, const std::string& name) {
    if (name.find('/') != std::string::npos || is_runbook_name(name)) {
        auto text = read_text(name);
        if (!text) {
            return tl::unexpected(text.error());
        }
        return RunbookSource{name, std::move(*text)};
    }
    std::vector<std::string> ids;
    for (auto& source : all_runbooks(world)) {
        ids.push_back(id_of(source.bytes));
        if (ids.back() == name) {
            return std::move(source);
        }
    }
    return fail(Fault::usage,
                fmt::format("no runbook is called `{}`{}", base::printable(name), base::did_you_mean(name, ids)),
                fmt::format("there are: {}; a file is named by its path", base::join(ids, ", ")));
}

Result<Runbook> load(World& world, const RunbookSource& source) {
    const bool colour = world.err_style().colour;
    auto loaded = runbook::load_runbook(source.bytes, source.origin, actions::action_types());
    if (!loaded) {
        world.err().write(runbook::render(loaded.error(), source.bytes, colour));
        return fail(Fault::usage, fmt::format("{} is no valid runbook", base::printable(source.origin)));
    }
    if (!loaded->warnings.empty()) {
        world.err().write(runbook::render(loaded->warnings, source.bytes, colour));
    }
    return std::move(loaded->runbook);
}

bool serves(const Runbook& runbook, Platform platform) {
    const auto& named = runbook.platforms;
    return named.empty() || std::find(named.begin(), named.end(), platform) != named.end();
}

Result<Runbook> runbook_for(World& world, Platform platform) {
    for (const auto& source : all_runbooks(world)) {
        auto runbook = load(world, source);
        if (!runbook) {
            return runbook;
        }
        if (serves(*runbook, platform)) {
            return runbook;
        }
    }
    return fail(Fault::usage, fmt::format("no runbook is for the platform {}", to_string(platform)),
                "name one with --runbook");
}

}  // namespace memrb::cli
