#pragma once

#include "base/jq.h"
#include "memrb/outcome.h"
#include "memrb/runbook.h"

#include <future>
#include <string>
#include <string_view>

namespace memrb::engine {

/// What a condition says. Unknown is its own answer: a fact that is not known makes nothing true or false.
enum class Truth { no, yes, unknown };

/// A runbook's jq programs, compiled in the background from construction on; the first evaluation waits for them.
class Programs {
public:
    explicit Programs(std::vector<std::string> programs);

    /// JSON text; null in, or an error of the program, is an error here.
    [[nodiscard]] Result<std::string> evaluate(const Expression& expression, std::string_view input) const;
    /// As jq's `if`: false is no, null and errors are unknown, all else is yes.
    [[nodiscard]] Truth test(const Expression& expression, std::string_view input) const;

private:
    using Compiled = tl::expected<base::JqSet, base::JqError>;
    std::shared_future<std::shared_ptr<Compiled>> compiled_;
};

/// What `capture` and `expect` see of a step: a command's standard output if it is a JSON object or array; else
/// `{stdout, stderr, exit, signal}`; for HTTP `{status, stdout, json}`.
std::string step_output_json(const Outcome& outcome);

}  // namespace memrb::engine
