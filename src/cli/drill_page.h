#pragma once

#include "drill/tale.h"
#include "ui/style.h"

#include <string>
#include <string_view>

namespace memrb::cli {

/// The text of a debrief, part by part; times are told from `began` on.
class DrillPage {
public:
    DrillPage(const ui::Style& style, Timestamp began) : style_(style), began_(began) {}

    void heading(std::string_view words);
    void line(std::string_view words, std::string_view first = "  ", std::string_view rest = "    ");
    void evidence(const drill::Tale& tale);
    void path(const drill::Tale& tale);
    /// Where the whole of it can be read; nothing for an empty id.
    void report(const std::string& incident);

    [[nodiscard]] std::string since(Timestamp at) const { return format_duration(at - began_); }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    const ui::Style& style_;
    Timestamp began_;
    std::string text_;
};

}  // namespace memrb::cli
