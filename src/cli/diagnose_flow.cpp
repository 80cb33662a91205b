#include "cli/diagnose_flow.h"

#include "cli/diagnose_case.h"
#include "cli/diagnose_menu.h"
#include "cli/escalation_desk.h"
#include "cli/exit_codes.h"
#include "cli/past_help.h"
#include "cli/preview_flow.h"
#include "cli/record.h"
#include "cli/remedy_flow.h"
#include "cli/resume_flow.h"
#include "cli/watch_flow.h"
#include "cli/world.h"
#include "engine/diagnose.h"
#include "engine/event_log.h"
#include "system/terminal.h"
#include "system/terminal_guard.h"
#include "ui/diagnosis_builder.h"
#include "ui/diagnosis_json.h"
#include "ui/diagnosis_view.h"
#include "ui/jsonl_observer.h"
#include "ui/live_progress.h"
#include "ui/plain_progress.h"
#include "ui/preview_view.h"
#include "ui/words.h"

#include <fmt/core.h>
#include <unistd.h>
#include <csignal>
#include <memory>
#include <optional>

namespace memrb::cli {

namespace {

constexpr Milliseconds heartbeat{30'000};

class DiagnoseFlow {
public:
    DiagnoseFlow(World& world, const DiagnoseOptions& options, DiagnoseCase the_case,
                 std::optional<Reopened> reopened = std::nullopt)
        : world_(world),
          options_(options),
          case_(std::move(the_case)),
          reopened_(std::move(reopened)),
          record_(reopened_ ? Record{reopened_->past.entry.id, std::move(reopened_->journal), {}}
                            : open_record(world, case_)),
          builder_(&case_.runbook),
          desk_(world, plan_of(case_)),
          lines_(world.out()) {
        if (options.format == Format::jsonl) {
            observers_.push_back(&lines_);
        } else if (options.dry_run || case_.mode == "replay") {
            // Nothing takes time: no progress to show.
        } else if (world.live()) {
            live_ = std::make_unique<ui::LiveProgress>(world.err(), world.err_style(), world.clock(),
                                                       [&world] { return world.screen(); });
            observers_.push_back(live_.get());
        } else {
            plain_ = std::make_unique<ui::PlainProgress>(world.err(), world.err_style(), world.clock(), heartbeat);
            observers_.push_back(plain_.get());
        }
        observers_.push_back(&builder_);
        observers_.push_back(&desk_.standing());
        if (world.stage() != nullptr) {
            observers_.push_back(&world.stage()->witness);
        }
        desk_.standing().in_folder(record_.journal->folder());
        if (reopened_) {
            for (const auto& event : reopened_->past.events) {
                desk_.standing().on_event(event);
            }
        }
        log_ = std::make_unique<engine::EventLog>(*record_.journal, observers_);
    }

    int run() {
        log_->emit(IncidentOpened{record_.id.empty() ? case_.incident : record_.id, case_.mode, MEMRB_VERSION,
                                  case_.runbook.id, case_.runbook.digest, case_.runbook.origin, world_.words()});
        log_->emit(TargetPinned{case_.target, case_.past ? std::optional(case_.now) : std::nullopt, case_.past,
                                engine::without_secrets(case_.vars, case_.runbook)});
        diagnose();
        const engine::Diagnosis& diagnosis = diagnosis_;
        if (!options_.resolve || options_.format != Format::json) {
            show();
        }
        int code = exit_code_for(diagnosis);
        if (options_.resolve && !diagnosis.interrupted) {
            code = options_.resolve->ask_server ? ask_server(options_.resolve->option) : resolve(*options_.resolve);
        } else if (interactive() && !(diagnosis.interrupted && world_.stop().signal() != SIGINT)) {
            world_.stop().reset();  // Ctrl-C ended the reads; the person is still there
            code = menu();
        }
        log_->emit(IncidentClosed{code, world_.stop().requested() ? "interrupted" : "done"});
        for (const auto& problem : log_->problems()) {
            world_.warn(problem);
        }
        return code;
    }

private:
    static EscalationPlan plan_of(const DiagnoseCase& the_case) {
        EscalationPlan plan = escalation_plan(the_case.runbook, the_case.contacts);
        if (the_case.mode != "live") {
            plan.silent_because = the_case.mode == "drill" ? "a drill" : "a replay";
        }
        if (the_case.past) {
            plan.ladder.clear();  // its time is over
        }
        return plan;
    }

    // `x` at a change. What went wrong is told; the change waits for its answer.
    std::function<bool()> escalates(ui::LineReader& reader) {
        return [this, &reader] {
            const auto end = desk_.hand_over(*log_, reader, "change", "");
            if (!end) {
                world_.report(end.error());
            }
            return !end || *end != NotifyEnd::interrupted;
        };
    }

    // The lines of running steps give way to what is shown next.
    void settle() {
        if (live_) {
            live_->finish();
        }
        if (plain_) {
            plain_->finish();
        }
    }

    int ask_server(const std::string& id) {
        const auto view = rehearse_option(world_, case_, *log_, diagnosis_, id);
        settle();
        if (!view) {
            return world_.report(view.error());
        }
        world_.out().write(options_.format == Format::json ? ui::to_text(ui::remedy_json(*view))
                                                           : ui::render(*view, world_.out_style()));
        return view->end == "not accepted" ? exit_code::failed : exit_code::done;
    }

    int resolve(const ResolveOptions& wanted) {
        const system::TerminalGuard guard(STDIN_FILENO);  // the line editor switches echo off
        const std::unique_ptr<ui::LineReader> keys = world_.can_ask() ? open_line_reader(world_) : nullptr;
        const auto reader = keys ? std::make_unique<RemindingReader>(world_, *keys, desk_) : nullptr;
        RemedyHooks hooks = remedy_hooks(reader.get());
        if (wanted.watch) {
            hooks.watch = nullptr;  // nobody is asked
        }
        std::optional<engine::Interruption> at;
        if (reopened_) {
            at = engine::find_interruption(reopened_->past.events, case_.runbook);
            const auto ready = at ? settle_unknown(world_, case_, *log_, diagnosis_, *at, *reopened_, reader.get())
                                  : Result<Readiness>(Readiness::ready);
            if (!ready) {
                return world_.report(ready.error());
            }
            if (*ready != Readiness::ready) {
                say_how_to_go_on();
                return *ready == Readiness::declined ? left_with(exit_code::declined) : world_.exit_code_of_signal();
            }
            hooks.resumed = at ? &*at : nullptr;
        } else {
            log_->emit(OptionChosen{wanted.option});
        }
        const auto result =
            run_option(world_, case_, *log_, diagnosis_, wanted.option, wanted.authority, reader.get(), hooks);
        if (!result) {
            return world_.report(result.error());
        }
        if (wanted.watch && result->changed) {
            watch();
        }
        if (options_.format == Format::json) {
            ui::RemedyView view = view_of(wanted.option, *result);
            view.recovery = watched_;
            world_.out().write(ui::to_text(ui::remedy_json(view)));
        }
        if (!result->hint.empty()) {
            world_.err().write("  " + ui::safe(world_.err_style(), result->hint) + "\n");
        }
        const bool interrupted = result->end == engine::RemedyResult::End::interrupted;
        if (interrupted || result->end == engine::RemedyResult::End::unknown) {
            say_how_to_go_on();
        }
        return watched_ && !interrupted ? exit_code_of(world_, *watched_)
                                        : left_with(cli::exit_code_for(world_, *result));
    }

    void say_how_to_go_on() {
        if (!record_.id.empty() && case_.mode == "live") {
            world_.err().write(fmt::format("  saved; to go on: memrb resume {}\n", record_.id));
        }
    }

    // One Ctrl-C ends the watch, not the session.
    void watch() {
        WatchSettings settings;
        settings.incident = record_.id;
        settings.jobs = options_.jobs;
        settings.format = options_.format;
        settings.report = options_.format != Format::json;
        watched_ = watch_recovery(world_, case_, *log_, settings);
        const bool alone = options_.resolve && options_.resolve->watch;
        if (world_.stop().signal() == SIGINT && !alone) {
            world_.stop().reset();
        }
    }

    RemedyHooks remedy_hooks(ui::LineReader* reader) {
        return {[this] { settle(); }, [this] { watch(); },
                reader != nullptr ? escalates(*reader) : std::function<bool()>()};
    }

    // Whoever handed over and left has not given up.
    int left_with(int code) const {
        return code == exit_code::declined && desk_.escalated() ? exit_code::escalated : code;
    }

    void diagnose() {
        const engine::Session session = case_.session();
        const std::size_t jobs = case_.mode == "live" ? options_.jobs : 1;  // in order where nothing takes time
        const bool previews = options_.dry_run;
        auto diagnosis =
            engine::diagnose(session, {*case_.runner, *log_, *case_.programs, world_.stop(), jobs, previews});
        settle();
        if (case_.head_start != nullptr) {
            case_.head_start->forget();  // from now on there is a past
        }
        diagnosis_ = std::move(diagnosis);
        if (case_.mode == "live" && !case_.past) {
            before_ = past_help(world_, case_.target, record_.id, diagnosis_.assessment.level);
        }
    }

    ui::DiagnosisView view() const {
        ui::DiagnosisView view = builder_.view();
        view.folder = record_.journal->folder();
        view.past = case_.past;
        view.now = case_.now;
        view.before = before_;
        view.warnings.insert(view.warnings.begin(), case_.warnings.begin(), case_.warnings.end());
        view.warnings.insert(view.warnings.end(), record_.warnings.begin(), record_.warnings.end());
        return view;
    }

    void show() {
        switch (options_.format) {
            case Format::jsonl: return;
            case Format::json: world_.out().write(ui::to_text(ui::diagnosis_json(view()))); return;
            case Format::text: break;
        }
        world_.out().write(options_.dry_run ? ui::render_preview(view(), world_.out_style())
                                            : ui::render(view(), world_.out_style()));
    }

    bool interactive() const {
        return options_.format == Format::text && !options_.dry_run && world_.can_ask() &&
               (world_.stage() != nullptr || system::is_terminal(STDOUT_FILENO));
    }

    int exit_code_for(const engine::Diagnosis& diagnosis) {
        if (diagnosis.interrupted) {
            return world_.exit_code_of_signal();
        }
        if (options_.dry_run) {
            return exit_code::done;
        }
        if (engine::inconclusive(diagnosis.assessment)) {
            return exit_code::no_data;
        }
        return options_.exit_code && diagnosis.assessment.level >= Level::warning ? exit_code::finding
                                                                                  : exit_code::done;
    }

    int menu() {
        std::optional<system::TerminalGuard> guard;
        if (world_.stage() == nullptr) {  // a drill has its own
            guard.emplace(STDIN_FILENO);  // the line editor switches echo off
        }
        const auto keys = open_line_reader(world_);
        RemindingReader reader(world_, *keys, desk_);
        MenuHooks hooks;
        hooks.again = [this] {
            if (world_.past() != nullptr && !world_.past()->look_again()) {
                return view();  // nobody did then
            }
            case_.now = case_.acts() ? world_.clock().now() : case_.now;
            diagnose();
            return view();
        };
        if (case_.acts()) {
            hooks.act = [this, &reader](const std::string& option) {
                return run_option(world_, case_, *log_, diagnosis_, option, {}, &reader, remedy_hooks(&reader));
            };
            hooks.watch = [this] { watch(); };
        }
        hooks.hand_over = [this, &reader](const std::string& contact) {
            using Acted = ui::MenuHost::Acted;
            return desk_.hand_over(*log_, reader, "menu", contact).map([](NotifyEnd how) {
                return how == NotifyEnd::interrupted ? Acted::interrupted : Acted::nothing;
            });
        };
        const auto end = run_diagnose_menu(world_, view(), case_, *log_, reader, hooks);
        switch (end) {
            case MenuOutcome::quit: return left_with(exit_code::declined);
            case MenuOutcome::interrupted: break;
        }
        say_how_to_go_on();
        return world_.exit_code_of_signal();
    }

    World& world_;
    const DiagnoseOptions& options_;
    DiagnoseCase case_;
    std::optional<Reopened> reopened_;
    Record record_;
    ui::DiagnosisBuilder builder_;
    EscalationDesk desk_;
    ui::JsonlObserver lines_;
    std::unique_ptr<ui::LiveProgress> live_;
    std::unique_ptr<ui::PlainProgress> plain_;
    std::vector<Observer*> observers_;
    std::unique_ptr<engine::EventLog> log_;
    engine::Diagnosis diagnosis_;
    std::vector<std::string> before_;  ///< what helped in past incidents
    std::optional<WatchResult> watched_;
};

}  // namespace

int run_resumed(World& world, const DiagnoseOptions& options, DiagnoseCase the_case, Reopened reopened) {
    return DiagnoseFlow(world, options, std::move(the_case), std::move(reopened)).run();
}

int run_diagnose(World& world, const DiagnoseOptions& options) {
    if (options.dry_run && (options.resolve || options.whole)) {
        return options.resolve ? preview_option(world, options, options.resolve->option)
                               : preview_runbook(world, options);
    }
    auto the_case = open_case(world, options);
    if (!the_case) {
        return world.report(the_case.error());
    }
    return DiagnoseFlow(world, options, std::move(*the_case)).run();
}

}  // namespace memrb::cli
