#include "cli/edit_text.h"

#include "base/describe.h"
#include "base/shell_words.h"
#include "base/text.h"
#include "cli/world.h"
#include "system/files.h"
#include "system/process.h"

#include <fmt/core.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace memrb::cli {

namespace {

namespace fs = std::filesystem;

constexpr Bytes longest_text = Bytes{64} << 10U;

/// A folder of mode 0700 that goes with the object.
class PrivateFolder {
public:
    PrivateFolder() {
        std::error_code none;
        std::string pattern = (fs::temp_directory_path(none) / "memrb-edit-XXXXXX").string();
        if (!none && ::mkdtemp(pattern.data()) != nullptr) {
            path_ = pattern;
        }
    }
    ~PrivateFolder() {
        std::error_code none;
        if (!path_.empty()) {
            fs::remove_all(path_, none);
        }
    }
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;
    PrivateFolder(PrivateFolder&&) = delete;
    PrivateFolder& operator=(PrivateFolder&&) = delete;

    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

// As a person has it in their environment: `code --wait` is two words.
Result<std::vector<std::string>> editor_of(const World& world) {
    const auto& environment = world.environment();
    for (const std::string_view name : {"VISUAL", "EDITOR"}) {
        if (environment.has(name)) {
            auto words = base::split_words(environment.get(name));
            if (!words || words->empty()) {
                return fail(Fault::usage, fmt::format("${} is no command", name));
            }
            return *std::move(words);
        }
    }
    return std::vector<std::string>{"vi"};
}

}  // namespace

Result<std::string> edit_text(World& world, const std::string& text) {
    auto words = editor_of(world);
    if (!words) {
        return tl::unexpected(words.error());
    }
    const PrivateFolder folder;
    if (folder.path().empty()) {
        return fail(Fault::failed, "no temporary folder can be made");
    }
    const fs::path file = folder.path() / "arguments";
    {
        std::ofstream out(file);
        out << "# The arguments of the step, in one line. Lines that begin with # do not count.\n" << text << '\n';
        if (!out.flush()) {
            return fail(Fault::failed, "no temporary file can be written");
        }
    }
    Command command;
    command.argv = *std::move(words);
    command.argv.push_back(file.string());
    command.interactive = true;
    const std::string name = base::printable(command.argv.front());
    RunContext without_limit;
    without_limit.timeout = Milliseconds{0};
    const Outcome outcome = system::run_command(command, without_limit, world.stop());
    if (!outcome.ok()) {
        return fail(Fault::failed, fmt::format("{}: {}", name, base::describe(outcome.ending)));
    }
    return system::read_file(file.string(), longest_text);
}

}  // namespace memrb::cli
