#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace memrb::ui {

struct ScreenSize {
    int columns = 80;
    int rows = 24;
};
using AskScreenSize = std::function<ScreenSize()>;

/// Lines above the cursor that replace one another, as text to send to a terminal. Knows no clock and no terminal.
class Redraw {
public:
    /// What replaces the lines on the screen by these. No line may reach the last column, and they must be less than
    /// the rows of the screen.
    std::string replace(const std::vector<std::string>& lines, ScreenSize size);
    /// What removes all lines; empty if there are none.
    std::string erase(ScreenSize size);

private:
    std::vector<std::size_t> drawn_;  ///< columns of each line on the screen
};

}  // namespace memrb::ui
