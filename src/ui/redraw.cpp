#include "ui/redraw.h"

#include "ui/layout.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::ui {

namespace {

// Rows from the cursor up to the first drawn line. If the screen has become narrower than a line, some terminals have
// broken it in two and others have not: nobody knows where the first one is, so what is above stays untouched.
std::size_t rows_up(const std::vector<std::size_t>& drawn, ScreenSize size) {
    const auto width = static_cast<std::size_t>(std::max(size.columns, 1));
    const auto reachable = static_cast<std::size_t>(std::max(size.rows, 1)) - 1;
    const bool broken = std::any_of(drawn.begin(), drawn.end(), [&](std::size_t columns) { return columns > width; });
    return broken ? 0 : std::min(drawn.size(), reachable);
}

}  // namespace

std::string Redraw::erase(ScreenSize size) {
    if (drawn_.empty()) {
        return {};
    }
    const std::size_t rows = rows_up(drawn_, size);
    drawn_.clear();
    return rows == 0 ? "\r\x1b[J" : fmt::format("\r\x1b[{}A\x1b[J", rows);
}

std::string Redraw::replace(const std::vector<std::string>& lines, ScreenSize size) {
    std::string text = erase(size);
    for (const auto& line : lines) {
        drawn_.push_back(columns(line));
        text += line + "\n";
    }
    return text;
}

}  // namespace memrb::ui
