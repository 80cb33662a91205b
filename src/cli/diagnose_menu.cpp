#include "cli/diagnose_menu.h"

#include "cli/record.h"
#include "cli/remedy_flow.h"
#include "cli/world.h"
#include "ui/menu.h"

#include <fmt/core.h>
#include <unistd.h>

namespace memrb::cli {

namespace {

class Host final : public ui::MenuHost {
public:
    Host(World& world, const DiagnoseCase& the_case, engine::EventLog& log, const ui::DiagnosisView& view,
         const MenuHooks& hooks)
        : world_(world), case_(the_case), log_(log), offered_(view.assessment.options), hooks_(hooks) {}

    Result<ui::OptionPage> choose(const std::string& id) override {
        auto page = option_page(case_, id, offered_);
        if (page) {
            log_.emit(OptionChosen{id});
            page->runs = hooks_.act != nullptr;
        }
        return page;
    }

    Result<Acted> act(const std::string& option) override {
        if (hooks_.act == nullptr) {
            return Acted::nothing;
        }
        const auto result = hooks_.act(option);
        if (!result) {
            return tl::unexpected(result.error());
        }
        if (result->end == engine::RemedyResult::End::interrupted) {
            return Acted::interrupted;
        }
        return result->changed ? Acted::changed : Acted::nothing;
    }

    Result<void> note(const std::string& text) override {
        log_.emit(NoteAdded{text}, true);
        return {};
    }

    Result<void> watch() override {
        if (hooks_.watch == nullptr) {
            return fail(Fault::usage, "this is a recorded or past moment: there is nothing to watch",
                        fmt::format("now: memrb watch {}", case_.target.name));
        }
        hooks_.watch();
        return {};
    }
    Result<Acted> hand_over(const std::string& contact) override { return hooks_.hand_over(contact); }

    Result<ui::DiagnosisView> again() override {
        auto view = hooks_.again();
        offered_ = view.assessment.options;
        world_.stop().reset();
        return view;
    }

    Result<Outcome> outcome(const ui::StepRow& step) override {
        return step.outcome ? with_recorded_text(*step.outcome, log_.folder()) : ui::MenuHost::outcome(step);
    }

    int width() const override { return world_.err_style().width; }

private:
    World& world_;
    const DiagnoseCase& case_;
    engine::EventLog& log_;
    std::vector<OfferedOption> offered_;
    const MenuHooks& hooks_;
};

}  // namespace

MenuOutcome run_diagnose_menu(World& world, ui::DiagnosisView view, const DiagnoseCase& the_case, engine::EventLog& log,
                              ui::LineReader& reader, const MenuHooks& hooks) {
    Host host(world, the_case, log, view, hooks);
    const auto end = ui::run_menu(std::move(view), world.err_style(), reader, world.err(), host);
    return end == ui::MenuEnd::interrupted ? MenuOutcome::interrupted : MenuOutcome::quit;
}

}  // namespace memrb::cli
