#pragma once

#include "memrb/result.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::base {

struct WordError {
    std::string message;
    std::size_t offset = 0;  ///< byte in the text where it went wrong
};

/// Splits by the POSIX shell's quoting rules ('…', "…", \), with no expansion of any kind: `$`, `*`, `~` and braces are
/// plain characters. An unquoted `|`, `;`, `&`, `<`, `>`, `$(`, backquote, newline, or a `#` that begins a word is an
/// error: no shell runs here, so it would not do what it seems to. So is a NUL byte anywhere.
tl::expected<std::vector<std::string>, WordError> split_words(std::string_view text);

/// The argv as one line that a POSIX shell reads back as the same words.
std::string quote_words(std::span<const std::string> argv);
std::string quote_word(std::string_view word);

}  // namespace memrb::base
