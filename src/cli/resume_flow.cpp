#include "cli/resume_flow.h"

#include "base/text.h"
#include "cli/diagnose_case.h"
#include "cli/world.h"
#include "engine/look_back.h"
#include "engine/pin.h"
#include "ui/layout.h"
#include "ui/resume_view.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::cli {

namespace {

using engine::Progress;
using engine::StepProgress;

// `all.c1`, or `c1`.
bool names(const std::string& wanted, const std::string& step) {
    return wanted == step || step.ends_with("." + wanted);
}

bool any_names(const std::vector<std::string>& wanted, const std::string& step) {
    return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& one) { return names(one, step); });
}

bool changed(const Reopened& reopened, const Runbook& runbook) {
    return runbook.digest != reopened.past.standing.runbook_digest;
}

std::string limit_words(const Limit& limit) {
    const auto* bytes = std::get_if<Bytes>(&limit);
    return bytes == nullptr ? "no known limit" : format_bytes(*bytes);
}

std::vector<std::string> what_moved(const engine::Interruption& at, const Target& now,
                                    const engine::Diagnosis& diagnosis, const Reopened& reopened,
                                    const Runbook& runbook) {
    std::vector<std::string> lines;
    const auto& standing = reopened.past.standing;
    if (at.target) {
        const std::string moved = engine::how_moved(*at.target, now, at.changed);
        lines.push_back(moved.empty() ? "the target is the one that was pinned last" : moved);
        if (at.target->limit != now.limit) {
            lines.push_back(
                fmt::format("its limit: {}, now {}", limit_words(at.target->limit), limit_words(now.limit)));
        }
    }
    lines.push_back(changed(reopened, runbook)
                        ? fmt::format("runbook {} has changed: {} then, {} now", runbook.id,
                                      standing.runbook_digest.substr(0, 12), runbook.digest.substr(0, 12))
                        : fmt::format("runbook {} is as it was", runbook.id));
    for (const auto& step : at.gone) {
        lines.push_back(fmt::format("{} was begun, and is not in the runbook any more", step));
    }
    if (standing.assessment) {
        const Assessment& then = *standing.assessment;
        const Assessment& found = diagnosis.assessment;
        lines.push_back(fmt::format("level {}, now {}", to_string(then.level), to_string(found.level)));
        if (then.memory && found.memory) {
            lines.push_back(
                fmt::format("memory {}, now {}", format_bytes(then.memory->used), format_bytes(found.memory->used)));
        }
    }
    return lines;
}

void show(World& world, const engine::Interruption& at, std::vector<std::string> since, const std::string& incident) {
    ui::ResumeView view;
    view.incident = incident;
    view.option = at.option->id;
    view.undo = at.undo;
    view.began = at.began;
    view.now = world.clock().now();
    view.since = std::move(since);
    for (std::size_t i = 0; i < at.steps.size(); ++i) {
        const StepProgress& step = at.steps[i];
        view.steps.push_back({i + 1, step.step->id, step.step->title, std::string(to_string(step.progress)), step.why});
    }
    world.err().write("\n" + ui::render(view, world.err_style()));
}

// One word, typed anew; Ctrl-D is `q`.
Readiness ask(World& world, ui::LineReader& reader, const std::string& prompt, const std::vector<std::string>& words,
              std::string& word) {
    while (true) {
        reader.discard_typed_ahead();
        const auto answer = reader.read(prompt);
        if (answer.kind == ui::Answer::Kind::interrupted) {
            return Readiness::interrupted;
        }
        word = answer.kind == ui::Answer::Kind::end ? "q" : std::string(base::trim(answer.text));
        if (word == "q" || word == "quit" || word == "stop") {
            return Readiness::declined;
        }
        if (std::find(words.begin(), words.end(), word) != words.end()) {
            return Readiness::ready;
        }
        if (!word.empty()) {
            world.err().write(fmt::format("Not understood; type {} or q\n", base::join(words, ", ")));
        }
    }
}

void settle(StepProgress& step, bool done, const std::string& why, engine::EventLog& log) {
    const std::string answer = done ? "found done" : "found not done";
    log.emit(Decided{step.step->id, answer, why}, true);
    step.progress = done ? Progress::done : Progress::open;
    step.why = why.empty() ? answer : answer + ": " + why;
    step.result.status = done ? StepStatus::ok : StepStatus::skipped;
    step.result.note = step.why;
    step.result.why = done ? "" : step.why;
}

