#include "cli/command.h"
#include "cli/escalation_desk.h"
#include "cli/exit_codes.h"
#include "cli/incident_command.h"
#include "cli/remedy_flow.h"
#include "cli/user_config.h"
#include "cli/world.h"
#include "incident/journal.h"
#include "system/terminal_guard.h"
#include "ui/diagnosis_json.h"
#include "ui/handoff_json.h"

#include <fmt/core.h>
#include <unistd.h>
#include <CLI/CLI.hpp>
#include <csignal>
#include <memory>

namespace memrb::cli {

namespace {

struct EscalateFlags {
    std::string incident;
    std::vector<std::string> contacts;
    std::string timeout = "10s";
    bool yes = false;
    bool dry_run = false;
    std::string format = "text";
};

Result<NotifyOptions> check(const EscalateFlags& flags) {
    constexpr Milliseconds shortest{100};
    constexpr Milliseconds longest{120'000};
    const auto timeout = parse_duration(flags.timeout);
    if (!timeout || *timeout < shortest || *timeout > longest) {
        return fail(Fault::usage, "--timeout must be a duration within 100ms and 2m", "for example 10s");
    }
    if (flags.contacts.empty() && flags.yes) {
        return fail(Fault::usage, "--yes belongs to --notify", "without --notify nothing is sent");
    }
    return NotifyOptions{flags.yes, flags.dry_run, flags.format == "text", *timeout};
}

Result<EscalationPlan> plan_for(World& world, const PastIncident& past) {
    const auto config = load_user_config(world);
    if (!config) {
        return tl::unexpected(config.error());
    }
    EscalationPlan plan = escalation_plan(past.runbook.value_or(Runbook{}), config->contacts);
    plan.warnings = past.warnings;
    return plan;
}

// Another memrb that writes the record is a reason not to go on: it has the `x` key. A disk that is full is none: help
// is called all the same, and that it is not on record is said.
Result<std::unique_ptr<Journal>> record_for(World& world, const incident::Entry& entry, bool dry_run) {
    if (dry_run) {
        return std::make_unique<incident::NullJournal>(world.clock());
    }
    auto journal = append_to(world, entry);
    if (journal) {
        return journal;
    }
    if (journal.error().fault == Fault::stale) {
        Error error = journal.error();
        error.message = "nothing was sent: " + error.message;
        error.hint = fmt::format("type x there; `memrb escalate {}` shows the handoff", entry.id);
        return tl::unexpected(std::move(error));
    }
    world.warn("what is sent is not recorded: " + journal.error().message);
    return std::make_unique<incident::NullJournal>(world.clock());
}

int exit_code_for(NotifyEnd end) {
    switch (end) {
        case NotifyEnd::delivered: return exit_code::escalated;
        case NotifyEnd::declined: return exit_code::declined;
        case NotifyEnd::failed: return exit_code::failed;
        case NotifyEnd::interrupted: return exit_code::signal_base + SIGINT;
        case NotifyEnd::shown: break;
    }
    return exit_code::done;
}

Result<int> send(World& world, const PastIncident& past, EscalationDesk& desk, const std::vector<std::string>& contacts,
                 const NotifyOptions& options) {
    const auto journal = record_for(world, past.entry, options.dry_run);
    if (!journal) {
        return tl::unexpected(journal.error());
    }
    engine::EventLog log(**journal, {&desk.standing()});
    const system::TerminalGuard guard(STDIN_FILENO);
    const auto reader = world.can_ask() ? open_line_reader(world) : nullptr;
    const auto end = desk.notify(log, reader.get(), "command", contacts, options);
    for (const auto& problem : log.problems()) {
        world.warn(problem);
    }
    if (!end) {
        return tl::unexpected(end.error());
    }
    const int signal = world.stop().signal();
    return signal == 0 || *end == NotifyEnd::delivered ? exit_code_for(*end) : exit_code::signal_base + signal;
}

int run(World& world, const EscalateFlags& flags) {
    const auto options = check(flags);
    if (!options) {
        return world.report(options.error());
    }
    const auto past = open_incident(world, flags.incident);
    if (!past) {
        return world.report(past.error());
    }
    auto plan = plan_for(world, *past);
    if (!plan) {
        return world.report(plan.error());
    }
    EscalationDesk desk(world, *std::move(plan));
    desk.standing().in_folder(past->entry.folder);
    for (const auto& event : past->events) {
        desk.standing().on_event(event);
    }
    const auto code =
        flags.contacts.empty() ? Result<int>(exit_code::done) : send(world, *past, desk, flags.contacts, *options);
    if (!code) {
        return world.report(code.error());
    }
    if (flags.format == "json") {
        world.out().write(ui::to_text(ui::handoff_json(desk.handoff())));  // with what became of the messages
    } else if (flags.contacts.empty()) {
        world.out().write(ui::safe_lines(world.out_style(), ui::render_handoff(desk.handoff())));
    }
    return *code;
}

void add(CLI::App& command, Job& job) {
    auto flags = std::make_shared<EscalateFlags>();
    command.add_option("incident", flags->incident, "Its id, or the beginning of it; else the last one");
    command.add_option("--notify", flags->contacts, "Send the handoff to this contact, by the channels of your config")
        ->allow_extra_args(false);
    command.add_flag("--yes", flags->yes, "Agree to send what --notify shows");
    command.add_flag("--dry-run", flags->dry_run, "Show what would be sent; send nothing");
    command.add_option("-o,--output", flags->format, "text or json")->check(CLI::IsMember({"text", "json"}));
    command.add_option("--timeout", flags->timeout, "How long one attempt to send may take, as 10s");
    command.callback([&job, flags] { job = [flags](World& world) { return run(world, *flags); }; });
}

}  // namespace

extern const CommandSpec escalate_command;
const CommandSpec escalate_command{"escalate", "Print a handoff of an incident, or send it: exit 8 if it was delivered",
                                   add};

}  // namespace memrb::cli
