#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::base {

std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::vector<std::string_view> lines(std::string_view text);
/// The first line that is not blank, as printable(); empty if there is none.
std::string first_line(std::string_view untrusted);
std::string join(std::span<const std::string> parts, std::string_view separator);
/// An empty `from` is found nowhere.
std::string replace_all(std::string text, std::string_view from, std::string_view to);

/// The known word nearest to `word` by edit distance (a swap of neighbours counts one), if it is near enough to be
/// meant.
std::optional<std::string> closest(std::string_view word, std::span<const std::string> known);

/// `: did you mean \`docker\`?` or nothing: appended to a message.
std::string did_you_mean(std::string_view word, std::span<const std::string> known);

/// Makes untrusted text safe for a terminal: control characters, escape sequences, direction overrides and invisible
/// characters become visible (`\x1b`, `\u202e`), invalid UTF-8 becomes `\xNN`. Newlines and tabs are kept if
/// `keep_lines`, else they become `\n` and a space.
std::string printable(std::string_view untrusted, bool keep_lines = false);

/// Strictly: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view bytes);

/// `bytes` with U+FFFD for each byte that is not part of valid UTF-8: what a JSON string can hold.
std::string to_utf8(std::string_view bytes);

/// Terminal columns of UTF-8 text (wide and combining characters counted as such).
std::size_t columns(std::string_view utf8);

/// Cut to at most `width` columns, the last one `…` (or `~` if `ascii`) where something was cut.
std::string fit(std::string_view utf8, std::size_t width, bool ascii = false);

}  // namespace memrb::base
