#include "base/text.h"
#include "cli/command.h"
#include "cli/diagnose_case.h"
#include "cli/diagnose_flow.h"
#include "cli/diagnose_options.h"
#include "cli/incident_command.h"
#include "cli/preview_flow.h"
#include "cli/resume_flow.h"
#include "cli/runbooks.h"
#include "cli/world.h"
#include "engine/proposal.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

namespace memrb::cli {

namespace {

struct ResumeFlags {
    std::string incident;
    DiagnoseFlags common;
    ResumeOptions options;
    bool dry_run = false;
};

const TargetPinned* last_pin(const std::vector<Event>& events) {
    const TargetPinned* last = nullptr;
    for (const auto& event : events) {
        if (const auto* pinned = std::get_if<TargetPinned>(&event.body)) {
            last = pinned;
        }
    }
    return last;
}

// The names that were given by `--set`, whatever the record kept of their values.
std::vector<std::string> set_by_hand(const std::vector<Event>& events) {
    std::vector<std::string> names;
    for (const auto& event : events) {
        const auto* opened = std::get_if<IncidentOpened>(&event.body);
        if (opened == nullptr) {
            continue;
        }
        const auto& words = opened->command_line;
        constexpr std::string_view flag = "--set";
        for (std::size_t i = 0; i < words.size(); ++i) {
            const std::string_view word = words[i];
            std::string_view value;
            if (word == flag && i + 1 < words.size()) {
                value = words[i + 1];
            } else if (word.starts_with("--set=")) {
                value = word.substr(flag.size() + 1);
            }
            names.emplace_back(value.substr(0, value.find('=')));
        }
    }
    return names;
}

// The values that the steps had, so that what is done next goes with what was done before.
Result<void> take_values(World& world, const PastIncident& past, const engine::Interruption* at,
                         std::vector<std::string>& sets) {
    const Runbook& runbook = *past.runbook;
    const auto given = parse_sets(sets);
    if (!given) {
        return tl::unexpected(given.error());
    }
    const auto by_hand = set_by_hand(past.events);
    engine::Variables recorded = last_pin(past.events)->vars;
    if (at != nullptr && at->first && at->offered) {
        recorded = engine::with_proposed_limit(std::move(recorded), runbook, *at->first, *at->offered);
    }
    for (const auto& variable : runbook.vars) {
        const auto& name = variable.name;
        if (given->contains(name)) {
            continue;
        }
        if (variable.secret && std::find(by_hand.begin(), by_hand.end(), name) != by_hand.end()) {
            return fail(Fault::usage, fmt::format("`{}` is secret, and so not on record: give it again", name),
                        fmt::format("--set {}=...", name));
        }
        const auto known = recorded.find(name);
        if (known == recorded.end() || variable.secret) {
            continue;
        }
        if (engine::is_masked(known->second)) {
            world.warn(fmt::format("`{}` had a secret in it that is not on record: it is looked up anew", name));
        } else {
            sets.push_back(name + "=" + known->second);
        }
    }
    const auto place = [&](const std::string& name, const std::string& value) {
        const bool declared = std::any_of(runbook.vars.begin(), runbook.vars.end(),
                                          [&](const Variable& one) { return one.name == name; });
        if (!value.empty() && !given->contains(name) && !declared) {
            sets.push_back(name + "=" + value);
        }
    };
    for (const auto name : engine::lookup_settings()) {
        const auto known = recorded.find(std::string(name));
        place(std::string(name), known == recorded.end() || engine::is_masked(known->second) ? "" : known->second);
    }
    return {};
}

Result<void> load_runbook(World& world, const std::string& name, PastIncident& past) {
    if (name.empty()) {
        return past.runbook ? Result<void>()
                            : fail(Fault::usage, past.warnings.empty() ? "its runbook is gone" : past.warnings.back(),
                                   "--runbook names a file that has it");
    }
    auto source = find_runbook(world, name);
    auto runbook = source ? load(world, *source) : Result<Runbook>(tl::unexpected(source.error()));
    if (!runbook) {
        return tl::unexpected(runbook.error());
    }
    past.runbook = *std::move(runbook);
    return {};
}

Result<DiagnoseOptions> options_for(World& world, const ResumeFlags& flags, const PastIncident& past) {
    const auto at = engine::find_interruption(past.events, *past.runbook);
    const Target& target = *past.standing.target;
    DiagnoseFlags common = flags.common;
    common.target = target.name;
    common.platform = to_string(target.platform);
    common.runbook = !common.runbook.empty()                       ? common.runbook
                     : past.runbook->origin.starts_with("shipped") ? past.runbook->id
                                                                   : past.runbook->origin;
    common.option = at && !at->complete ? at->option->id : "";
    if (auto taken = take_values(world, past, at ? &*at : nullptr, common.sets); !taken) {
        return tl::unexpected(taken.error());
    }
    return check(common, world.clock().now());
}

Result<void> can_go_on(const PastIncident& past) {
    const TargetPinned* pinned = last_pin(past.events);
    if (pinned == nullptr) {
        return fail(Fault::usage, fmt::format("incident {} ends before its target was found", past.entry.id),
                    "`memrb diagnose NAME` begins anew");
    }
    if (pinned->past || past.standing.mode != "live") {
        return fail(Fault::usage,
                    fmt::format("incident {} is no live one: there is nothing to go on with", past.entry.id),
                    fmt::format("now: memrb diagnose {}", pinned->target.name));
    }
    return {};
}

// Reads the record and writes nothing into it, not even who holds it.
Result<int> preview(World& world, const ResumeFlags& flags) {
    auto past = open_incident(world, flags.incident);
    if (!past) {
        return tl::unexpected(past.error());
    }
    ResumeFlags asked = flags;
    asked.common.rehearsal = "true";
    const auto options =
        can_go_on(*past).and_then([&] { return load_runbook(world, flags.common.runbook, *past); }).and_then([&] {
            return options_for(world, asked, *past);
        });
    if (!options) {
        return tl::unexpected(options.error());
    }
    const auto at = engine::find_interruption(past->events, *past->runbook);
    if (!at || at->complete) {
        return fail(Fault::usage, fmt::format("incident {} has no option that is left to be done", past->entry.id),
                    fmt::format("the diagnosis: memrb diagnose {} --dry-run", past->standing.target->name));
    }
    return preview_rest(world, *options, *at);
}

Result<int> run(World& world, const ResumeFlags& flags) {
    if (flags.dry_run) {
        return preview(world, flags);
    }
    const auto entry = find_incident(world, flags.incident);
    if (!entry) {
        return tl::unexpected(entry.error());
    }
    // First: nobody else goes on with it from here.
    auto journal = append_to(world, *entry);
    if (!journal) {
        return tl::unexpected(journal.error());
    }
    auto past = open_incident(world, entry->folder.filename().string());
    if (!past) {
        return tl::unexpected(past.error());
    }
    Reopened reopened{*std::move(past), *std::move(journal), flags.options};
    auto options = can_go_on(reopened.past)
                       .and_then([&] { return load_runbook(world, flags.common.runbook, reopened.past); })
                       .and_then([&] { return check_resume(world, reopened, *reopened.past.runbook); })
                       .and_then([&] { return options_for(world, flags, reopened.past); });
    if (!options) {
        return tl::unexpected(options.error());
    }
    auto the_case = open_case(world, *options);
    if (!the_case) {
        return tl::unexpected(the_case.error());
    }
    if (options->resolve) {
        options->resolve->watch = flags.common.watch;
    }
    return run_resumed(world, *options, *std::move(the_case), std::move(reopened));
}

void add(CLI::App& command, Job& job) {
    auto flags = std::make_shared<ResumeFlags>();
    command.add_option("incident", flags->incident, "Its id, or the beginning of it; else the last one");
    command.add_option("-r,--runbook", flags->common.runbook, "The runbook, if its file has moved");
    command.add_option("--set", flags->common.sets, "Give a variable another value than the recorded one: NAME=VALUE")
        ->allow_extra_args(false);
    command.add_option("-o,--output", flags->common.format, "text, json or jsonl (events as they come)")
        ->check(CLI::IsMember({"text", "json", "jsonl"}));
    command.add_option("-j,--jobs", flags->common.jobs, "How many reads run side by side")->check(CLI::Range(1, 64));
    command.add_flag("--accept-changed-runbook", flags->options.accept_changed_runbook,
                     "Go on with the runbook as it is now, though it has changed");
    command.add_option("--done", flags->options.done, "An unknown step: it was done")->allow_extra_args(false);
    command.add_option("--not-done", flags->options.not_done, "An unknown step: it was not done")
        ->allow_extra_args(false);
    command.add_flag("--yes", flags->common.yes, "Agree to steps that can be undone");
    command.add_option("--confirm", flags->common.confirmed, "Agree to all steps, for the target of this name");
    command.add_option("--max-risk", flags->common.most, "Refuse what is riskier: read, reversible, disruptive");
    command.add_flag("--dry-run", flags->dry_run, "Show what is left to be done; do nothing");
    command.add_flag("--watch", flags->common.watch, "Watch the recovery afterwards, as long as the runbook says");
    command.callback([&job, flags] {
        job = [flags](World& world) {
            const auto code = run(world, *flags);
            return code ? *code : world.report(code.error());
        };
    });
}

}  // namespace

extern const CommandSpec resume_command;
const CommandSpec resume_command{"resume", "Go on with an option that was interrupted, from its record", add};

}  // namespace memrb::cli
