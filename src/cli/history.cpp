#include "incident/history.h"
#include "cli/command.h"
#include "cli/diagnose_options.h"
#include "cli/exit_codes.h"
#include "cli/past_help.h"
#include "cli/world.h"
#include "incident/helped.h"
#include "incident/load.h"
#include "incident/store.h"
#include "ui/diagnosis_builder.h"
#include "ui/diagnosis_json.h"
#include "ui/history_view.h"
#include "ui/watch_view.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <tuple>

namespace memrb::cli {

namespace {

struct HistoryFlags {
    std::string incident;
    std::string format = "text";
    std::string target, cause, outcome, since, until;

    [[nodiscard]] bool filters() const {
        return !target.empty() || !cause.empty() || !outcome.empty() || !since.empty() || !until.empty();
    }
};

Result<incident::HistoryFilter> check(const HistoryFlags& flags, Timestamp now) {
    incident::HistoryFilter filter;
    filter.target = flags.target;
    filter.cause = flags.cause;
    if (!flags.outcome.empty()) {
        const auto outcome = incident::parse_outcome(flags.outcome);
        if (!outcome) {
            return tl::unexpected(outcome.error());
        }
        filter.outcome = *outcome;
    }
    for (const auto& [flag, text, place] :
         {std::tuple("--since", &flags.since, &filter.since), std::tuple("--until", &flags.until, &filter.until)}) {
        if (text->empty()) {
            continue;
        }
        const auto moment = parse_moment(flag, *text, now);
        if (!moment) {
            return tl::unexpected(moment.error());
        }
        *place = *moment;
    }
    if (!flags.incident.empty() && flags.filters()) {
        return fail(Fault::usage, "one incident is shown whole: the filters are for the list");
    }
    return filter;
}

int list(World& world, const incident::Store& store, const incident::HistoryFilter& filter, const HistoryFlags& flags) {
    const auto history = incident::read_history(store, filter);
    if (!history) {
        return world.report(history.error());
    }
    std::vector<ui::HistoryRow> rows;
    for (const auto& summary : history->incidents) {
        rows.push_back({summary.id, summary.at, summary.target, summary.platform, summary.level, summary.cause,
                        std::string(incident::to_string(summary.ended))});
    }
    std::vector<ui::HelpRow> help;
    if (!filter.target.empty()) {
        help = help_rows(incident::what_helped(history->incidents, filter.target, "", std::nullopt));
    }
    world.out().write(flags.format == "json"
                          ? ui::to_text(ui::history_json(rows, help))
                          : ui::render_history(rows, world.clock().now(), world.out_style(), help, flags.filters()));
    for (const auto& warning : history->warnings) {
        world.warn(warning);
    }
    return exit_code::done;
}

// Watched, and nothing else: there is no diagnosis to show.
bool is_watch(const std::vector<Event>& events) {
    const auto has = [&](auto&& is) { return std::any_of(events.begin(), events.end(), is); };
    return has([](const Event& event) { return std::holds_alternative<WatchStarted>(event.body); }) &&
           !has([](const Event& event) { return std::holds_alternative<Assessed>(event.body); });
}

int show_watch(World& world, const incident::Entry& entry, const incident::Record& record, bool json) {
    ui::WatchBuilder builder{ui::WatchView{}};
    for (const auto& event : record.events) {
        builder.on_event(event);
    }
    ui::WatchView view = builder.view();
    view.folder = entry.folder;
    if (!record.torn.empty()) {
        view.warnings.emplace_back("the last line of this record was torn: it is not shown");
    }
    world.out().write(json ? ui::to_text(ui::watch_json(view))
                           : ui::render_watch(view, world.out_style()) + "\n" +
                                 ui::render_timeline(record.events, world.out_style()));
    return exit_code::done;
}

int show(World& world, const incident::Store& store, const std::string& id, bool json) {
    const auto entry = store.find(id);
    if (!entry) {
        return world.report(entry.error());
    }
    const auto record = incident::load(entry->folder);
    if (!record) {
        return world.report(record.error());
    }
    ui::DiagnosisBuilder builder;
    for (const auto& event : record->events) {
        builder.on_event(event);
    }
    if (is_watch(record->events)) {
        return show_watch(world, *entry, *record, json);
    }
    ui::DiagnosisView view = builder.view();
    view.folder = entry->folder;
    view.recorded = true;
    if (!record->torn.empty()) {
        view.warnings.emplace_back("the last line of this record was torn: it is not shown");
    }
    world.out().write(json ? ui::to_text(ui::diagnosis_json(view))
                           : ui::render(view, world.out_style()) + "\n" +
                                 ui::render_timeline(record->events, world.out_style()));
    return exit_code::done;
}

void add(CLI::App& command, Job& job) {
    auto flags = std::make_shared<HistoryFlags>();
    command.add_option("incident", flags->incident, "One incident: its id, or the beginning of it");
    command.add_option("--target", flags->target, "Only incidents of this target; says what helped");
    command.add_option("--cause", flags->cause, "Only those of which this was the likeliest cause: leak, ...");
    command.add_option("--outcome", flags->outcome, "Only those that ended so: recovered, escalated, open, ...");
    command.add_option("--since", flags->since, "Only those that began then or later: 7d (ago), or a time");
    command.add_option("--until", flags->until, "Only those that began before: 1d (ago), or a time");
    command.add_option("-o,--output", flags->format, "text or json")->check(CLI::IsMember({"text", "json"}));
    command.callback([&job, flags] {
        job = [flags](World& world) {
            const auto filter = check(*flags, world.clock().now());
            if (!filter) {
                return world.report(filter.error());
            }
            const incident::Store store(world.dirs().incidents);
            return flags->incident.empty() ? list(world, store, *filter, *flags)
                                           : show(world, store, flags->incident, flags->format == "json");
        };
    });
}

}  // namespace

extern const CommandSpec history_command;
const CommandSpec history_command{"history", "List the recorded incidents, or show one", add};

}  // namespace memrb::cli
