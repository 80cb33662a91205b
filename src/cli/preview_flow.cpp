#include "cli/preview_flow.h"

#include "cli/channels.h"
#include "cli/diagnose_case.h"
#include "cli/exit_codes.h"
#include "cli/record.h"
#include "cli/remedy_flow.h"
#include "cli/watch_flow.h"
#include "cli/world.h"
#include "engine/conclude.h"
#include "engine/preview.h"
#include "engine/variables.h"
#include "engine/watch.h"
#include "ui/diagnosis_json.h"
#include "ui/jsonl_observer.h"
#include "ui/preview_json.h"
#include "ui/preview_view.h"

#include <fmt/core.h>
#include <algorithm>
#include <functional>
#include <utility>

namespace memrb::cli {

namespace {

using engine::StepResult;
using Steps = std::vector<StepResult>;

std::string word_of(engine::Truth truth) {
    switch (truth) {
        case engine::Truth::yes: return "yes";
        case engine::Truth::no: return "no";
        case engine::Truth::unknown: break;
    }
    return "unknown";
}

ui::PreviewStep step_of(const StepResult& result) {
    ui::PreviewStep step;
    step.step = result.step;
    step.row.id = result.step->id;
    step.row.title = result.step->title;
    step.row.status = result.status;
    step.row.why = result.why.empty() ? result.note : result.why;
    step.row.risk = result.step->risk;
    step.row.request = result.request;
    step.condition = result.condition ? word_of(*result.condition) : "";
    for (const auto& id : result.waits_for) {
        if (std::find(step.depends_on.begin(), step.depends_on.end(), id) == step.depends_on.end()) {
            step.depends_on.push_back(id);
        }
    }
    return step;
}

ui::PreviewSection section_of(std::string part, std::string title, std::string says, const Steps& results) {
    ui::PreviewSection section;
    section.part = std::move(part);
    section.title = std::move(title);
    section.says = std::move(says);
    for (const auto& result : results) {
        section.steps.push_back(step_of(result));
    }
    return section;
}

// One dry run, from the name to what is printed.
class PreviewRun {
public:
    PreviewRun(World& world, const DiagnoseOptions& options, DiagnoseCase the_case)
        : world_(world),
          options_(options),
          case_(std::move(the_case)),
          record_(open_record(world, case_)),
          lines_(world.out()),
          log_(*record_.journal,
               options.format == Format::jsonl ? std::vector<Observer*>{&lines_} : std::vector<Observer*>{}) {
        log_.emit(IncidentOpened{"", case_.mode, MEMRB_VERSION, case_.runbook.id, case_.runbook.digest,
                                 case_.runbook.origin, world.words()});
        log_.emit(TargetPinned{case_.target, std::nullopt, false, engine::without_secrets(case_.vars, case_.runbook)});
        preview_.head.target = case_.target;
        preview_.head.runbook = &case_.runbook;
        preview_.head.runbook_id = case_.runbook.id;
        preview_.head.runbook_digest = case_.runbook.digest;
        preview_.head.mode = case_.mode;
        preview_.head.now = case_.now;
        preview_.head.warnings = case_.warnings;
    }

    [[nodiscard]] const Runbook& runbook() const { return case_.runbook; }
    [[nodiscard]] ui::Preview& preview() { return preview_; }

    Steps diagnosis() { return engine::preview_diagnosis(case_.session(), instruments()); }

    void add_diagnosis(const Steps& results) {
        preview_.sections.push_back(section_of("diagnosis", "Diagnosis", "", results));
    }

    void add_look() {
        const Steps look = engine::preview_look(case_.session(), instruments());
        preview_.sections.push_back(
            section_of("watch", "First look", "later ones ask only what told of memory, restarts or kills", look));
    }

    void add_watch(const engine::WatchPlan& plan) {
        const std::string until = case_.runbook.recovered ? case_.runbook.recovered->text : std::string();
        preview_.watch = ui::PreviewWatch{plan.every, plan.lasts, until};
    }

    void add_option(const Option& option, const Steps& known, const std::map<std::string, StepResult>& settled,
                    bool undone) {
        const auto previewed = engine::preview_option(option, known, case_.session(), instruments(), settled);
        if (!previewed.evidence.empty() && !std::exchange(has_evidence_, true)) {
            preview_.sections.push_back(
                section_of("evidence", "Evidence", "saved before the first disruptive step", previewed.evidence));
        }
        const auto add = [&](std::string part, std::string title, std::string says, const Steps& results) {
            if (!results.empty()) {
                auto section = section_of(std::move(part), std::move(title), std::move(says), results);
                section.option = option.id;
                section.applies = word_of(previewed.applies);
                preview_.sections.push_back(std::move(section));
            }
        };
        if (!undone) {
            add("steps", fmt::format("Option {}", option.id), words_of(option, previewed.applies), previewed.steps);
            add("checks", fmt::format("Checks of {}", option.id), "", previewed.checks);
        }
        add("undo", fmt::format("Undo of {}", option.id), "", previewed.undo);
    }

