#include "engine/remedy.h"

#include "base/describe.h"
#include "base/shell_words.h"
#include "base/text.h"
#include "engine/edit_look.h"
#include "engine/inputs.h"
#include "engine/pin.h"
#include "engine/preflight.h"
#include "engine/proposal.h"

#include <fmt/core.h>
#include <algorithm>
#include <map>
#include <utility>

namespace memrb::engine {

namespace {

using End = RemedyResult::End;

std::string_view word_of(Reply answer) {
    switch (answer) {
        case Reply::run: return "run";
        case Reply::skip: return "skip";
        case Reply::by_hand: return "by hand";
        case Reply::edit: return "edit";
        case Reply::quit: return "quit";
        case Reply::interrupted: return "interrupted";
    }
    return "quit";
}

std::optional<Bytes> used_by(const std::vector<StepResult>& results) {
    std::optional<Bytes> used;
    for (const auto& result : results) {
        for (const auto& reading : result.readings) {
            if (const auto* memory = std::get_if<MemoryReading>(&reading)) {
                used = memory->used;
            }
        }
    }
    return used;
}

class Remedy final : public StepGate {
public:
    Remedy(const RemedyPlan& plan, const Session& session, const Instruments& instruments, Operator& person)
        : plan_(plan),
          session_(session),
          instruments_(instruments),
          person_(person),
          vars_(with_proposed_limit(session.vars, session.runbook, session.target, plan.diagnosis.assessment)) {
        result_.target = session.target;
        result_.changed = plan.changed;
        for (const auto& step : plan.diagnosis.steps) {
            known_.emplace(step.step->id, &step);
        }
        if (plan.undo != nullptr) {
            for (const auto& step : plan.undo->steps) {
                known_.insert_or_assign(step.step->id, &step);
            }
        }
    }

    RemedyResult run() {
        const auto& steps = plan_.undo != nullptr ? plan_.option.undo : plan_.option.steps;
        count_ = steps.size();
        if (const auto& memory = plan_.diagnosis.assessment.memory) {
            result_.before = memory->used;
        }
        run_all(steps, result_.steps);
        settle();
        if (result_.changed && plan_.undo == nullptr && (result_.end == End::applied || result_.end == End::failed)) {
            check();
        }
        return std::move(result_);
    }

    Verdict permit(const Step& step, const Change& change) override {
        if (const auto problems = instruments_.log.problems(); !problems.empty()) {
            return stop(End::refused, step, "refused", "a change without a record would be lost: " + problems.front());
        }
        const auto& [request, risk, words, problem] = change;
        auto consent = consent_for(risk, plan_.authority, result_.target);
        if (!consent) {
            result_.fault = consent.error().fault;
            result_.hint = consent.error().hint;
            return stop(End::refused, step, "refused", consent.error().message);
        }
        if (risk >= Risk::disruptive && !save_evidence()) {
            return stop(End::unchanged, step, "quit", "not done: evidence could not be saved");
        }
        auto commands = base::describe(request);
        if (const auto* edit = std::get_if<FileEdit>(&request)) {
            auto difference = look_at(*edit, instruments_);
            if (!difference) {
                return {false, StepStatus::failed, difference.error().message};
            }
            commands.insert(commands.end(), difference->begin(), difference->end());
        }
        const Variables known = with_captures();
        auto found = preflight(request, plan_.diagnosis, result_.target, known);
        if (!found.refusal.empty()) {
            return stop(End::refused, step, "refused", std::move(found.refusal));
        }
        const ChangeCard card{
            number_,
            count_,
            step.id,
            step.title,
            step.advice,
            risk,
            std::move(commands),
            plan_.option.costs,
            describe_steps(plan_.undo != nullptr ? std::vector<Step>{} : plan_.option.undo, session(known)),
            saved_,
            *consent,
            std::move(found.cautions),
            words,
            problem};
        const Decision decision = person_.decide(card);
        if (decision.answer == Reply::edit) {
            instruments_.log.emit(
                Decided{step.id, std::string(word_of(decision.answer)),
                        fmt::format("{} -> {}", base::quote_words(words), base::quote_words(decision.words))},
                true);
            return {false, StepStatus::skipped, {}, decision.words};
        }
        if (decision.answer != Reply::run) {
            return not_run(step, decision);
        }
        if (auto moved = moved_since(); !moved.empty()) {
            return stop(End::moved, step, "refused", std::move(moved));
        }
        instruments_.log.emit(Decided{step.id, "run", decision.why}, true);
        changing_ = true;
        return {true, StepStatus::ok, {}};
    }

