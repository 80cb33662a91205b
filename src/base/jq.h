#pragma once

#include "memrb/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::base {

struct JqError {
    std::size_t program = 0;  ///< which of the programs does not compile
    std::string message;
};

/// A JSON text, parsed once for many evaluations. To be used by one thread at a time.
class JqInput {
public:
    /// Errors: the text is no JSON, or nested deeper than jq reads.
    static Result<JqInput> parse(std::string_view text);

    JqInput(JqInput&&) noexcept;
    JqInput& operator=(JqInput&&) noexcept;
    JqInput(const JqInput&) = delete;
    JqInput& operator=(const JqInput&) = delete;
    ~JqInput();

private:
    friend class JqSet;
    struct Value;
    explicit JqInput(std::unique_ptr<Value> value);
    std::unique_ptr<Value> value_;
};

/// What `<`, `<=`, `>` and `>=` make of null.
enum class NullOrder {
    first,    ///< as in jq: less than all else
    unknown,  ///< an error
};

/// A set of jq programs. Compiling costs 15-20 ms however many programs there are (libjq 1.6 parses its own library
/// each time), so all of a runbook's are compiled as one; evaluating costs microseconds. Thread-safe: evaluations take
/// turns. Programs see their input and the clock (`now`), nothing else: no environment, no files, no terminal.
class JqSet {
public:
    static tl::expected<JqSet, JqError> compile(std::vector<std::string> programs);

    JqSet(JqSet&&) noexcept;
    JqSet& operator=(JqSet&&) noexcept;
    JqSet(const JqSet&) = delete;
    JqSet& operator=(const JqSet&) = delete;
    ~JqSet();

    /// The first value that program `index` yields for the JSON text `input`, as JSON text; `null` if it yields
    /// nothing. Errors: the input is no JSON, or the program's own error.
    [[nodiscard]] Result<std::string> evaluate(std::size_t index, std::string_view input,
                                               NullOrder nulls = NullOrder::first) const;
    [[nodiscard]] Result<std::string> evaluate(std::size_t index, const JqInput& input,
                                               NullOrder nulls = NullOrder::first) const;

private:
    struct State;
    explicit JqSet(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace memrb::base
