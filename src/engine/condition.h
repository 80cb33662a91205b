#pragma once

#include "base/jq.h"
#include "engine/plain_condition.h"
#include "memrb/outcome.h"
#include "memrb/runbook.h"

#include <nlohmann/json.hpp>

#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::engine {

/// What a condition says. Unknown is its own answer: a fact that is not known makes nothing true or false.
enum class Truth { no, yes, unknown };

/// What conditions are tested against, read once: JSON text. What is no JSON makes all of them unknown. Not for several
/// threads at once.
class ConditionInput {
public:
    explicit ConditionInput(std::string text);
    [[nodiscard]] const std::optional<nlohmann::json>& json() const { return json_; }
    /// Read when it is first asked for; null if jq cannot.
    [[nodiscard]] const base::JqInput* for_jq() const;

private:
    std::string text_;
    std::optional<nlohmann::json> json_;
    mutable std::optional<Result<base::JqInput>> for_jq_;
};

/// A runbook's jq programs. They are compiled once, in the background from begin() on, else by the first evaluation,
/// which waits for them. Thread-safe.
class Programs {
public:
    explicit Programs(std::vector<std::string> programs);

    void begin() const;

    /// The program's first value as JSON text, `null` if it has none. Errors: the program's own, and an input that is
    /// no JSON.
    [[nodiscard]] Result<std::string> evaluate(const Expression& expression, std::string_view input) const;
    /// As jq's `if`: false is no, null and errors are unknown, all else is yes. One thing differs from jq: `<`, `<=`,
    /// `>` and `>=` with null are errors, since null stands for what is not known, and that is not a small number.
    [[nodiscard]] Truth test(const Expression& expression, std::string_view input) const;
    [[nodiscard]] Truth test(const Expression& expression, const ConditionInput& input) const;

    /// Whether testing it waits until the programs are compiled: plain conditions need no jq.
    [[nodiscard]] bool needs_compiling(const Expression& expression) const { return plain(expression) == nullptr; }

private:
    /// Waits for it; null if a program does not compile.
    [[nodiscard]] const base::JqSet* compiled() const;

    using Compiled = tl::expected<base::JqSet, base::JqError>;
    [[nodiscard]] const PlainCondition* plain(const Expression& expression) const;

    const std::vector<std::string> programs_;
    std::vector<std::optional<PlainCondition>> plain_;  ///< by the program's index
    mutable std::once_flag begun_;
    mutable std::shared_future<std::shared_ptr<Compiled>> compiled_;
};

/// What `capture` and `expect` see of a step: a command's standard output if it is a JSON object or array; else
/// `{stdout, stderr, exit, signal}`; for HTTP `{status, stdout, json}`, `json` being null if the answer is none. What
/// is truncated or nested deeper than 200 levels is text. Final line ends of text are left out, as in the shell.
std::string step_output_json(const Outcome& outcome);

}  // namespace memrb::engine