    Verdict task(const Step& step, const std::string& instructions) override {
        TaskCard card{number_, count_, step.id, step.title, instructions};
        // What memrb could not make a reading of is for the person's eyes.
        if (!result_.steps.empty()) {
            const StepResult& before = result_.steps.back();
            if (before.status == StepStatus::ok && before.readings.empty() && before.step->risk == Risk::read) {
                card.shown_step = before.step->id;
                card.shown = before.outcome.out.text();
            }
        }
        return not_run(step, person_.task(card));
    }

    void change_begins(Milliseconds timeout) override { person_.change_begins(timeout); }
    void change_ends() override { person_.change_ends(); }

private:
    // With the target and the variables as they are after the changes so far.
    Session session() const { return session(vars_); }
    Session session(const Variables& vars) const {
        return {session_.runbook, result_.target, session_.host_containers, vars, session_.tools, now_, session_.past};
    }

    // The undo that is shown holds the values from before the change.
    Variables with_captures() const {
        Inputs inputs;
        for (const auto& [id, result] : known_) {
            add_captures(*result, inputs);
        }
        Variables vars = vars_;
        for (const auto& [name, value] : inputs.captures) {
            vars.insert_or_assign(name, value);
        }
        return vars;
    }

    Inputs inputs_for(const Step& step) const {
        return gather_inputs(step, known_, {result_.target, vars_, plan_.diagnosis.assessment});
    }

    void run_all(const std::vector<Step>& steps, std::vector<StepResult>& results) {
        results.reserve(steps.size());  // known_ points into it
        number_ = 0;
        for (const auto& step : steps) {
            ++number_;
            if (const auto known = plan_.settled.find(step.id); known != plan_.settled.end()) {
                results.push_back(known->second);
                results.back().step = &step;
                known_.insert_or_assign(step.id, &results.back());
                continue;
            }
            if (!ended_.empty()) {
                results.push_back(block_step(step, StepStatus::blocked, ended_, instruments_));
                continue;
            }
            if (instruments_.stop.requested()) {
                end_ = End::interrupted;
                ended_ = "not started: interrupted";
                results.push_back(block_step(step, StepStatus::interrupted, ended_, instruments_));
                continue;
            }
            changing_ = false;
            results.push_back(run_step(step, inputs_for(step), session(), instruments_, this));
            known_.insert_or_assign(step.id, &results.back());
            time_goes_on(results.back().outcome);
            judge(results.back());
        }
    }

    // What is read afterwards is about its own moment, not about the one that was diagnosed.
    void time_goes_on(const Outcome& outcome) {
        now_ = session_.past ? now_ : std::max(now_, outcome.started + outcome.elapsed);
    }

    void judge(const StepResult& result) {
        if (changing_) {
            result_.changed = result_.changed || !std::holds_alternative<NotStarted>(result.outcome.ending);
            pin_again();
        }
        const std::string& id = result.step->id;
        if (result.status == StepStatus::unknown && changing_) {
            end_ = End::unknown;
            ended_ = fmt::format("{}: {}", id, result.why);
        } else if (result.status == StepStatus::failed || (result.status == StepStatus::blocked && changing_)) {
            end_ = End::failed;
            ended_ = fmt::format("{} failed: {}", id, result.why);
        }
    }

    void settle() {
        const auto done = [](const StepResult& one) { return one.status == StepStatus::ok; };
        if (!ended_.empty()) {
            result_.end = end_;
            result_.why = ended_;
        } else if (std::any_of(result_.steps.begin(), result_.steps.end(), done)) {
            result_.end = End::applied;
        } else {
            result_.end = End::unchanged;
            result_.why = "no step was done";
        }
    }

    void check() {
        const End end = result_.end;
        ended_.clear();
        run_all(plan_.option.verify, result_.checks);
        result_.after = used_by(result_.checks);
        const auto bad = std::find_if(result_.checks.begin(), result_.checks.end(), [](const StepResult& one) {
            return one.status != StepStatus::ok && one.status != StepStatus::skipped;
        });
        if (end == End::applied && bad != result_.checks.end()) {
            result_.end = End::unverified;
            result_.why = fmt::format("{} {}: {}", bad->step->id, to_string(bad->status), bad->why);
        }
    }

