#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace memrb {

/// Why something could not be done. The command line maps each kind to one exit code (`memrb help exit-codes`).
enum class Fault {
    failed,         ///< it was tried and did not work
    usage,          ///< the caller's words or a runbook are wrong
    no_data,        ///< nothing could be learnt; never to be read as "healthy"
    answer_needed,  ///< a person's answer is needed and cannot be had here
    stale,          ///< the target moved, or a record is locked by another memrb
    missing_tool,   ///< a program that the work needs is not installed
    interrupted,    ///< a person pressed Ctrl-C, or a signal ended the work
};

/// A failure as it is shown to a person: one line of what went wrong, and one line of what would help (may be empty).
struct Error {
    Fault fault = Fault::failed;
    std::string message;
    std::string hint;
};

template <class T>
using Result = tl::expected<T, Error>;

/// The failing half of a Result: `return fail(Fault::usage, "unknown platform", "use docker or prometheus");`
inline tl::unexpected<Error> fail(Fault fault, std::string message, std::string hint = {}) {
    return tl::unexpected<Error>(Error{fault, std::move(message), std::move(hint)});
}

}  // namespace memrb
