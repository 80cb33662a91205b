#include "cli/watch_flow.h"

#include "cli/diagnose_case.h"
#include "cli/exit_codes.h"
#include "cli/record.h"
#include "cli/world.h"
#include "engine/variables.h"
#include "engine/watch.h"
#include "system/terminal.h"
#include "ui/diagnosis_json.h"
#include "ui/jsonl_observer.h"
#include "ui/watch_progress.h"
#include "ui/watch_view.h"

#include <fmt/core.h>
#include <unistd.h>
#include <memory>

namespace memrb::cli {

namespace {

constexpr Milliseconds heartbeat{30'000};

ui::WatchView view_of(const DiagnoseCase& the_case, const engine::EventLog& log, const WatchSettings& settings) {
    ui::WatchView view;
    view.incident = settings.incident;
    view.folder = log.folder();
    view.target = the_case.target;
    view.runbook_id = the_case.runbook.id;
    view.runbook_digest = the_case.runbook.digest;
    view.thresholds = the_case.runbook.thresholds;
    view.warnings = settings.warnings;
    return view;
}

std::unique_ptr<Observer> progress(World& world, const ui::WatchBuilder& builder) {
    if (!world.live()) {
        return std::make_unique<ui::PlainWatch>(world.err(), world.err_style(), world.clock(), heartbeat);
    }
    return std::make_unique<ui::LiveWatch>(
        world.err(), world.err_style(), world.clock(), [&world] { return world.screen(); }, builder);
}

// A watch of a record; without one it is not known whether it recovered.
WatchResult play_back(drill::Past& past, engine::EventLog& log, const engine::WatchPlan& plan) {
    WatchResult result;
    result.why = "the record holds no watch here";
    auto event = past.next_of_watch();
    if (!event) {
        log.emit(WatchStarted{plan.every, plan.lasts, {}});
    }
    for (; event; event = past.next_of_watch()) {
        log.emit(event->body);
        if (const auto* ended = std::get_if<WatchEnded>(&event->body)) {
            return ended->result;
        }
        result.why = "the record ends inside of the watch";
    }
    log.emit(WatchEnded{result});
    return result;
}

}  // namespace

WatchResult watch_recovery(World& world, const DiagnoseCase& the_case, engine::EventLog& log,
                           const WatchSettings& settings) {
    ui::WatchBuilder builder(view_of(the_case, log, settings));
    const auto shown = settings.format == Format::jsonl ? nullptr : progress(world, builder);
    std::vector<Observer*> observers{&builder};
    if (shown != nullptr) {
        observers.push_back(shown.get());
    }
    const engine::EventLog::Attached attached(log, std::move(observers));
    const engine::Session session = the_case.session();
    const engine::Instruments instruments{*the_case.runner, log, *the_case.programs, world.stop(), settings.jobs};
    const auto plan = engine::plan_watch(the_case.runbook, settings.every, settings.lasts);
    const WatchResult result = world.past() != nullptr ? play_back(*world.past(), log, plan)
                                                       : engine::watch(session, instruments, world.clock(), plan);
    if (!settings.report) {
        return result;
    }
    if (settings.format == Format::json) {
        world.out().write(ui::to_text(ui::watch_json(builder.view())));
    } else if (settings.format == Format::text) {
        world.out().write(ui::render_watch(builder.view(), world.out_style()));
    }
    return result;
}

Result<engine::WatchPlan> watch_plan(const Runbook& runbook, const WatchSettings& settings) {
    const auto plan = engine::plan_watch(runbook, settings.every, settings.lasts);
    if (plan.lasts < plan.every) {
        return fail(Fault::usage, fmt::format("--for {} is shorter than --every {}: there would be nothing to compare",
                                              format_exact_duration(plan.lasts), format_exact_duration(plan.every)));
    }
    return plan;
}

int exit_code_of(const World& world, const WatchResult& result) {
    if (result.stopped) {
        return world.exit_code_of_signal();
    }
    switch (result.recovery) {
        case Recovery::recovered: return exit_code::done;
        case Recovery::relapsed: return exit_code::failed;
        case Recovery::not_recovered:
        case Recovery::unknown: break;
    }
    return exit_code::unverified;
}

int run_watch(World& world, const DiagnoseOptions& options, WatchSettings settings) {
    auto the_case = open_case(world, options);
    if (!the_case) {
        return world.report(the_case.error());
    }
    if (const auto plan = watch_plan(the_case->runbook, settings); !plan) {
        return world.report(plan.error());
    }
    const Record record = open_record(world, *the_case);
    settings.incident = record.id;
    settings.warnings = the_case->warnings;
    settings.warnings.insert(settings.warnings.end(), record.warnings.begin(), record.warnings.end());
    ui::JsonlObserver lines(world.out());
    std::vector<Observer*> observers;
    if (settings.format == Format::jsonl) {
        observers.push_back(&lines);
    }
    engine::EventLog log(*record.journal, std::move(observers));
    log.emit(IncidentOpened{record.id, the_case->mode, MEMRB_VERSION, the_case->runbook.id, the_case->runbook.digest,
                            the_case->runbook.origin, world.words()});
    log.emit(TargetPinned{the_case->target, std::nullopt, false,
                          engine::without_secrets(the_case->vars, the_case->runbook)});
    const WatchResult result = watch_recovery(world, *the_case, log, settings);
    const int code = exit_code_of(world, result);
    log.emit(IncidentClosed{code, result.stopped ? "interrupted" : "watched"});
    for (const auto& problem : log.problems()) {
        world.warn(problem);
    }
    return code;
}

}  // namespace memrb::cli
