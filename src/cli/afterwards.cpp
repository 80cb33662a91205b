#include "base/text.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/incident_command.h"
#include "cli/world.h"
#include "engine/escalation.h"
#include "ui/diagnosis_json.h"
#include "ui/handoff_json.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

namespace memrb::cli {

namespace {

struct AfterwardsFlags {
    std::string incident;
    std::vector<std::size_t> done;
    std::vector<std::size_t> open;
    std::string note;
    std::string format = "text";
};

std::vector<Task> tasks_in(const PastIncident& past) {
    return engine::tasks_of(past.runbook ? past.runbook->afterwards : std::vector<std::string>(), past.standing);
}

Result<void> check_numbers(const AfterwardsFlags& flags, const std::vector<Task>& tasks) {
    for (const auto* numbers : {&flags.done, &flags.open}) {
        for (const std::size_t number : *numbers) {
            if (number == 0 || number > tasks.size()) {
                return fail(Fault::usage, fmt::format("there is no task {}", number),
                            tasks.empty() ? "there is none" : fmt::format("they are numbered 1 to {}", tasks.size()));
            }
        }
    }
    const bool both = std::any_of(flags.done.begin(), flags.done.end(), [&](std::size_t number) {
        return std::find(flags.open.begin(), flags.open.end(), number) != flags.open.end();
    });
    if (both) {
        return fail(Fault::usage, "a task cannot be done and open at once");
    }
    if (!flags.note.empty() && flags.done.empty() && flags.open.empty()) {
        return fail(Fault::usage, "--note belongs to --done or --reopen", "memrb note writes a note of its own");
    }
    return {};
}

Result<void> set(World& world, const PastIncident& past, const AfterwardsFlags& flags, const std::vector<Task>& tasks) {
    const auto journal = append_to(world, past.entry);
    if (!journal) {
        return tl::unexpected(journal.error());
    }
    for (const bool done : {true, false}) {
        for (const std::size_t number : done ? flags.done : flags.open) {
            if (const auto event = (*journal)->append(TaskSet{tasks[number - 1].text, done, flags.note}, true);
                !event) {
                return tl::unexpected(event.error());
            }
        }
    }
    return {};
}

void show(World& world, const ui::TaskList& list, bool json) {
    for (const auto& warning : list.warnings) {
        world.warn(warning);
    }
    if (json) {
        world.out().write(ui::to_text(ui::tasks_json(list)));
        return;
    }
    const std::string target = list.target.empty() ? "" : ", " + list.target;
    world.out().write(fmt::format("After incident {}{}\n", list.incident, ui::safe(world.out_style(), target)));
    world.out().write(ui::render_tasks(list.tasks, world.clock().now(), world.out_style()));
}

int run(World& world, const AfterwardsFlags& flags) {
    auto past = open_incident(world, flags.incident);
    if (!past) {
        return world.report(past.error());
    }
    auto tasks = tasks_in(*past);
    if (const auto sound = check_numbers(flags, tasks); !sound) {
        return world.report(sound.error());
    }
    if (!flags.done.empty() || !flags.open.empty()) {
        if (const auto written = set(world, *past, flags, tasks); !written) {
            return world.report(written.error());
        }
        auto fresh = open_incident(world, past->entry.id);
        if (!fresh) {
            return world.report(fresh.error());
        }
        tasks = tasks_in(*fresh);
    }
    show(world, {past->entry.id, past->standing.target ? past->standing.target->name : "", tasks, past->warnings},
         flags.format == "json");
    return exit_code::done;
}

void add(CLI::App& command, Job& job) {
    auto flags = std::make_shared<AfterwardsFlags>();
    command.add_option("incident", flags->incident, "Its id, or the beginning of it; else the last one");
    command.add_option("--done", flags->done, "Mark task N as done")->allow_extra_args(false);
    command.add_option("--reopen", flags->open, "Mark task N as open again")->allow_extra_args(false);
    command.add_option("--note", flags->note, "What was found or decided, kept with the task");
    command.add_option("-o,--output", flags->format, "text or json")->check(CLI::IsMember({"text", "json"}));
    command.callback([&job, flags] { job = [flags](World& world) { return run(world, *flags); }; });
}

}  // namespace

extern const CommandSpec afterwards_command;
const CommandSpec afterwards_command{"afterwards", "The tasks that an incident leaves, and what became of them", add};

}  // namespace memrb::cli
