#include "system/spawn_failure.h"

#include "base/text.h"

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace memrb::system {

namespace {

bool has_zero(const std::string& text) {
    return text.find('\0') != std::string::npos;
}

bool is_file(const std::filesystem::path& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

bool is_folder(const std::string& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

// A program that lies on PATH and yet was "not found": its first line names an interpreter that does not exist.
bool on_path(const std::string& program) {
    const char* path = std::getenv("PATH");
    for (const auto folder : base::split(path == nullptr ? "/bin:/usr/bin" : path, ':')) {
        if (is_file(std::filesystem::path(folder.empty() ? "." : folder) / program)) {
            return true;
        }
    }
    return false;
}

NotStarted not_found(const Command& command, const std::string& shown) {
    const std::string& program = command.argv.front();
    const bool by_path = program.find('/') != std::string::npos;
    const std::filesystem::path place = std::filesystem::path(command.cwd) / program;
    if (by_path ? is_file(place) : on_path(program)) {
        return {.why = fmt::format("{} cannot run: the interpreter that it asks for is not installed", shown),
                .missing_tool = true};
    }
    if (by_path) {
        return {.why = fmt::format("{} does not exist", shown), .missing_tool = true};
    }
    return {.why = fmt::format("{} is not installed (not on PATH)", shown), .missing_tool = true};
}

}  // namespace

tl::expected<void, NotStarted> check_command(const Command& command) {
    if (command.argv.empty() || command.argv.front().empty()) {
        return tl::unexpected(NotStarted{.why = "no program is named"});
    }
    if (std::any_of(command.argv.begin(), command.argv.end(), has_zero) || has_zero(command.cwd)) {
        return tl::unexpected(NotStarted{.why = "an argument contains a zero byte"});
    }
    for (const auto& [name, value] : command.env) {
        if (name.empty() || name.find('=') != std::string::npos || has_zero(name) || has_zero(value)) {
            return tl::unexpected(
                NotStarted{.why = fmt::format("`{}` cannot be an environment variable", base::printable(name))});
        }
    }
    return {};
}

NotStarted explain_spawn_failure(const Command& command, int error) {
    const std::string shown = base::printable(command.argv.front());
    if (!command.cwd.empty() && !is_folder(command.cwd)) {
        return {.why = fmt::format("the folder {} does not exist", base::printable(command.cwd))};
    }
    if (!command.cwd.empty() && ::access(command.cwd.c_str(), X_OK) != 0) {
        return {.why = fmt::format("no permission to enter the folder {}", base::printable(command.cwd)),
                .denied = true};
    }
    switch (error) {
        case ENOENT:
        case ENOTDIR: return not_found(command, shown);
        case EACCES:
            // Also reported when a folder of PATH cannot be searched and the program is nowhere.
            if (command.argv.front().find('/') == std::string::npos && !on_path(command.argv.front())) {
                return not_found(command, shown);
            }
            [[fallthrough]];
        case EPERM: return {.why = fmt::format("no permission to run {}", shown), .denied = true};
        case ENOEXEC: return {.why = fmt::format("{} is not a program that this machine can run", shown)};
        case E2BIG: return {.why = fmt::format("the command line of {} is too long for this system", shown)};
        default:
            return {.why = fmt::format("{} could not be started: {}", shown, std::generic_category().message(error))};
    }
}

}  // namespace memrb::system
