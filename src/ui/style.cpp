#include "ui/style.h"

#include "base/text.h"
#include "ui/utf8.h"

#include <fmt/core.h>
#include <array>
#include <cstdint>

namespace memrb::ui {

namespace {

struct Shape {
    Glyph glyph;
    std::string_view utf8;
    std::string_view ascii;
};

constexpr std::array<Shape, 10> shapes{{{Glyph::good, "✓", "+"},
                                        {Glyph::caution, "!", "!"},
                                        {Glyph::bad, "✗", "x"},
                                        {Glyph::busy, "…", "~"},
                                        {Glyph::unknown, "?", "?"},
                                        {Glyph::dot, "·", "-"},
                                        {Glyph::arrow, "→", "->"},
                                        {Glyph::ellipsis, "…", "..."},
                                        {Glyph::pointer, "▸", ">"},
                                        {Glyph::bullet, "•", "*"}}};

struct Spelling {
    char32_t code;
    std::string_view ascii;
};

// Typography of runbooks that has a plain spelling; everything else is shown as its code point.
constexpr std::array<Spelling, 12> spellings{{{U'–', "-"},
                                              {U'—', "-"},
                                              {U'‘', "'"},
                                              {U'’', "'"},
                                              {U'“', "\""},
                                              {U'”', "\""},
                                              {U'…', "..."},
                                              {U'→', "->"},
                                              {U'×', "x"},
                                              {U'≤', "<="},
                                              {U'≥', ">="},
                                              {U'·', "-"}}};

std::string in_ascii(char32_t code) {
    for (const auto& spelling : spellings) {
        if (spelling.code == code) {
            return std::string(spelling.ascii);
        }
    }
    return code > 0xFFFF ? fmt::format("\\U{:08x}", static_cast<std::uint32_t>(code))
                         : fmt::format("\\u{:04x}", static_cast<std::uint32_t>(code));
}

std::string to_ascii(std::string_view utf8) {
    std::string text;
    for (const char32_t code : decode_utf8(utf8)) {
        text += code < 0x80 ? std::string(1, static_cast<char>(code)) : in_ascii(code);
    }
    return text;
}

std::string for_terminal(const Style& style, std::string_view untrusted, bool keep_lines) {
    std::string text = base::printable(untrusted, keep_lines);
    return style.utf8 ? text : to_ascii(text);
}

constexpr std::string_view sgr_of(Paint paint) {
    switch (paint) {
        case Paint::good: return "\x1b[32m";
        case Paint::caution: return "\x1b[33m";
        case Paint::bad: return "\x1b[1;31m";
        case Paint::strong: return "\x1b[1m";
        case Paint::faint: return "\x1b[2m";
        case Paint::none: break;
    }
    return "";
}

}  // namespace

std::string paint(const Style& style, Paint paint, std::string_view text) {
    if (!style.colour || paint == Paint::none || text.empty()) {
        return std::string(text);
    }
    return fmt::format("{}{}\x1b[0m", sgr_of(paint), text);
}

std::string_view glyph(const Style& style, Glyph glyph) {
    for (const auto& shape : shapes) {
        if (shape.glyph == glyph) {
            return style.utf8 && !style.plain ? shape.utf8 : shape.ascii;
        }
    }
    return "?";
}

std::string safe(const Style& style, std::string_view untrusted) {
    return for_terminal(style, untrusted, false);
}

std::string safe_lines(const Style& style, std::string_view untrusted) {
    return for_terminal(style, untrusted, true);
}

Paint paint_of(Level level) {
    switch (level) {
        case Level::ok: return Paint::good;
        case Level::watch:
        case Level::warning: return Paint::caution;
        case Level::high:
        case Level::critical:
        case Level::oom: return Paint::bad;
        case Level::unknown: break;
    }
    return Paint::strong;
}

}  // namespace memrb::ui
