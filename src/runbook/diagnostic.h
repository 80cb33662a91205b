#pragma once

#include "memrb/runbook.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::runbook {

enum class Severity { error, warning };

/// One thing that is wrong with a file, and where.
struct Diagnostic {
    std::string origin;  ///< the file as the user named it
    Mark mark;           ///< columns count characters; line 0: the file as a whole
    Severity severity = Severity::error;
    std::string message;
    std::string hint;        ///< what was expected or what would help; may be empty
    std::size_t length = 1;  ///< characters to underline from `mark` on

    bool operator==(const Diagnostic& other) const;
};

/// `FILE:LINE:COLUMN: error: MESSAGE`, the source line, a caret line and the hint, each ended by a newline. `source` is
/// the file's bytes as they were read. Nothing in it reaches the terminal unescaped.
std::string render(const Diagnostic& diagnostic, std::string_view source, bool colour);

/// All of them, one after the other.
std::string render(const std::vector<Diagnostic>& diagnostics, std::string_view source, bool colour);

}  // namespace memrb::runbook
