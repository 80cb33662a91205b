#include "incident/report_text.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::incident {

namespace {

constexpr std::string_view markup = "\\`*_{}[]#+-!|~$@:.()";

std::string entity(char c) {
    switch (c) {
        case '<': return "&lt;";
        case '>': return "&gt;";
        case '&': return "&amp;";
        case '"': return "&quot;";
        case '\'': return "&#39;";
        default: return {c};
    }
}

// A fence that is longer than any run of backquotes inside.
std::string fence_for(std::string_view text) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return std::string(std::max<std::size_t>(3, longest + 1), '`');
}

}  // namespace

std::string markdown_text(std::string_view untrusted) {
    std::string text;
    const std::string visible = base::printable(untrusted);
    for (std::size_t i = 0; i < visible.size(); ++i) {
        const char c = visible[i];
        const char next = i + 1 < visible.size() ? visible[i + 1] : ' ';
        // A mark that stands inside a word or before a blank is none: what people read stays readable.
        const bool harmless = (c == '.' || c == ':' || c == '-' || c == '(' || c == ')' || c == '+') && i > 0;
        if (c == '<' || c == '>' || c == '&') {
            text += entity(c);
        } else if (markup.find(c) != std::string_view::npos && !(harmless && (next != '/' || c != ':'))) {
            text += '\\';
            text += c;
        } else {
            text += c;
        }
    }
    // `12. x` and `3) x` begin lists.
    const auto digits = text.find_first_not_of("0123456789");
    const bool list = digits != 0 && digits != std::string::npos && digits <= 9 &&
                      (text[digits] == '.' || text[digits] == ')') &&
                      (digits + 1 == text.size() || text[digits + 1] == ' ');
    if (list) {
        text.insert(digits, 1, '\\');
    }
    return text;
}

std::string html_text(std::string_view untrusted) {
    std::string text;
    for (const char c : base::printable(untrusted)) {
        text += entity(c);
    }
    return text;
}

void MarkdownWriter::heading(int level, std::string_view text) {
    text_ += fmt::format("\n{} {}\n\n", std::string(static_cast<std::size_t>(level), '#'), markdown_text(text));
    in_list_ = false;
}

void MarkdownWriter::paragraph(std::string_view markdown) {
    text_ += in_list_ ? "\n" : "";
    text_ += markdown;
    text_ += "\n\n";
    in_list_ = false;
}

void MarkdownWriter::bullet(std::string_view markdown) {
    text_ += fmt::format("- {}\n", markdown);
    in_list_ = true;
}

void MarkdownWriter::task(std::string_view untrusted) {
    bullet((html_tables_ ? "☐ " : "[ ] ") + markdown_text(untrusted));
}

void MarkdownWriter::code(std::string_view untrusted) {
    const std::string text = base::printable(untrusted, true);
    const std::string fence = fence_for(text);
    text_ +=
        fmt::format("{}{}text\n{}{}{}\n\n", in_list_ ? "\n" : "", fence, text, text.ends_with('\n') ? "" : "\n", fence);
    in_list_ = false;
}

void MarkdownWriter::table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
    text_ += in_list_ ? "\n" : "";
    in_list_ = false;
    if (!html_tables_) {
        const auto line = [&](const std::vector<std::string>& cells) {
            for (const auto& cell : cells) {
                text_ += "| " + markdown_text(cell) + " ";
            }
            text_ += "|\n";
        };
        line(head);
        for (std::size_t i = 0; i < head.size(); ++i) {
            text_ += "|---";
        }
        text_ += "|\n";
        std::for_each(rows.begin(), rows.end(), line);
        text_ += "\n";
        return;
    }
    // A block of HTML ends at a blank line, which html_text() leaves none of.
    const auto line = [&](const std::vector<std::string>& cells, std::string_view tag) {
        text_ += "<tr>";
        for (const auto& cell : cells) {
            text_ += fmt::format("<{0}>{1}</{0}>", tag, html_text(cell));
        }
        text_ += "</tr>\n";
    };
    text_ += "<table>\n";
    line(head, "th");
    for (const auto& row : rows) {
        line(row, "td");
    }
    text_ += "</table>\n\n";
}

}  // namespace memrb::incident
