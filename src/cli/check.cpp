#include "cli/check.h"

#include "actions/registry.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/proven_programs.h"
#include "cli/runbooks.h"
#include "cli/world.h"
#include "runbook/load.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

namespace memrb::cli {

namespace {

/// Prints what is wrong; true if nothing is.
bool check_one(World& world, const RunbookSource& source) {
    const bool colour = world.err_style().colour;
    auto loaded = runbook::load_runbook(source.bytes, source.origin, actions::action_types());
    std::vector<runbook::Diagnostic> found = loaded ? loaded->warnings : loaded.error();
    const ProvenPrograms proven(world.dirs().cache / "programs");
    if (loaded && !proven.contains(loaded->runbook.programs)) {
        const auto mistakes = runbook::check_programs(loaded->runbook);
        found.insert(found.end(), mistakes.begin(), mistakes.end());
        if (mistakes.empty()) {
            proven.add(loaded->runbook.programs);
        }
    }
    world.err().write(runbook::render(found, source.bytes, colour));
    return std::none_of(found.begin(), found.end(), [](const runbook::Diagnostic& diagnostic) {
        return diagnostic.severity == runbook::Severity::error;
    });
}

}  // namespace

int check_runbooks(World& world, const std::vector<std::string>& names) {
    std::vector<RunbookSource> sources;
    int code = exit_code::done;
    for (const auto& name : names) {
        auto source = find_runbook(world, name);
        if (source) {
            sources.push_back(std::move(*source));
        } else {
            code = world.report(source.error());
        }
    }
    if (names.empty()) {
        sources = all_runbooks(world);
    }
    for (const auto& source : sources) {
        if (check_one(world, source)) {
            world.out().write(fmt::format("{}: valid\n", ui::safe(world.out_style(), source.origin)));
        } else {
            code = exit_code::usage;
        }
    }
    return code;
}

namespace {

void add(CLI::App& command, Job& job) {
    auto names = std::make_shared<std::vector<std::string>>();
    command.add_option("runbook", *names, "Ids or files; none: all that memrb knows");
    command.callback([&job, names] { job = [names](World& world) { return check_runbooks(world, *names); }; });
}

}  // namespace

extern const CommandSpec check_command;
const CommandSpec check_command{"check", "Check runbooks: the same as `runbook check`", add};

}  // namespace memrb::cli
