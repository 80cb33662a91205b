#include "engine/step_run.h"

#include "base/describe.h"
#include "base/text.h"
#include "engine/expand.h"
#include "engine/foreseen.h"
#include "engine/step_judge.h"

#include <fmt/core.h>
#include <algorithm>
#include <exception>

namespace memrb::engine {

namespace {

constexpr Milliseconds change_timeout{300'000};  // an image may have to be fetched

// A command's output is shown; an answer is parsed whole.
Bytes memory_for(const Request& request) {
    constexpr Bytes for_commands = Bytes{1} << 20U;
    if (const auto* http = std::get_if<HttpRequest>(&request)) {
        return 2 * http->max_body;  // head and tail are half each: an answer must fit into the head
    }
    return std::holds_alternative<SampleMemory>(request) ? Bytes{16} << 20U : for_commands;
}

std::string in_one_line(const Error& error) {
    return error.hint.empty() ? error.message : fmt::format("{}; {}", error.message, error.hint);
}

// While it lives, one Ctrl-C does not end what runs.
class Patience {
public:
    Patience(StepGate* gate, Milliseconds timeout) : gate_(gate) {
        if (gate_ != nullptr) {
            gate_->change_begins(timeout);
        }
    }
    ~Patience() {
        if (gate_ != nullptr) {
            gate_->change_ends();
        }
    }
    Patience(const Patience&) = delete;
    Patience& operator=(const Patience&) = delete;
    Patience(Patience&&) = delete;
    Patience& operator=(Patience&&) = delete;

private:
    StepGate* gate_;
};

class StepRun {
public:
    StepRun(const Step& step, const Inputs& inputs, const Session& session, const Instruments& instruments,
            StepGate* gate)
        : step_(step), inputs_(inputs), session_(session), instruments_(instruments), gate_(gate) {
        result_.step = &step;
        result_.waits_for = inputs.waits_for;
    }

    StepResult run() {
        try {
            if (condition_allows() && plan() && permitted()) {
                start();
            }
        } catch (const std::exception& error) {
            break_off(error.what());
        }
        return std::move(result_);
    }

private:
    void skip(StepStatus status, std::string why) {
        result_.status = status;
        result_.why = std::move(why);
        instruments_.log.emit(StepSkipped{step_.id, step_.title, status, result_.why});
    }

    void break_off(std::string_view what) {
        result_.readings.clear();
        result_.captures.clear();
        result_.status = StepStatus::failed;
        result_.why = fmt::format("memrb itself failed at this step: {}", base::printable(what));
        if (started_) {
            finish();
        } else {
            skip(StepStatus::failed, result_.why);
        }
    }

    bool condition_allows() {
        if (!step_.when) {
            return true;
        }
        // In a dry run what is not known yet may still change the answer.
        const bool waits = !inputs_.waits_for.empty();
        const Truth truth = waits ? foreseen(*step_.when, inputs_.facts, inputs_.open_vars, instruments_.programs)
                                  : instruments_.programs.test(*step_.when, inputs_.facts);
        result_.condition = truth;
        if (truth == Truth::yes || (waits && truth == Truth::unknown)) {
            return true;
        }
        skip(StepStatus::skipped, truth == Truth::no ? fmt::format("only when {}", step_.when->text)
                                                     : fmt::format("cannot tell whether {}", step_.when->text));
        return false;
    }

    // In a dry run: a value stands in a parameter that is not known yet, shown as `${name}`.
    bool has_holes() const {
        return std::any_of(vars_.begin(), vars_.end(), [&](const auto& one) {
            return one.second == "${" + one.first + "}" && mentions(step_, one.first);
        });
    }

    bool plan() {
        for (const auto& [name, why] : inputs_.missing) {
            if (mentions(step_, name)) {
                skip(StepStatus::blocked, why);
                return false;
            }
        }
        vars_ = session_.vars;
        for (const auto& [name, value] : inputs_.captures) {
            vars_.insert_or_assign(name, value);
        }
        auto params = expand_params(step_, vars_);
        if (!params) {
            skip(StepStatus::skipped, in_one_line(params.error()));
            return false;
        }
        params_ = std::move(*params);
        auto request = step_.action->plan(params_, context());
        if (!request && has_holes()) {
            skip(StepStatus::not_previewable,
                 fmt::format("depends on {}: {}", base::join(inputs_.waits_for, ", "), in_one_line(request.error())));
            return false;
        }
        if (!request) {
            const bool benign = request.error().fault == Fault::no_data;
            skip(benign ? StepStatus::skipped : StepStatus::failed, in_one_line(request.error()));
            return false;
        }
        if (const auto* task = std::get_if<HumanTask>(&*request)) {
            if (gate_ == nullptr || instruments_.previews) {
                skip(instruments_.previews ? StepStatus::not_previewable : StepStatus::skipped,
                     "for a person: " + base::first_line(task->instructions));
            } else {
                const auto verdict = gate_->task(step_, task->instructions);
                skip(verdict.status, verdict.why);
            }
            return false;
        }
        // The runbook's words may have looked harmless before the variables were written into them.
        risk_ = step_.action->may_lower_risk ? step_.risk : std::max(step_.risk, step_.action->risk(params_));
        result_.request = std::move(*request);
        return true;
    }

    bool changes() const { return risk_ != Risk::read; }

    bool permitted() {
        if (!changes()) {
            return true;
        }
        if (gate_ == nullptr) {
            skip(StepStatus::blocked, fmt::format("is {}: a diagnosis only reads", to_string(risk_)));
            return false;
        }
        std::string problem;
        while (true) {
            const auto verdict = gate_->permit(step_, {*result_.request, risk_, words(), problem});
            if (verdict.edited) {
                problem = take_over(*verdict.edited);
                continue;
            }
            if (!verdict.run) {
                skip(verdict.status, verdict.why);
            }
            return verdict.run;
        }
    }

    // Of a command-line tool; the tool itself and what pins the target are not among them.
    std::vector<std::string> words() const {
        const auto& known = step_.action->params;
        const bool is_argv = std::any_of(known.begin(), known.end(), [&](const ParamSpec& one) {
            return one.name == step_.action->body && one.kind == ParamKind::argv;
        });
        return is_argv && params_.has(step_.action->body) ? params_.list(step_.action->body)
                                                          : std::vector<std::string>();
    }

    // Held to the rules for a runbook's own words. Not empty: why nothing was taken over.
    std::string take_over(const std::vector<std::string>& words) {
        Params edited = params_;
        Param value;
        value.list = words;
        edited.set(step_.action->body, std::move(value));
        if (const auto sound = step_.action->check(edited); !sound) {
            return in_one_line(sound.error());
        }
        auto request = step_.action->plan(edited, context());
        if (!request) {
            return in_one_line(request.error());
        }
        params_ = std::move(edited);
        result_.request = *std::move(request);
        const Risk known = std::max(step_.risk, step_.action->risk(params_));
        risk_ = known == Risk::disruptive || known == Risk::irreversible ? Risk::irreversible : Risk::disruptive;
        return {};
    }

    void start() {
        RunContext run_context;
        run_context.step = step_.id;
        run_context.timeout = step_.timeout.value_or(changes() ? change_timeout : read_timeout);
        run_context.keep = memory_for(*result_.request);
        if (const auto folder = instruments_.log.folder(); !folder.empty()) {
            run_context.spill_dir = folder / "outputs";
        }
        started_ = true;
        instruments_.log.emit(StepStarted{step_.id, step_.title, std::string(step_.action->name), risk_,
                                          *result_.request, run_context.timeout},
                              changes());
        if (changes() && !instruments_.log.problems().empty()) {
            result_.outcome.ending = NotStarted{"the record cannot be written"};
            result_.status = StepStatus::blocked;
            result_.why = "not started: a change without a record would be lost";
            finish();
            return;
        }
        // A change is on record before it begins. A read is written down while its program runs.
        if (std::holds_alternative<Command>(*result_.request)) {
            run_context.launched = [this] { settle(); };
        } else {
            instruments_.log.settle();
        }
        const Patience patience(changes() ? gate_ : nullptr, run_context.timeout);
        std::size_t attempts = 0;
        Milliseconds spent{0};
        do {
            result_.outcome = instruments_.runner.run(*result_.request, run_context, instruments_.stop);
            judge({step_, params_, context(), inputs_.waits_for, changes(), instruments_.programs}, result_);
            if (unsettled_) {
                std::rethrow_exception(unsettled_);
            }
            ++attempts;
            spent += result_.outcome.elapsed;
        } while (wants_retry() && wait_within(step_.retry->for_, spent) && plan_anew());
        if (attempts > 1) {
            std::string& said = result_.why.empty() ? result_.note : result_.why;
            said += fmt::format("{}{} attempts", said.empty() ? "" : ", ", attempts);
        }
        finish();
    }

    // Called by the runner, which must not be left by an exception while the program runs.
    void settle() noexcept {
        try {
            instruments_.log.settle();
        } catch (...) {
            unsettled_ = std::current_exception();
        }
    }

    bool wants_retry() const {
        return step_.retry && (result_.status == StepStatus::failed || result_.status == StepStatus::no_data);
    }

    // Time is counted, not read from a clock, so that a replay takes none. False: there is no further attempt.
    bool wait_within(Milliseconds limit, Milliseconds& spent) {
        const Milliseconds every = step_.retry->every;
        spent += every;
        if (spent > limit) {
            return false;
        }
        RunContext waiting;
        waiting.step = step_.id;
        waiting.timeout = every + read_timeout;
        const Ending end = instruments_.runner.run(Wait{every}, waiting, instruments_.stop).ending;
        if (instruments_.stop.requested() || std::holds_alternative<Interrupted>(end)) {
            result_.status = StepStatus::interrupted;
            result_.why = "interrupted between two attempts: " + result_.why;
            return false;
        }
        return !std::holds_alternative<NotStarted>(end);
    }

    // A further attempt at a read asks about its own moment, not about the one that was diagnosed.
    bool plan_anew() {
        if (changes() || session_.past) {
            return true;
        }
        const Outcome& last = result_.outcome;
        now_ = std::max(now_, last.started + last.elapsed + step_.retry->every);
        if (auto request = step_.action->plan(params_, context())) {
            result_.request = *std::move(request);
        }
        return true;
    }

    void finish() {
        Outcome& outcome = result_.outcome;
        for (Output* output : {&outcome.out, &outcome.err}) {
            if (!output->file.empty()) {
                output->file =
                    (std::filesystem::path("outputs") / std::filesystem::path(output->file).filename()).string();
            }
        }
        instruments_.log.emit(
            StepFinished{step_.id, result_.status, outcome, result_.why.empty() ? result_.note : result_.why,
                         result_.warnings, result_.captures},
            changes());
    }

    ActionContext context() const {
        return {session_.target, session_.host_containers, vars_, session_.tools, now_, session_.past};
    }

    const Step& step_;
    const Inputs& inputs_;
    const Session& session_;
    const Instruments& instruments_;
    StepGate* gate_;
    Timestamp now_ = session_.now;
    Risk risk_ = Risk::read;
    Params params_;
    Variables vars_;
    bool started_ = false;
    std::exception_ptr unsettled_;
    StepResult result_;
};

}  // namespace

StepResult run_step(const Step& step, const Inputs& inputs, const Session& session, const Instruments& instruments,
                    StepGate* gate) {
    return StepRun(step, inputs, session, instruments, gate).run();
}

StepResult block_step(const Step& step, StepStatus status, std::string why, const Instruments& instruments) {
    StepResult result;
    result.step = &step;
    result.status = status;
    result.why = std::move(why);
    instruments.log.emit(StepSkipped{step.id, step.title, status, result.why});
    return result;
}

}  // namespace memrb::engine
