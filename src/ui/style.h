#pragma once

#include "memrb/assessment.h"

#include <string>
#include <string_view>

namespace memrb::ui {

/// What the output may use. Found out once by the command line (flags, environment, terminal) and passed down.
struct Style {
    bool colour = false;  ///< SGR sequences; never the only carrier of a meaning
    bool utf8 = false;    ///< otherwise ASCII shapes, and other characters as `\u00e9`
    int width = 80;       ///< columns; 0: lines are not wrapped
    bool plain = false;   ///< words for glyphs, `key: value` lines, nothing redrawn

    /// `key: value` lines: asked for, or less than 60 columns.
    [[nodiscard]] bool key_value() const { return plain || (width > 0 && width < 60); }
};

enum class Paint { none, good, caution, bad, strong, faint };
std::string paint(const Style& style, Paint paint, std::string_view text);

enum class Glyph { good, caution, bad, busy, unknown, dot, arrow, ellipsis, pointer, bullet };
/// One glyph, or its ASCII form.
std::string_view glyph(const Style& style, Glyph glyph);

/// Makes text from outside safe for this terminal, on one line: control sequences are visible, and without UTF-8 so is
/// every other character.
std::string safe(const Style& style, std::string_view untrusted);
/// The same, with newlines and tabs kept.
std::string safe_lines(const Style& style, std::string_view untrusted);

Paint paint_of(Level level);

}  // namespace memrb::ui
