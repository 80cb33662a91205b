#include "cli/remedy_flow.h"

#include "base/text.h"
#include "cli/edit_text.h"
#include "cli/exit_codes.h"
#include "cli/world.h"
#include "engine/conclude.h"
#include "engine/rehearsal.h"
#include "engine/variables.h"
#include "engine/watch.h"
#include "ui/change_card.h"
#include "ui/edit_line_reader.h"
#include "ui/line_operator.h"
#include "ui/plain_line_reader.h"
#include "ui/words.h"

#include <fmt/core.h>
#include <unistd.h>
#include <algorithm>

namespace memrb::cli {

namespace {

using End = engine::RemedyResult::End;

constexpr std::string_view patience_notice =
    "\nmemrb: waits for the change to end; Ctrl-C again breaks it off, and what it did is then unknown\n";

std::vector<ui::RemedyView::Line> lines_of(const std::vector<engine::StepResult>& results) {
    std::vector<ui::RemedyView::Line> lines;
    for (const auto& result : results) {
        lines.push_back(
            {result.step->id, result.status, result.why.empty() ? result.note : result.why, result.warnings});
    }
    return lines;
}

class Borrowed final : public ui::LineReader {
public:
    explicit Borrowed(ui::LineReader& reader) : reader_(reader) {}
    ui::Answer read(std::string_view prompt) override { return reader_.read(prompt); }
    void discard_typed_ahead() override { reader_.discard_typed_ahead(); }

private:
    ui::LineReader& reader_;
};

// It only reads, so Enter is enough; but not one that was typed before the question.
bool wants_watch(ui::LineReader& reader, const engine::WatchPlan& plan) {
    reader.discard_typed_ahead();
    const auto answer = reader.read(fmt::format(
        "Watch whether it recovers, every {} for {}? [Enter watches, n goes on]: ", format_exact_duration(plan.every),
        format_exact_duration(plan.lasts)));
    const auto word = base::trim(answer.text);
    return answer.kind == ui::Answer::Kind::line && (word.empty() || word == "w" || word == "watch" || word == "yes");
}

// Only the whole word: Enter keeps what was done.
bool wants_undo(ui::LineReader& reader) {
    reader.discard_typed_ahead();
    const auto answer = reader.read("Keep it? [Enter keeps it, undo]: ");
    return answer.kind == ui::Answer::Kind::line && base::trim(answer.text) == "undo";
}

}  // namespace

Result<const Option*> option_of(const Runbook& runbook, const std::string& id) {
    const auto found =
        std::find_if(runbook.options.begin(), runbook.options.end(), [&](const Option& one) { return one.id == id; });
    if (found != runbook.options.end()) {
        return &*found;
    }
    std::vector<std::string> known;
    for (const auto& option : runbook.options) {
        known.push_back(option.id);
    }
    return fail(
        Fault::usage,
        fmt::format("runbook {} has no option `{}`{}", runbook.id, base::printable(id), base::did_you_mean(id, known)),
        fmt::format("it has: {}", base::join(known, ", ")));
}

std::unique_ptr<ui::LineReader> open_line_reader(World& world) {
    if (const Stage* stage = world.stage()) {
        return std::make_unique<Borrowed>(stage->keys);
    }
    if (!world.err_style().plain) {
        if (auto editing =
                ui::EditLineReader::open(STDIN_FILENO, STDERR_FILENO, world.stop(), world.err_style().utf8)) {
            return std::move(*editing);
        }
    }
    return std::make_unique<ui::PlainLineReader>(STDIN_FILENO, world.err(), world.stop());
}

Result<engine::RemedyResult> run_option(World& world, DiagnoseCase& the_case, engine::EventLog& log,
                                        const engine::Diagnosis& diagnosis, const std::string& id,
                                        engine::Authority authority, ui::LineReader* reader, const RemedyHooks& hooks) {
    const auto option = option_of(the_case.runbook, id);
    if (!option) {
        return tl::unexpected(option.error());
    }
    if (log.folder().empty()) {
        return fail(Fault::failed, "nothing is recorded, and a change without a record would be lost",
                    "let XDG_STATE_HOME name a folder that can be written, for example below /dev/shm");
    }
    authority.read_only = authority.read_only || the_case.read_only;
    authority.can_ask = reader != nullptr;
    const auto run = [&](const engine::RemedyResult* undo) {
        ui::LineOperator person(ui::target_identity(the_case.target, world.clock().now(), world.err_style()),
                                the_case.target.name, world.err_style(), reader, world.err(),
                                {[&world](Milliseconds) { world.stop().begin_patience(patience_notice); },
                                 [&world] { world.stop().end_patience(); }, hooks.settle, hooks.escalate,
                                 [&world](const std::string& text) { return edit_text(world, text); }});
        engine::RemedyPlan plan{**option, undo, diagnosis, authority, [&] { return look_again(world, the_case); }};
        if (const auto* resumed = hooks.resumed; resumed != nullptr && resumed->undo == (undo != nullptr)) {
            plan.settled = resumed->settled();
            plan.changed = resumed->changed;
        }
        engine::Instruments instruments{*the_case.runner, log, *the_case.programs, world.stop()};
        if (world.stage() != nullptr) {
            instruments.jobs = 1;  // nothing takes time, and the record is in the same order each time
        }
        auto result = engine::run_remedy(plan, the_case.session(), instruments, person);
        hooks.settle();
        the_case.target = result.target;
        engine::follow_target(the_case.vars, result.target);
        world.err().write("\n" + ui::render(view_of(undo != nullptr ? id + ", undo" : id, result), world.err_style()));
        return result;
    };
    if (hooks.resumed != nullptr && hooks.resumed->undo) {
        engine::RemedyResult done;
        done.steps = hooks.resumed->before;
        return run(&done);
    }
    auto result = run(nullptr);
    const bool in_force = result.end == End::applied || result.end == End::unverified;
    if (result.changed && in_force && reader != nullptr && hooks.watch != nullptr &&
        wants_watch(*reader, engine::plan_watch(the_case.runbook, {}, {}))) {
        hooks.watch();
    }
    if (result.changed && reader != nullptr && !(*option)->undo.empty() && wants_undo(*reader)) {
        (void)run(&result);
    }
    return result;
}

Result<ui::RemedyView> rehearse_option(World& world, const DiagnoseCase& the_case, engine::EventLog& log,
                                       const engine::Diagnosis& diagnosis, const std::string& id) {
    const auto option = option_of(the_case.runbook, id);
    if (!option) {
        return tl::unexpected(option.error());
    }
    const auto results = engine::rehearse(**option, diagnosis, the_case.session(),
                                          {*the_case.runner, log, *the_case.programs, world.stop()});
    ui::RemedyView view;
    view.option = id;
    view.steps = lines_of(results);
    const auto asked = [](const engine::StepResult& one) { return one.status != StepStatus::skipped; };
    const auto good = [](const engine::StepResult& one) {
        return one.status == StepStatus::ok || one.status == StepStatus::skipped;
    };
    const bool any = std::any_of(results.begin(), results.end(), asked);
    view.end = !any                                                ? "not previewable"
               : std::all_of(results.begin(), results.end(), good) ? "accepted"
                                                                   : "not accepted";
    view.why =
        any ? "by the API server, in a dry run: nothing was changed" : "no step's tool can be asked: nothing was run";
    return view;
}

ui::RemedyView view_of(const std::string& option, const engine::RemedyResult& result) {
    return {option,
            std::string(to_string(result.end)),
            result.why,
            lines_of(result.steps),
            lines_of(result.checks),
            result.before,
            result.after,
            result.limit_changed};
}

Result<ui::OptionPage> option_page(const DiagnoseCase& the_case, const std::string& id,
                                   const std::vector<OfferedOption>& offered) {
    const auto option = option_of(the_case.runbook, id);
    if (!option) {
        return tl::unexpected(option.error());
    }
    const auto known =
        std::find_if(offered.begin(), offered.end(), [&](const OfferedOption& one) { return one.id == id; });
    const engine::Session session = the_case.session();
    ui::OptionPage page;
    page.id = id;
    page.title = (*option)->title;
    page.suggested = known != offered.end() && known->suggested;
    page.why = known == offered.end() ? (*option)->use_when : known->why;
    page.use_when = (*option)->use_when;
    page.costs = (*option)->costs;
    page.risk = engine::risk_of(**option);
    page.steps = engine::describe_steps((*option)->steps, session);
    page.verify = engine::describe_steps((*option)->verify, session);
    page.undo = engine::describe_steps((*option)->undo, session);
    page.advice = (*option)->advice;
    return page;
}

int exit_code_for(const World& world, const engine::RemedyResult& result) {
    switch (result.end) {
        case End::applied: return result.checks.empty() ? exit_code::unverified : exit_code::done;
        case End::unverified: return exit_code::unverified;
        case End::unchanged: return exit_code::declined;
        case End::failed:
        case End::unknown: return exit_code::failed;
        case End::moved: return exit_code::stale;
        case End::refused: return exit_code_of(result.fault);
        case End::interrupted: return world.exit_code_of_signal();
    }
    return exit_code::failed;
}

}  // namespace memrb::cli
