#include "engine/step_run.h"

#include "base/describe.h"
#include "base/text.h"
#include "engine/expand.h"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace memrb::engine {

namespace {

constexpr Milliseconds default_timeout{30'000};

// A command's output is shown; an answer is parsed whole.
Bytes memory_for(const Request& request) {
    constexpr Bytes for_commands = Bytes{1} << 20U;
    if (const auto* http = std::get_if<HttpRequest>(&request)) {
        return 2 * http->max_body;  // head and tail are half each: an answer must fit into the head
    }
    return std::holds_alternative<SampleMemory>(request) ? Bytes{16} << 20U : for_commands;
}

std::string first_line(const std::string& text) {
    for (const auto line : base::lines(text)) {
        if (const auto trimmed = base::trim(line); !trimmed.empty()) {
            return base::printable(trimmed);
        }
    }
    return {};
}

class StepRun {
public:
    StepRun(const Step& step, const Inputs& inputs, const Session& session, const Instruments& instruments)
        : step_(step), inputs_(inputs), session_(session), instruments_(instruments) {
        result_.step = &step;
    }

    StepResult run() {
        if (condition_allows() && plan()) {
            start();
        }
        return std::move(result_);
    }

private:
    void skip(StepStatus status, std::string why) {
        result_.status = status;
        result_.why = std::move(why);
        instruments_.log.emit(StepSkipped{step_.id, step_.title, status, result_.why});
    }

    bool condition_allows() {
        if (!step_.when) {
            return true;
        }
        const Truth truth = instruments_.programs.test(*step_.when, inputs_.facts);
        if (truth == Truth::yes || (truth == Truth::unknown && !inputs_.facts_complete)) {
            return true;
        }
        skip(StepStatus::skipped, truth == Truth::no ? fmt::format("only when {}", step_.when->text)
                                                     : fmt::format("cannot tell whether {}", step_.when->text));
        return false;
    }

    bool plan() {
        Variables vars = session_.vars;
        for (const auto& [name, value] : inputs_.captures) {
            vars.insert_or_assign(name, value);
        }
        auto params = expand_params(step_, vars);
        if (!params) {
            skip(StepStatus::blocked, params.error().message);
            return false;
        }
        params_ = std::move(*params);
        vars_ = std::move(vars);
        auto request = step_.action->plan(params_, context());
        if (!request) {
            const bool benign = request.error().fault == Fault::no_data;
            skip(benign ? StepStatus::skipped : StepStatus::failed, request.error().message);
            return false;
        }
        if (const auto* task = std::get_if<HumanTask>(&*request)) {
            skip(StepStatus::skipped, "for a person: " + first_line(task->instructions));
            return false;
        }
        result_.request = std::move(*request);
        return true;
    }

    void start() {
        const Milliseconds timeout = step_.timeout.value_or(default_timeout);
        instruments_.log.emit(
            StepStarted{step_.id, step_.title, std::string(step_.action->name), step_.risk, *result_.request, timeout});
        RunContext run_context;
        run_context.step = step_.id;
        run_context.timeout = timeout;
        run_context.keep = memory_for(*result_.request);
        if (const auto folder = instruments_.log.folder(); !folder.empty()) {
            run_context.spill_dir = folder / "outputs";
        }
        const auto attempts_end =
            std::chrono::steady_clock::now() + (step_.retry ? step_.retry->for_ : Milliseconds{0});
        while (true) {
            result_.outcome = instruments_.runner.run(*result_.request, run_context, instruments_.stop);
            judge();
            const bool again = step_.retry && result_.status == StepStatus::failed && !instruments_.stop.requested() &&
                               std::chrono::steady_clock::now() + step_.retry->every < attempts_end;
            if (!again) {
                break;
            }
            instruments_.runner.run(Wait{step_.retry->every}, run_context, instruments_.stop);
        }
        finish();
    }

    // From the outcome to readings, captures and a status.
    void judge() {
        result_.readings.clear();
        result_.captures.clear();
        result_.warnings.clear();
        result_.why.clear();
        const Ending& ending = result_.outcome.ending;
        if (std::holds_alternative<Previewed>(ending)) {
            result_.status = inputs_.facts_complete ? StepStatus::previewed : StepStatus::depends;
            return;
        }
        if (std::holds_alternative<Interrupted>(ending)) {
            result_.status = StepStatus::interrupted;
            result_.why = "interrupted";
            return;
        }
        interpret();
        if (result_.status == StepStatus::ok) {
            check_expectation();
        }
        if (result_.status == StepStatus::ok) {
            capture();
        }
    }

    void interpret() {
        Interpretation read = step_.action->interpret(params_, context(), result_.outcome);
        result_.readings = std::move(read.readings);
        result_.warnings = std::move(read.warnings);
        result_.note = std::move(read.note);
        if (!read.skipped.empty()) {
            result_.status = StepStatus::skipped;
            result_.why = std::move(read.skipped);
            return;
        }
        const auto missing = std::find_if(result_.readings.begin(), result_.readings.end(), [](const Reading& reading) {
            return std::holds_alternative<NoData>(reading);
        });
        const bool some = std::any_of(result_.readings.begin(), result_.readings.end(),
                                      [](const Reading& reading) { return !std::holds_alternative<NoData>(reading); });
        if (some || (result_.readings.empty() && result_.outcome.ok())) {
            result_.status = StepStatus::ok;
        } else if (missing != result_.readings.end()) {
            result_.status = result_.outcome.ok() ? StepStatus::no_data : StepStatus::failed;
            result_.why = std::get<NoData>(*missing).why;
        } else {
            result_.status = StepStatus::failed;
            result_.why = base::describe(result_.outcome.ending);
            if (const auto said = first_line(result_.outcome.err.text()); !said.empty()) {
                result_.why += ": " + said;
            }
        }
    }

    void check_expectation() {
        if (!step_.expect) {
            return;
        }
        const Truth truth = instruments_.programs.test(*step_.expect, step_output_json(result_.outcome));
        if (truth != Truth::yes) {
            result_.status = StepStatus::failed;
            result_.why = fmt::format(
                "{}: {}", truth == Truth::no ? "not as expected" : "cannot be compared with what is expected",
                step_.expect->text);
        }
    }

    void capture() {
        if (step_.captures.empty()) {
            return;
        }
        const std::string output = step_output_json(result_.outcome);
        for (const auto& [name, expression] : step_.captures) {
            auto value = instruments_.programs.evaluate(expression, output);
            if (value && *value != "null") {
                result_.captures.emplace_back(name, std::move(*value));
            } else {
                result_.warnings.push_back(fmt::format("nothing to capture as `{}`: {}", name,
                                                       value ? "the output does not hold it" : value.error().message));
            }
        }
    }

    void finish() {
        Outcome& outcome = result_.outcome;
        for (Output* output : {&outcome.out, &outcome.err}) {
            if (!output->file.empty()) {
                output->file =
                    (std::filesystem::path("outputs") / std::filesystem::path(output->file).filename()).string();
            }
        }
        instruments_.log.emit(StepFinished{step_.id, result_.status, outcome,
                                           result_.why.empty() ? result_.note : result_.why, result_.warnings,
                                           result_.captures});
    }

    ActionContext context() const {
        return {session_.target, session_.host_containers, vars_, session_.tools, session_.now, session_.past};
    }

    const Step& step_;
    const Inputs& inputs_;
    const Session& session_;
    const Instruments& instruments_;
    Params params_;
    Variables vars_;
    StepResult result_;
};

}  // namespace

StepResult run_step(const Step& step, const Inputs& inputs, const Session& session, const Instruments& instruments) {
    return StepRun(step, inputs, session, instruments).run();
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
