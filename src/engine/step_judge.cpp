#include "engine/step_judge.h"

#include "base/describe.h"
#include "base/text.h"
#include "wire/document.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::engine {

namespace {

bool is_no_data(const Reading& reading) {
    return std::holds_alternative<NoData>(reading);
}

// The expectation is about how it ended, so that `exit 1` or `HTTP 404` may be just what is expected. One that looks at
// the output alone does not: an engine that is down prints nothing, too.
bool judges_ending(const Expression& expect, const Ending& ending) {
    const auto looks_at = [&](std::string_view field) { return expect.text.find(field) != std::string::npos; };
    return std::holds_alternative<Exited>(ending) ? looks_at(".exit")
                                                  : std::holds_alternative<HttpStatus>(ending) && looks_at(".status");
}

// A capture becomes a fact and a word of a command: a large one would make each condition slow and no command possible.
constexpr wire::DocumentLimits capture_limits{
    .bytes = 64 * 1024, .depth = 200, .members = 2'000, .all_members = 10'000};

class Judgement {
public:
    Judgement(const EndedStep& ended, StepResult& result) : ended_(ended), result_(result) {}

    void run() {
        result_.readings.clear();
        result_.captures.clear();
        result_.warnings.clear();
        result_.note.clear();
        result_.why.clear();
        const Ending& ending = result_.outcome.ending;
        if (std::holds_alternative<Previewed>(ending)) {
            result_.status = ended_.waits_for.empty() ? StepStatus::previewed : StepStatus::depends;
            if (!ended_.waits_for.empty()) {
                result_.why = "depends on " + base::join(ended_.waits_for, ", ");
            }
            return;
        }
        if (std::holds_alternative<Interrupted>(ending)) {
            result_.status = ended_.changes ? StepStatus::unknown : StepStatus::interrupted;
            result_.why = ended_.changes ? "broken off: it may have taken effect or not" : "interrupted";
            return;
        }
        if (ended_.changes && (std::holds_alternative<TimedOut>(ending) || std::holds_alternative<Unknown>(ending))) {
            result_.status = StepStatus::unknown;
            result_.why = base::describe(ending) + ": it may have taken effect or not";
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

private:
    void interpret() {
        Interpretation read = ended_.step.action->interpret(ended_.params, ended_.context, result_.outcome);
        result_.readings = std::move(read.readings);
        result_.warnings = std::move(read.warnings);
        result_.note = std::move(read.note);
        const bool ok = result_.outcome.ok();
        const auto& readings = result_.readings;
        if (!read.skipped.empty()) {
            result_.status = StepStatus::skipped;
            result_.why = std::move(read.skipped);
        } else if (std::any_of(readings.begin(), readings.end(), [](const auto& one) { return !is_no_data(one); }) ||
                   (readings.empty() && ok)) {
            result_.status = StepStatus::ok;
        } else {
            result_.status = ok ? StepStatus::no_data : StepStatus::failed;
            result_.why = readings.empty() ? ending_in_words() : std::get<NoData>(readings.front()).why;
        }
        if (result_.status == StepStatus::failed && ended_.changes && read.unclear) {
            result_.status = StepStatus::unknown;
            result_.why += ": it may have taken effect or not";
        }
        if (result_.status == StepStatus::failed && ended_.step.expect &&
            judges_ending(*ended_.step.expect, result_.outcome.ending)) {
            result_.status = StepStatus::ok;
        }
    }

    std::string ending_in_words() const {
        const std::string said = base::first_line(result_.outcome.err.text());
        return base::describe(result_.outcome.ending) + (said.empty() ? "" : ": " + said);
    }

    // An earlier `why` is that of a bad exit code or status, which the expectation overrules.
    void check_expectation() {
        if (!ended_.step.expect) {
            return;
        }
        const Truth truth = ended_.programs.test(*ended_.step.expect, step_output_json(result_.outcome));
        if (truth == Truth::yes) {
            if (!result_.why.empty()) {
                result_.readings.clear();
                result_.why.clear();
            }
            return;
        }
        result_.status = StepStatus::failed;
        result_.why =
            fmt::format("{}: {}{}", truth == Truth::no ? "not as expected" : "cannot be compared with what is expected",
                        ended_.step.expect->text, result_.why.empty() ? "" : " (" + result_.why + ")");
    }

    void capture() {
        if (ended_.step.captures.empty()) {
            return;
        }
        const std::string output = step_output_json(result_.outcome);
        for (const auto& [name, expression] : ended_.step.captures) {
            const auto value = captured(expression, output);
            if (value) {
                result_.captures.emplace_back(name, *value);
            } else {
                result_.warnings.push_back(
                    fmt::format("nothing to capture as `{}`: {}", name, base::printable(value.error().message)));
            }
        }
    }

    Result<std::string> captured(const Expression& expression, const std::string& output) const {
        auto value = ended_.programs.evaluate(expression, output);
        if (value && *value == "null") {
            return fail(Fault::no_data, "the output does not hold it");
        }
        if (!value) {
            return value;
        }
        if (auto fits = wire::within_limits(*value, capture_limits); !fits) {
            return fail(Fault::failed, "the value " + fits.error().message);
        }
        return value;
    }

    const EndedStep& ended_;
    StepResult& result_;
};

}  // namespace

void judge(const EndedStep& ended, StepResult& result) {
    Judgement(ended, result).run();
}

}  // namespace memrb::engine
