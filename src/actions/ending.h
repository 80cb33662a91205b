#pragma once

#include "memrb/action.h"
#include "memrb/outcome.h"

#include <optional>
#include <string>
#include <string_view>

namespace memrb::actions {

/// Why a request gave no answer, as a line for a person; nothing if it did. A command's own last words are told, and
/// what Docker says about its engine is said plainly. `what_answers` names the other side of an HTTP request.
std::optional<std::string> failure_of(const Outcome& outcome, std::string_view what_answers = "the server");

/// The interpretation of a step that learnt nothing.
Interpretation no_data(std::string what, std::string why);

/// For actions whose output is only shown and captured: nothing to read, or the failure.
Interpretation interpret_plain(std::string what, const Outcome& outcome, std::string_view what_answers = "the server");

/// The last line that says something, without the control characters of untrusted text; cut to a line's length.
std::string last_words(const Output& output);

/// True if the words are those of a refused permission (dmesg, a socket, a file).
bool speaks_of_permission(std::string_view words);

}  // namespace memrb::actions
