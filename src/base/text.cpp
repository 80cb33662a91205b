#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <cstdint>

namespace memrb::base {

namespace {

struct Decoded {
    char32_t code = 0;
    std::size_t length = 0;  // 0: not valid UTF-8
};

// Strict: no overlong forms, no surrogates, nothing above U+10FFFF.
Decoded decode(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) {
        return {first, 1};
    }
    std::size_t length = 0;
    char32_t code = 0;
    char32_t least = 0;
    if ((first & 0xE0U) == 0xC0) {
        length = 2, code = first & 0x1FU, least = 0x80;
    } else if ((first & 0xF0U) == 0xE0) {
        length = 3, code = first & 0x0FU, least = 0x800;
    } else if ((first & 0xF8U) == 0xF0) {
        length = 4, code = first & 0x07U, least = 0x10000;
    } else {
        return {};
    }
    if (text.size() < length) {
        return {};
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) {
            return {};
        }
        code = (code << 6U) | (byte(i) & 0x3FU);
    }
    if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        return {};
    }
    return {code, length};
}

bool reorders_text(char32_t code) {
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0x200E ||
           code == 0x200F || code == 0x061C;
}

struct Range {
    char32_t first, last;
};

// Zero-width and double-width blocks that occur in names and logs; a table, so that the result does not hang on the
// locale. Sorted by what they are, not exhaustive: rare scripts count as one column each.
constexpr std::array<Range, 14> zero_width{{{0x0300, 0x036F},
                                            {0x0483, 0x0489},
                                            {0x0591, 0x05BD},
                                            {0x064B, 0x065F},
                                            {0x093C, 0x093C},
                                            {0x0E34, 0x0E3A},
                                            {0x0E47, 0x0E4E},
                                            {0x1AB0, 0x1AFF},
                                            {0x1DC0, 0x1DFF},
                                            {0x200B, 0x200D},
                                            {0x20D0, 0x20FF},
                                            {0xFE00, 0xFE0F},
                                            {0xFE20, 0xFE2F},
                                            {0xE0100, 0xE01EF}}};
constexpr std::array<Range, 38> double_width{
    {{0x1100, 0x115F},   {0x231A, 0x231B},  {0x23E9, 0x23EC}, {0x23F0, 0x23F0}, {0x23F3, 0x23F3}, {0x25FD, 0x25FE},
     {0x2614, 0x2615},   {0x2648, 0x2653},  {0x267F, 0x267F}, {0x2693, 0x2693}, {0x26A1, 0x26A1}, {0x26AA, 0x26AB},
     {0x26BD, 0x26BE},   {0x26C4, 0x26C5},  {0x26CE, 0x26CE}, {0x26D4, 0x26D4}, {0x26EA, 0x26EA}, {0x26F2, 0x26F5},
     {0x26FA, 0x26FD},   {0x2705, 0x2705},  {0x270A, 0x270B}, {0x2728, 0x2728}, {0x274C, 0x274E}, {0x2753, 0x2757},
     {0x2795, 0x2797},   {0x27B0, 0x27BF},  {0x2B1B, 0x2B1C}, {0x2B50, 0x2B55}, {0x2E80, 0x303E}, {0x3041, 0xA4CF},
     {0xA960, 0xA97C},   {0xAC00, 0xD7A3},  {0xF900, 0xFAFF}, {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6},
     {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}}};

// Draw nothing, and so can make two different names look alike. Joiners (U+200C, U+200D) are part of ordinary writing.
constexpr std::array<Range, 8> invisible{{{0x00AD, 0x00AD},
                                          {0x115F, 0x1160},
                                          {0x180E, 0x180E},
                                          {0x200B, 0x200B},
                                          {0x2060, 0x2065},
                                          {0x206A, 0x206F},
                                          {0xFFF9, 0xFFFB},
                                          {0xE0000, 0xE007F}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t code) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const Range& range) { return code >= range.first && code <= range.last; });
}

bool is_control(char32_t code) {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 || code == 0xFEFF;
}

std::size_t width_of(char32_t code) {
    if (code < 0x300) {
        return 1;
    }
    if (within(zero_width, code)) {
        return 0;
    }
    return within(double_width, code) ? 2 : 1;
}

// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours cost one each.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        cost[i][0] = i;
    }
    for (std::size_t j = 0; j <= b.size(); ++j) {
        cost[0][j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        }
    }
    return cost[a.size()][b.size()];
}

// Looks at all of them: compilers make such a loop wide, one that may end early they do not.
bool is_ascii(std::string_view bytes) {
    unsigned seen = 0;
    for (const char c : bytes) {
        seen |= static_cast<unsigned char>(c);
    }
    return seen < 0x80;
}

}  // namespace

