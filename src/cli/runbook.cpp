#include "cli/check.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/runbooks.h"
#include "cli/world.h"
#include "ui/diagnosis_json.h"
#include "ui/runbook_json.h"
#include "ui/runbook_view.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace memrb::cli {

namespace {

int list(World& world, bool json) {
    std::vector<Runbook> runbooks;
    int code = exit_code::done;
    for (const auto& source : all_runbooks(world)) {
        auto runbook = load(world, source);
        if (runbook) {
            runbooks.push_back(std::move(*runbook));
        } else {
            code = exit_code::usage;  // the others are still listed
        }
    }
    std::vector<const Runbook*> all;
    all.reserve(runbooks.size());
    for (const auto& runbook : runbooks) {
        all.push_back(&runbook);
    }
    world.out().write(json ? ui::to_text(ui::runbook_list_json(all)) : ui::render_runbook_list(all, world.out_style()));
    return code;
}

int show(World& world, const std::string& name, const std::string& cause, bool json) {
    const auto source = find_runbook(world, name);
    if (!source) {
        return world.report(source.error());
    }
    const auto runbook = load(world, *source);
    if (!runbook) {
        return world.report(runbook.error());
    }
    if (!cause.empty()) {
        const auto text = ui::render_cause(*runbook, cause, world.out_style());
        if (!text) {
            return world.report(text.error());
        }
        world.out().write(*text);
        return exit_code::done;
    }
    world.out().write(json ? ui::to_text(ui::runbook_json(*runbook)) : ui::render_runbook(*runbook, world.out_style()));
    return exit_code::done;
}

struct Words {
    std::string name;
    std::string cause;
    std::string format = "text";
    std::vector<std::string> names;
};

void add_format(CLI::App& command, Words& words) {
    command.add_option("-o,--output", words.format, "text or json")->check(CLI::IsMember({"text", "json"}));
}

void add(CLI::App& command, Job& job) {
    auto words = std::make_shared<Words>();
    command.require_subcommand(1);

    CLI::App* listing = command.add_subcommand("list", "The runbooks that memrb knows");
    add_format(*listing, *words);
    listing->callback([&job, words] { job = [words](World& world) { return list(world, words->format == "json"); }; });

    CLI::App* showing = command.add_subcommand("show", "One runbook to read");
    showing->add_option("runbook", words->name, "Its id, or a file")->required();
    showing->add_option("--cause", words->cause, "Only this root cause and its advice");
    add_format(*showing, *words);
    showing->callback([&job, words] {
        job = [words](World& world) { return show(world, words->name, words->cause, words->format == "json"); };
    });

    CLI::App* checking = command.add_subcommand("check", "Check runbooks, every mistake with its place");
    checking->add_option("runbook", words->names, "Ids or files; none: all that memrb knows");
    checking->callback([&job, words] { job = [words](World& world) { return check_runbooks(world, words->names); }; });
}

}  // namespace

extern const CommandSpec runbook_command;
const CommandSpec runbook_command{"runbook", "List, show or check runbooks", add};

}  // namespace memrb::cli
