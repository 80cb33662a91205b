#pragma once

#include "base/jq.h"
#include "memrb/outcome.h"
#include "memrb/runbook.h"

#include <future>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::engine {

/// What a condition says. Unknown is its own answer: a fact that is not known makes nothing true or false.
enum class Truth { no, yes, unknown };

/// A runbook's jq programs. They are compiled once, in the background from begin() on, else by the first evaluation,
/// which waits for them. Thread-safe.
class Programs {
public:
    explicit Programs(std::vector<std::string> programs) : programs_(std::move(programs)) {}

    void begin() const;

    /// The program's first value as JSON text, `null` if it has none. Errors: the program's own, and an input that is
    /// no JSON.
    [[nodiscard]] Result<std::string> evaluate(const Expression& expression, std::string_view input) const;
    /// As jq's `if`: false is no, null and errors are unknown, all else is yes. One thing differs from jq: `<`, `<=`,
    /// `>` and `>=` with null are errors, since null stands for what is not known, and that is not a small number.
    [[nodiscard]] Truth test(const Expression& expression, std::string_view input) const;
    [[nodiscard]] Truth test(const Expression& expression, const base::JqInput& input) const;

    /// Whether testing it waits until the programs are compiled. Most conditions of steps only compare facts with
    /// literals and need no jq.
    [[nodiscard]] static bool needs_compiling(const Expression& expression);

private:
    /// Waits for it; null if a program does not compile.
    [[nodiscard]] const base::JqSet* compiled() const;

    using Compiled = tl::expected<base::JqSet, base::JqError>;
    const std::vector<std::string> programs_;
    mutable std::once_flag begun_;
    mutable std::shared_future<std::shared_ptr<Compiled>> compiled_;
};

/// What `capture` and `expect` see of a step: a command's standard output if it is a JSON object or array; else
/// `{stdout, stderr, exit, signal}`; for HTTP `{status, stdout, json}`, `json` being null if the answer is none. What
/// is truncated or nested deeper than 200 levels is text. Final line ends of text are left out, as in the shell.
std::string step_output_json(const Outcome& outcome);

}  // namespace memrb::engine