std::string_view trim(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n\f\v";
    const std::size_t first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    std::size_t from = 0;
    while (true) {
        const std::size_t at = text.find(separator, from);
        parts.push_back(text.substr(from, at == std::string_view::npos ? at : at - from));
        if (at == std::string_view::npos) {
            return parts;
        }
        from = at + 1;
    }
}

std::vector<std::string_view> lines(std::string_view text) {
    if (text.empty()) {
        return {};
    }
    if (text.back() == '\n') {
        text.remove_suffix(1);
    }
    auto parts = split(text, '\n');
    for (auto& part : parts) {
        if (!part.empty() && part.back() == '\r') {
            part.remove_suffix(1);
        }
    }
    return parts;
}

std::string first_line(std::string_view untrusted) {
    for (const auto line : lines(untrusted)) {
        if (const auto trimmed = trim(line); !trimmed.empty()) {
            return printable(trimmed);
        }
    }
    return {};
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
    std::string joined;
    for (const auto& part : parts) {
        joined.append(&part == parts.data() ? "" : separator).append(part);
    }
    return joined;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
    if (from.empty()) {
        return text;
    }
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

std::optional<std::string> closest(std::string_view word, std::span<const std::string> known) {
    constexpr std::size_t longest = 64;  // the table is quadratic, and nobody mistypes a longer name
    if (word.empty() || word.size() > longest) {
        return std::nullopt;
    }
    const std::size_t near_enough = word.size() <= 3 ? 1 : word.size() <= 6 ? 2 : 3;
    const std::string* best = nullptr;
    std::size_t best_distance = near_enough + 1;
    for (const auto& candidate : known) {
        if (candidate.size() > longest) {
            continue;
        }
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best_distance && distance < candidate.size()) {
            best = &candidate;
            best_distance = distance;
        }
    }
    if (best == nullptr) {
        return std::nullopt;
    }
    return *best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> known) {
    const auto near = closest(word, known);
    return near ? fmt::format(": did you mean `{}`?", *near) : std::string{};
}

std::string printable(std::string_view untrusted, bool keep_lines) {
    std::string safe;
    safe.reserve(untrusted.size());
    while (!untrusted.empty()) {
        const Decoded next = decode(untrusted);
        if (next.length == 0) {
            safe += fmt::format("\\x{:02x}", static_cast<unsigned char>(untrusted.front()));
            untrusted.remove_prefix(1);
            continue;
        }
        if (keep_lines && (next.code == '\n' || next.code == '\t')) {
            safe += static_cast<char>(next.code);
        } else if (next.code == '\n') {
            safe += "\\n";
        } else if (next.code == '\t') {
            safe += ' ';
        } else if (next.code >= 0x20 && next.code < 0x7F) {
            safe += static_cast<char>(next.code);
        } else if (next.code < 0x100 && is_control(next.code)) {
            safe += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(next.code));
        } else if (is_control(next.code) || reorders_text(next.code) || within(invisible, next.code)) {
            safe += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(next.code));
        } else {
            safe += untrusted.substr(0, next.length);
        }
        untrusted.remove_prefix(next.length);
    }
    return safe;
}

bool is_utf8(std::string_view bytes) {
    if (is_ascii(bytes)) {
        return true;
    }
    while (!bytes.empty()) {
        const Decoded next = decode(bytes);
        if (next.length == 0) {
            return false;
        }
        bytes.remove_prefix(next.length);
    }
    return true;
}

std::string to_utf8(std::string_view bytes) {
    if (is_ascii(bytes)) {
        return std::string(bytes);
    }
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const Decoded next = decode(bytes);
        text += next.length == 0 ? std::string_view("\xEF\xBF\xBD") : bytes.substr(0, next.length);
        bytes.remove_prefix(next.length == 0 ? 1 : next.length);
    }
    return text;
}

std::size_t columns(std::string_view utf8) {
    std::size_t width = 0;
    while (!utf8.empty()) {
        const Decoded next = decode(utf8);
        width += next.length == 0 ? 1 : width_of(next.code);
        utf8.remove_prefix(std::max<std::size_t>(next.length, 1));
    }
    return width;
}

std::string fit(std::string_view utf8, std::size_t width, bool ascii) {
    if (columns(utf8) <= width) {
        return std::string(utf8);
    }
    if (width == 0) {
        return {};
    }
    std::string cut;
    std::size_t used = 0;
    while (!utf8.empty()) {
        const Decoded next = decode(utf8);
        const std::size_t length = std::max<std::size_t>(next.length, 1);
        const std::size_t wide = next.length == 0 ? 1 : width_of(next.code);
        if (used + wide > width - 1) {
            break;
        }
        cut += utf8.substr(0, length);
        used += wide;
        utf8.remove_prefix(length);
    }
    return cut + (ascii ? "~" : "…");
}

}  // namespace memrb::base
