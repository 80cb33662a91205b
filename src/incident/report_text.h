#pragma once

#include "incident/report.h"

#include <string>
#include <string_view>
#include <vector>

namespace memrb::incident {

/// Text from outside, for a line of Markdown: nothing in it is markup, HTML, a control character or a line break.
std::string markdown_text(std::string_view untrusted);
/// The same for HTML.
std::string html_text(std::string_view untrusted);

/// Writes the parts of a report as Markdown. Tables are GitHub's, or blocks of HTML for a reader that knows none.
class MarkdownWriter {
public:
    explicit MarkdownWriter(bool html_tables) : html_tables_(html_tables) {}

    void heading(int level, std::string_view text);
    /// `markdown` is finished: see markdown_text().
    void paragraph(std::string_view markdown);
    void bullet(std::string_view markdown);
    void task(std::string_view untrusted);
    /// Verbatim, whatever it holds.
    void code(std::string_view untrusted);
    void table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows);
    void raw(std::string_view block) { text_ += block; }

    [[nodiscard]] const std::string& text() const { return text_; }

private:
    bool html_tables_;
    bool in_list_ = false;
    std::string text_;
};

/// All sections; `chart` is a finished block.
std::string write_sections(const Report& report, const std::string& chart, bool html_tables);

}  // namespace memrb::incident
