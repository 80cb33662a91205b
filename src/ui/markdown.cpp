#include "ui/markdown.h"

#include "base/text.h"
#include "ui/layout.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace memrb::ui {

namespace {

// A list item's marker (`- `, `12. `, `- [ ] `) with the blanks around it; nothing if the line begins none.
struct Item {
    std::size_t depth = 0;  ///< columns before the marker
    std::string marker;
    std::string_view text;
};

std::optional<Item> read_item(std::string_view line, const Style& style) {
    const std::size_t depth = line.find_first_not_of(' ');
    if (depth == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view rest = line.substr(depth);
    if (rest.size() > 1 && std::string_view("-*+").find(rest[0]) != std::string_view::npos && rest[1] == ' ') {
        std::string_view text = base::trim(rest.substr(2));
        std::string marker{glyph(style, Glyph::bullet)};
        if (text.starts_with("[ ] ")) {
            marker = "[ ]";
            text.remove_prefix(4);
        }
        return Item{depth, marker + " ", text};
    }
    const std::size_t digits = rest.find_first_not_of("0123456789");
    if (digits == std::string_view::npos || digits == 0 || digits > 4 || !rest.substr(digits).starts_with(". ")) {
        return std::nullopt;
    }
    return Item{depth, std::string(rest.substr(0, digits + 2)), base::trim(rest.substr(digits + 2))};
}

std::size_t heading_level(std::string_view line) {
    const std::size_t level = line.find_first_not_of('#');
    return level != std::string_view::npos && level >= 1 && level <= 6 && line[level] == ' ' ? level : 0;
}

// `[text](address)` becomes `text (address)`, `**text**` loses its stars; code spans keep their backquotes, which say
// where a command begins and ends.
std::string inline_text(std::string_view text, const Style& style) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '`') {
            const std::size_t end = text.find('`', i + 1);
            if (end != std::string_view::npos) {
                out += glue(safe(style, text.substr(i, end - i + 1)));
                i = end + 1;
                continue;
            }
        } else if (text[i] == '*' && text.substr(i).starts_with("**")) {
            const std::size_t end = text.find("**", i + 2);
            if (end != std::string_view::npos && end > i + 2) {
                out += paint(style, Paint::strong, safe(style, text.substr(i + 2, end - i - 2)));
                i = end + 2;
                continue;
            }
        } else if (text[i] == '[') {
            const std::size_t middle = text.find("](", i);
            const std::size_t end = middle == std::string_view::npos ? middle : text.find(')', middle);
            if (end != std::string_view::npos) {
                out += safe(style, text.substr(i + 1, middle - i - 1)) + " (" +
                       safe(style, text.substr(middle + 2, end - middle - 2)) + ")";
                i = end + 1;
                continue;
            }
        }
        const std::size_t next = text.find_first_of("`*[", i + 1);
        out += safe(style, text.substr(i, next == std::string_view::npos ? next : next - i));
        i = next == std::string_view::npos ? text.size() : next;
    }
    return out;
}

class Renderer {
public:
    Renderer(const Style& style, std::size_t indent) : style_(style), margin_(indent, ' ') {}

    void line(std::string_view line) {
        const std::string_view text = base::trim(line);
        if (in_code_ || !text.starts_with("|")) {
            end_table();
        }
        if (text.starts_with("```") || text.starts_with("~~~")) {
            end_paragraph();
            in_code_ = !in_code_;
        } else if (in_code_) {
            verbatim(line);
        } else if (text.empty()) {
            end_paragraph();
            blank();
        } else if (const std::size_t level = heading_level(text); level > 0) {
            end_paragraph();
            blank();
            out_ += wrapped(paint(style_, Paint::strong, inline_text(base::trim(text.substr(level)), style_)), style_,
                            margin_ + (style_.plain ? std::string(level, '#') + " " : ""), margin_);
        } else if (text.starts_with("|")) {
            end_paragraph();
            add_row(text);
        } else if (auto item = read_item(line, style_)) {
            end_paragraph();
            first_ = margin_ + std::string(item->depth, ' ') + item->marker;
            rest_ = std::string(columns(first_), ' ');
            paragraph_ = item->text;
        } else if (text.starts_with("> ")) {
            add("> ", text.substr(2));
        } else {
            add("", text);
        }
    }

    std::string finish() {
        end_paragraph();
        end_table();
        while (out_.ends_with("\n\n")) {
            out_.pop_back();
        }
        return std::move(out_);
    }

private:
    void verbatim(std::string_view line) { out_ += margin_ + "    " + safe_lines(style_, line) + '\n'; }
    void add(std::string_view quote, std::string_view text) {
        if (!quote.empty() && quoted_.empty()) {
            end_paragraph();
        }
        if (paragraph_.empty()) {
            quoted_ = quote;
            first_ = margin_ + std::string(quote);
            rest_ = first_;
        } else {
            paragraph_ += ' ';
        }
        paragraph_ += text;
    }
    // Of `| a | b |`; the line of dashes below the head says nothing to a person.
    void add_row(std::string_view row) {
        row.remove_prefix(1);
        if (row.ends_with('|')) {
            row.remove_suffix(1);
        }
        if (row.find_first_not_of("-:| ") == std::string_view::npos) {
            return;
        }
        auto& cells = table_.emplace_back();
        for (const auto cell : base::split(row, '|')) {
            cells.push_back(inline_text(base::trim(cell), style_));
        }
    }
    // Rows are not wrapped: a broken table reads worse than a long line.
    void end_table() {
        std::vector<std::size_t> widths;
        for (const auto& cells : table_) {
            widths.resize(std::max(widths.size(), cells.size()));
            for (std::size_t i = 0; i < cells.size(); ++i) {
                widths[i] = std::max(widths[i], columns(cells[i]));
            }
        }
        for (const auto& cells : table_) {
            std::string row;
            for (std::size_t i = 0; i < cells.size(); ++i) {
                row += i + 1 < cells.size() ? pad(cells[i], widths[i] + 2) : cells[i];
            }
            out_ += margin_ + wrap(row, 0, 0).front() + '\n';
        }
        table_.clear();
    }
    void blank() {
        if (!out_.empty() && !out_.ends_with("\n\n")) {
            out_ += '\n';
        }
    }
    void end_paragraph() {
        if (!paragraph_.empty()) {
            out_ += wrapped(inline_text(paragraph_, style_), style_, first_, rest_);
            paragraph_.clear();
            quoted_.clear();
        }
    }

    const Style& style_;
    std::string margin_;
    std::string out_;
    std::string paragraph_, quoted_, first_, rest_;
    std::vector<std::vector<std::string>> table_;
    bool in_code_ = false;
};

}  // namespace

std::string render_markdown(std::string_view markdown, const Style& style, std::size_t indent) {
    Renderer renderer(style, indent);
    for (const auto line : base::lines(markdown)) {
        renderer.line(line);
    }
    return renderer.finish();
}

}  // namespace memrb::ui
