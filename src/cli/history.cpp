#include "incident/history.h"
#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/runbooks.h"
#include "cli/world.h"
#include "incident/load.h"
#include "incident/store.h"
#include "ui/diagnosis_builder.h"
#include "ui/diagnosis_json.h"
#include "ui/history_view.h"
#include "ui/watch_view.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

namespace memrb::cli {

namespace {

int list(World& world, const incident::Store& store, bool json) {
    const auto history = incident::read_history(store);
    if (!history) {
        return world.report(history.error());
    }
    std::vector<ui::HistoryRow> rows;
    for (const auto& summary : history->incidents) {
        rows.push_back({summary.id, summary.at, summary.target, summary.platform, summary.level, summary.cause,
                        std::string(incident::to_string(summary.ended))});
    }
    world.out().write(json ? ui::to_text(ui::history_json(rows))
                           : ui::render_history(rows, world.clock().now(), world.out_style()));
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
    auto id = std::make_shared<std::string>();
    auto format = std::make_shared<std::string>("text");
    command.add_option("incident", *id, "One incident: its id, or the beginning of it");
    command.add_option("-o,--output", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
    command.callback([&job, id, format] {
        job = [id, format](World& world) {
            const incident::Store store(world.dirs().incidents);
            return id->empty() ? list(world, store, *format == "json") : show(world, store, *id, *format == "json");
        };
    });
}

}  // namespace

extern const CommandSpec history_command;
const CommandSpec history_command{"history", "List the recorded incidents, or show one", add};

}  // namespace memrb::cli