Error needs_answer(const StepProgress& step, const std::string& hint_of_world, const std::string& incident) {
    const std::string& id = step.step->id;
    return {Fault::answer_needed,
            fmt::format("whether {} was done is not known, and nobody can be asked{}", id,
                        hint_of_world.empty() ? "" : "; " + hint_of_world),
            fmt::format("look, then: memrb resume {} --done {}, or --not-done {}", incident, id, id)};
}

Result<Readiness> settle_one(World& world, StepProgress& step, const engine::LookBack& found, engine::EventLog& log,
                             const Reopened& reopened, ui::LineReader* reader) {
    const std::string& id = step.step->id;
    const auto& [_, done, not_done] = reopened.options;
    if (any_names(done, id) || any_names(not_done, id)) {
        settle(step, any_names(done, id), "said by flag", log);
        return Readiness::ready;
    }
    if (found.says != engine::LookBack::Says::nothing) {
        settle(step, found.says == engine::LookBack::Says::done, found.why, log);
        world.err().write(
            ui::wrapped(ui::safe(world.err_style(), id + ": " + step.why), world.err_style(), "  ", "    "));
        return Readiness::ready;
    }
    if (reader == nullptr) {
        return tl::unexpected(needs_answer(step, found.why, reopened.past.entry.id));
    }
    const std::string known = fmt::format(
        "{} was begun, and nothing tells for sure whether it was done{}. Look first; "
        "what memrb had started may have gone on without it.",
        id, found.why.empty() ? "" : " (" + found.why + ")");
    world.err().write("\n" + ui::wrapped(ui::safe(world.err_style(), known), world.err_style(), "", ""));
    std::string word;
    const auto asked = ask(world, *reader, "Was it done? [done, not done, q stop]: ", {"done", "not done"}, word);
    if (asked == Readiness::ready) {
        settle(step, word == "done", "said by you", log);
    }
    return asked;
}

}  // namespace

Result<void> check_resume(const World& world, const Reopened& reopened, const Runbook& runbook) {
    const auto at = engine::find_interruption(reopened.past.events, runbook);
    const auto& [accepted, done, not_done] = reopened.options;
    for (const auto* wanted : {&done, &not_done}) {
        for (const auto& id : *wanted) {
            const bool known = at && std::any_of(at->steps.begin(), at->steps.end(), [&](const StepProgress& step) {
                                   return step.progress == Progress::unknown && names(id, step.step->id);
                               });
            if (!known) {
                return fail(Fault::usage, fmt::format("no step `{}` is unknown in incident {}", base::printable(id),
                                                      reopened.past.entry.id));
            }
            if (wanted == &not_done && any_names(done, id)) {
                return fail(Fault::usage, fmt::format("`{}` cannot be both done and not done", base::printable(id)));
            }
        }
    }
    if (at && !at->complete && changed(reopened, runbook) && !accepted && !world.can_ask()) {
        return fail(
            Fault::stale,
            fmt::format("runbook {} has changed since incident {} was recorded", runbook.id, reopened.past.entry.id),
            "look at it; then go on with it as it is now by --accept-changed-runbook");
    }
    return {};
}

Result<Readiness> settle_unknown(World& world, const DiagnoseCase& the_case, engine::EventLog& log,
                                 const engine::Diagnosis& diagnosis, engine::Interruption& at, const Reopened& reopened,
                                 ui::LineReader* reader) {
    show(world, at, what_moved(at, the_case.target, diagnosis, reopened, the_case.runbook), reopened.past.entry.id);
    if (changed(reopened, the_case.runbook) && !reopened.options.accept_changed_runbook) {
        if (reader == nullptr) {
            return fail(Fault::stale, fmt::format("runbook {} has changed", the_case.runbook.id));
        }
        std::string word;
        const auto asked =
            ask(world, *reader, "Go on with the runbook as it is now? [changed, q stop]: ", {"changed"}, word);
        if (asked != Readiness::ready) {
            return asked;
        }
    }
    for (auto& step : at.steps) {
        if (step.progress != Progress::unknown) {
            continue;
        }
        engine::LookBack found;
        if (!any_names(reopened.options.done, step.step->id) && !any_names(reopened.options.not_done, step.step->id)) {
            found = engine::look_back(at, step, diagnosis, the_case.session(),
                                      {*the_case.runner, log, *the_case.programs, world.stop()});
        }
        const auto settled = settle_one(world, step, found, log, reopened, reader);
        if (!settled || *settled != Readiness::ready) {
            return settled;
        }
    }
    at.changed = std::any_of(at.steps.begin(), at.steps.end(), [](const StepProgress& step) {
        return step.progress == Progress::done && step.risk != Risk::read;
    });
    return Readiness::ready;
}

}  // namespace memrb::cli