    void add_ladder() {
        for (const auto& rung : case_.runbook.ladder) {
            ui::PreviewRung row{rung.after, rung.do_, rung.notify, {}, rung.notify.empty() ? "" : "what is found"};
            for (const auto& callee : callees_of(case_.runbook.contacts, case_.contacts)) {
                if (callee.key == rung.notify) {
                    row.channels = callee.channels;
                }
            }
            preview_.rungs.push_back(std::move(row));
        }
    }

    int show() {
        switch (options_.format) {
            case Format::jsonl: break;
            case Format::json: world_.out().write(ui::to_text(ui::preview_json(preview_))); break;
            case Format::text: world_.out().write(ui::render_preview(preview_, world_.out_style())); break;
        }
        return world_.stop().requested() ? world_.exit_code_of_signal() : exit_code::done;
    }

private:
    engine::PreviewInstruments instruments() { return {log_, *case_.programs, world_.stop()}; }

    static std::string words_of(const Option& option, engine::Truth applies) {
        std::string words = fmt::format("{}; {}", option.title, to_string(engine::risk_of(option)));
        if (!option.costs.empty()) {
            words += "; costs: " + option.costs;
        }
        if (applies != engine::Truth::yes) {
            words += applies == engine::Truth::no ? "; not offered for this target"
                                                  : "; whether it is offered depends on what is found";
        }
        return words;
    }

    World& world_;
    const DiagnoseOptions& options_;
    DiagnoseCase case_;
    Record record_;  ///< writes nothing: the case is a dry run
    ui::JsonlObserver lines_;
    engine::EventLog log_;
    ui::Preview preview_;
    bool has_evidence_ = false;
};

int with_case(World& world, const DiagnoseOptions& options, const std::function<Result<void>(PreviewRun&)>& fill) {
    auto the_case = open_case(world, options);
    if (!the_case) {
        return world.report(the_case.error());
    }
    PreviewRun run(world, options, std::move(*the_case));
    const auto filled = fill(run);
    return filled ? run.show() : world.report(filled.error());
}

}  // namespace

int preview_option(World& world, const DiagnoseOptions& options, const std::string& id) {
    return with_case(world, options, [&](PreviewRun& run) -> Result<void> {
        const auto option = option_of(run.runbook(), id);
        if (!option) {
            return tl::unexpected(option.error());
        }
        run.add_option(**option, run.diagnosis(), {}, false);
        return {};
    });
}

int preview_rest(World& world, const DiagnoseOptions& options, const engine::Interruption& at) {
    return with_case(world, options, [&](PreviewRun& run) -> Result<void> {
        const auto option = option_of(run.runbook(), at.option->id);
        if (!option) {
            return tl::unexpected(option.error());
        }
        auto settled = at.settled();
        for (const auto& result : at.before) {
            settled.emplace(result.step->id, result);
        }
        for (const auto& step : at.steps) {
            if (step.progress == engine::Progress::unknown) {
                run.preview().head.warnings.push_back(fmt::format(
                    "{}: whether it was done is not known; `memrb resume` settles that first", step.step->id));
            }
        }
        run.add_option(**option, run.diagnosis(), settled, at.undo);
        return {};
    });
}

int preview_runbook(World& world, const DiagnoseOptions& options) {
    return with_case(world, options, [&](PreviewRun& run) -> Result<void> {
        const Steps diagnosis = run.diagnosis();
        run.add_diagnosis(diagnosis);
        for (const auto& option : run.runbook().options) {
            run.add_option(option, diagnosis, {}, false);
        }
        run.add_look();
        run.add_watch(engine::plan_watch(run.runbook(), {}, {}));
        run.add_ladder();
        return {};
    });
}

int preview_watch(World& world, const DiagnoseOptions& options, const WatchSettings& settings) {
    return with_case(world, options, [&](PreviewRun& run) -> Result<void> {
        const auto plan = watch_plan(run.runbook(), settings);
        if (!plan) {
            return tl::unexpected(plan.error());
        }
        run.add_look();
        run.add_watch(*plan);
        return {};
    });
}

}  // namespace memrb::cli
