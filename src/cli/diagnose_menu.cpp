#include "cli/diagnose_menu.h"

#include "cli/record.h"
#include "cli/world.h"
#include "engine/conclude.h"
#include "engine/diagnose.h"
#include "system/terminal.h"
#include "system/terminal_guard.h"
#include "ui/edit_line_reader.h"
#include "ui/menu.h"
#include "ui/plain_line_reader.h"

#include <fmt/core.h>
#include <unistd.h>
#include <algorithm>

namespace memrb::cli {

namespace {

class Host final : public ui::MenuHost {
public:
    Host(World& world, const DiagnoseCase& the_case, engine::EventLog& log, const ui::DiagnosisView& view,
         const std::function<ui::DiagnosisView()>& again)
        : world_(world), case_(the_case), log_(log), offered_(view.assessment.options), again_(again) {}

    Result<ui::OptionPage> choose(const std::string& id) override {
        const auto option = std::find_if(case_.runbook.options.begin(), case_.runbook.options.end(),
                                         [&](const Option& candidate) { return candidate.id == id; });
        const auto offered =
            std::find_if(offered_.begin(), offered_.end(), [&](const OfferedOption& one) { return one.id == id; });
        if (option == case_.runbook.options.end() || offered == offered_.end()) {
            return fail(Fault::failed, fmt::format("there is no option `{}`", id));
        }
        log_.emit(OptionChosen{id});
        const engine::Session session = case_.session();
        return ui::OptionPage{option->id,
                              option->title,
                              offered->suggested,
                              offered->why,
                              option->use_when,
                              option->costs,
                              engine::risk_of(*option),
                              engine::describe_steps(option->steps, session),
                              engine::describe_steps(option->verify, session),
                              engine::describe_steps(option->undo, session),
                              option->advice};
    }

    Result<void> note(const std::string& text) override {
        log_.emit(NoteAdded{text}, true);
        return {};
    }

    Result<ui::DiagnosisView> again() override {
        auto view = again_();
        offered_ = view.assessment.options;
        world_.stop().reset();
        return view;
    }

    Result<Outcome> outcome(const ui::StepRow& step) override {
        return step.outcome ? with_recorded_text(*step.outcome, log_.folder()) : ui::MenuHost::outcome(step);
    }

    int width() const override { return system::terminal_size(STDERR_FILENO, world_.environment()).columns; }

private:
    World& world_;
    const DiagnoseCase& case_;
    engine::EventLog& log_;
    std::vector<OfferedOption> offered_;
    const std::function<ui::DiagnosisView()>& again_;
};

}  // namespace

MenuOutcome run_diagnose_menu(World& world, ui::DiagnosisView view, const DiagnoseCase& the_case, engine::EventLog& log,
                              const std::function<ui::DiagnosisView()>& again) {
    Host host(world, the_case, log, view, again);
    const system::TerminalGuard guard(STDIN_FILENO);  // the line editor switches echo off
    std::unique_ptr<ui::LineReader> reader;
    if (!world.err_style().plain) {
        if (auto editing =
                ui::EditLineReader::open(STDIN_FILENO, STDERR_FILENO, world.stop(), world.err_style().utf8)) {
            reader = std::move(*editing);
        }
    }
    if (!reader) {
        reader = std::make_unique<ui::PlainLineReader>(STDIN_FILENO, world.err(), world.stop());
    }
    const auto end = ui::run_menu(std::move(view), world.err_style(), *reader, world.err(), host);
    return end == ui::MenuEnd::interrupted ? MenuOutcome::interrupted : MenuOutcome::quit;
}

}  // namespace memrb::cli