    Verdict not_run(const Step& step, const Decision& decision) {
        instruments_.log.emit(Decided{step.id, std::string(word_of(decision.answer)), decision.why}, true);
        switch (decision.answer) {
            case Reply::run:
            case Reply::edit: return {false, StepStatus::ok, "done"};  // of a task: neither is ever answered
            case Reply::by_hand:
                return {false, StepStatus::ok, decision.why.empty() ? "done by hand" : "done by hand: " + decision.why};
            case Reply::skip:
                return {false, StepStatus::skipped,
                        decision.why.empty() ? "skipped by you" : "skipped: " + decision.why};
            case Reply::interrupted:
                end_ = End::interrupted;
                ended_ = "interrupted";
                return {false, StepStatus::interrupted, ended_};
            case Reply::quit: break;
        }
        end_ = result_.changed ? End::unverified : End::unchanged;
        ended_ = "not done: you quit";
        return {false, StepStatus::skipped, ended_};
    }

    Verdict stop(End end, const Step& step, std::string answer, std::string why) {
        instruments_.log.emit(Decided{step.id, std::move(answer), why}, true);
        end_ = end;
        ended_ = why;
        return {false, StepStatus::blocked, std::move(why)};
    }

    // Once, before the first disruptive change. False: something is missing, and the person would rather not go on.
    bool save_evidence() {
        if (std::exchange(asked_for_evidence_, true)) {
            return true;
        }
        std::vector<const Step*> steps;
        for (const auto& step : session_.runbook.evidence) {
            steps.push_back(&step);
        }
        const Session now = session();
        evidence_ = execute_reads(steps, now, instruments_, [](const auto&) { return Assessment{}; });
        std::vector<std::string> missing;
        for (const auto& result : evidence_) {
            if (result.status == StepStatus::ok || result.status == StepStatus::no_data) {
                saved_.push_back(result.step->title.empty() ? result.step->id : result.step->title);
            } else if (result.status != StepStatus::skipped) {
                missing.push_back(fmt::format("{}: {}", result.step->id, result.why));
            }
        }
        return missing.empty() || person_.go_on_without(missing);
    }

    // Why the target is not the one that was diagnosed; empty: it is.
    std::string moved_since() const {
        const auto now = plan_.look_again();
        if (!now) {
            return fmt::format("{} could not be found again: {}", result_.target.name, now.error().message);
        }
        const bool ours = result_.changed || plan_.undo != nullptr;
        return how_moved(result_.target, *now, ours);
    }

    // After memrb's own change: what it did to the target is no move.
    void pin_again() {
        const auto now = plan_.look_again();
        result_.limit_changed = result_.limit_changed || (now && now->limit != session_.target.limit);
        if (!now || same_pin(result_.target, *now)) {
            return;
        }
        result_.target = *now;
        follow_target(vars_, *now);
        instruments_.log.emit(TargetPinned{*now, std::nullopt, false, without_secrets(vars_, session_.runbook)}, true);
    }

    const RemedyPlan& plan_;
    const Session& session_;
    const Instruments& instruments_;
    Operator& person_;
    Variables vars_;
    RemedyResult result_;
    KnownResults known_;
    std::vector<StepResult> evidence_;
    std::vector<std::string> saved_;
    bool asked_for_evidence_ = false;
    bool changing_ = false;  ///< the step that runs has its consent
    std::size_t number_ = 0;
    std::size_t count_ = 0;
    Timestamp now_ = session_.now;
    End end_ = End::unchanged;
    std::string ended_;  ///< not empty: why nothing more is done
};

}  // namespace

std::string_view to_string(RemedyResult::End end) {
    switch (end) {
        case End::applied: return "applied";
        case End::unverified: return "unverified";
        case End::unchanged: return "unchanged";
        case End::failed: return "failed";
        case End::unknown: return "unknown";
        case End::moved: return "moved";
        case End::refused: return "refused";
        case End::interrupted: return "interrupted";
    }
    return "unknown";
}

RemedyResult run_remedy(const RemedyPlan& plan, const Session& session, const Instruments& instruments,
                        Operator& person) {
    return Remedy(plan, session, instruments, person).run();
}

}  // namespace memrb::engine
