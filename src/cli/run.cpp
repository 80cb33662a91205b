#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/world.h"

#include "base/text.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <array>
#include <iostream>

namespace memrb::cli {

extern const CommandSpec afterwards_command;
extern const CommandSpec check_command;
extern const CommandSpec diagnose_command;
extern const CommandSpec drill_command;
extern const CommandSpec escalate_command;
extern const CommandSpec export_command;
extern const CommandSpec help_command;
extern const CommandSpec history_command;
extern const CommandSpec import_command;
extern const CommandSpec note_command;
extern const CommandSpec report_command;
extern const CommandSpec resolve_command;
extern const CommandSpec resume_command;
extern const CommandSpec runbook_command;
extern const CommandSpec scan_command;
extern const CommandSpec verify_command;
extern const CommandSpec version_command;
extern const CommandSpec watch_command;

std::span<const CommandSpec* const> commands() {
    static constexpr std::array all{
        &diagnose_command, &resolve_command,  &resume_command,     &watch_command,  &scan_command,    &history_command,
        &note_command,     &escalate_command, &afterwards_command, &report_command, &export_command,  &import_command,
        &verify_command,   &drill_command,    &runbook_command,    &check_command,  &version_command, &help_command};
    return all;
}

namespace {

// CLI11 names what it misses before what it could not place, and never what was probably meant.
std::string unknown_word_message(const CLI::App& app, const CLI::ParseError& error,
                                 const std::vector<std::string>& words) {
    std::vector<std::string> names;
    for (const CommandSpec* command : commands()) {
        names.emplace_back(command->name);
    }
    if (!words.empty() && !words.front().starts_with('-') &&
        std::find(names.begin(), names.end(), words.front()) == names.end()) {
        return fmt::format("unknown command `{}`{}", base::printable(words.front()),
                           base::did_you_mean(words.front(), names));
    }
    const auto left = app.remaining(true);
    const auto option = std::find_if(left.begin(), left.end(),
                                     [](const std::string& word) { return word.size() > 1 && word.front() == '-'; });
    if (option == left.end()) {
        return base::printable(error.what());
    }
    std::vector<std::string> known;
    for (const CLI::App* command : app.get_subcommands()) {
        for (const CLI::Option* each : command->get_options()) {
            known.push_back(each->get_name());
        }
    }
    return fmt::format("unknown option `{}`{}", base::printable(*option), base::did_you_mean(*option, known));
}

int refuse(std::string_view message) {
    std::cerr << "memrb: error: " << message << "\n"
              << "  see `memrb --help`\n";
    return exit_code::usage;
}

// kubectl runs `kubectl-memrb` for `kubectl memrb`.
bool is_kubectl_plugin(std::string_view program) {
    return program.substr(program.rfind('/') + 1) == "kubectl-memrb";
}

void add_common(CLI::App& app, CommonOptions& common) {
    app.add_option("--color", common.colour, "When to colour: always, never or auto")
        ->check(CLI::IsMember({"always", "never", "auto"}));
    app.add_flag("--plain", common.plain, "Words for glyphs, nothing redrawn (screen readers, logs)");
    app.add_flag("--no-input", common.no_input, "Never ask; exit 4 where an answer is needed");
}

}  // namespace

int run(int argc, char** argv) {
    const bool plugin = is_kubectl_plugin(argc > 0 ? argv[0] : "");
    CLI::App app("Runbook executor for container memory incidents", plugin ? "kubectl memrb" : "memrb");
    app.set_version_flag("-V,--version", "memrb " MEMRB_VERSION);
    app.require_subcommand(0, 1);
    CommonOptions common;
    Job job;
    for (const CommandSpec* spec : commands()) {
        CLI::App* command = app.add_subcommand(std::string(spec->name), std::string(spec->help));
        add_common(*command, common);
        spec->add(*command, job);
        if (CLI::Option* platform = command->get_option_no_throw("--platform"); plugin && platform != nullptr) {
            platform->default_val("kubernetes");  // who asks kubectl means its cluster
        }
    }
    const std::vector<std::string> words(argv + 1, argv + argc);
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& wanted) {  // --help and --version
        return app.exit(wanted, std::cout, std::cerr);
    } catch (const CLI::ParseError& error) {
        return refuse(unknown_word_message(app, error, words));
    }
    if (!job) {
        std::cout << app.help();
        return words.empty() ? exit_code::done : exit_code::usage;
    }
    World world(common, words);
    return job(world);
}

}  // namespace memrb::cli
