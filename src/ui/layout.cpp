#include "ui/layout.h"

#include "base/text.h"

#include <algorithm>

namespace memrb::ui {

namespace {

constexpr char glue_char = '\x1f';        // cannot occur in safe text
constexpr std::size_t label_columns = 9;  // `Memory   `

std::string without_paint(std::string_view painted) {
    std::string text;
    text.reserve(painted.size());
    for (std::size_t i = 0; i < painted.size(); ++i) {
        if (painted[i] == '\x1b') {
            i = std::min(painted.find('m', i), painted.size());
        } else {
            text += painted[i];
        }
    }
    return text;
}

std::string unglued(std::string text) {
    std::replace(text.begin(), text.end(), glue_char, ' ');
    return text;
}

std::size_t room(std::size_t width, std::size_t taken) {
    constexpr std::size_t least = 20;  // however narrow the terminal, a line holds some words
    return width == 0 ? 0 : std::max(least, width - std::min(width, taken));
}

std::size_t width_of(const Style& style) {
    return static_cast<std::size_t>(std::max(style.width, 0));
}

}  // namespace

std::string glue(std::string_view text) {
    std::string glued(text);
    std::replace(glued.begin(), glued.end(), ' ', glue_char);
    return glued;
}

std::size_t columns(std::string_view painted) {
    return base::columns(without_paint(painted));
}

std::string pad(std::string_view painted, std::size_t width) {
    const std::size_t used = columns(painted);
    return std::string(painted) + std::string(width > used ? width - used : 0, ' ');
}

std::string pad_left(std::string_view painted, std::size_t width) {
    const std::size_t used = columns(painted);
    return std::string(width > used ? width - used : 0, ' ') + std::string(painted);
}

std::vector<std::string> wrap(std::string_view painted, std::size_t first, std::size_t rest) {
    std::vector<std::string> lines;
    std::string line;
    std::size_t used = 0;
    for (std::size_t i = 0; i < painted.size();) {
        const std::size_t word = std::min(painted.find_first_not_of(' ', i), painted.size());
        const std::size_t end = std::min(painted.find(' ', word), painted.size());
        const std::size_t blanks = word - i;
        const std::string_view text = painted.substr(word, end - word);
        const std::size_t needed = columns(text);
        const std::size_t width = lines.empty() ? first : rest;
        if (width != 0 && used != 0 && used + blanks + needed > width) {
            lines.push_back(unglued(std::move(line)));
            line = text;
            used = needed;
        } else {
            line += std::string(blanks, ' ');
            line += text;
            used += blanks + needed;
        }
        i = end;
    }
    while (!line.empty() && line.back() == ' ') {
        line.pop_back();
    }
    lines.push_back(unglued(std::move(line)));
    return lines;
}

std::string wrapped(std::string_view text, const Style& style, std::string_view first, std::string_view rest) {
    const std::size_t width = width_of(style);
    std::string all;
    std::string_view lead = first;
    for (const auto& line : wrap(text, room(width, columns(first)), room(width, columns(rest)))) {
        all += lead;
        all += line;
        while (!all.empty() && all.back() == ' ') {
            all.pop_back();
        }
        all += '\n';
        lead = rest;
    }
    return all;
}

std::string verbatim(std::string_view untrusted, const Style& style, std::string_view indent) {
    std::string all;
    for (const auto line : base::lines(untrusted)) {
        all += indent;
        all += safe_lines(style, line);
        all += '\n';
    }
    return all;
}

std::string lay_out(const std::vector<Fact>& facts, const Style& style) {
    std::string all;
    for (const auto& fact : facts) {
        std::string first;
        std::string rest;
        if (style.key_value()) {
            first = fact.key.empty() ? "  " : fact.key + ": ";
            rest = "  ";
        } else {
            first = pad(paint(style, Paint::strong, fact.label), label_columns);
            rest = std::string(label_columns + fact.hang, ' ');
        }
        if (fact.verbatim) {
            all += first + unglued(fact.text) + '\n';
        } else {
            all += wrapped(fact.text, style, first, rest);
        }
    }
    return all;
}

}  // namespace memrb::ui
