#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::test {

/// What a person sees after a program wrote these bytes to a terminal: enough of an xterm for line-oriented programs
/// (cursor moves, erasing, scrolling, wrapping at the right edge, the alternate screen). Colours are dropped.
class Screen {
public:
    Screen(std::size_t columns, std::size_t rows);

    void feed(std::string_view bytes);
    void resize(std::size_t columns, std::size_t rows);

    /// The visible lines without spaces at their ends, without empty lines at the end.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string line(std::size_t row) const;
    /// Lines that scrolled away, then the visible ones.
    [[nodiscard]] std::string everything() const;
    [[nodiscard]] std::size_t cursor_row() const { return row_; }
    [[nodiscard]] std::size_t cursor_column() const { return column_; }
    [[nodiscard]] bool cursor_visible() const { return cursor_visible_; }
    [[nodiscard]] bool alternate() const { return alternate_; }
    /// Colours or other attributes are on: after a program's end that is its mistake.
    [[nodiscard]] bool styled() const { return styled_; }

private:
    /// One cell: a character as UTF-8; the right half of a wide one is an empty string.
    using Line = std::vector<std::string>;

    void put(const std::string& character, std::size_t width);
    void control(char byte);
    void escape(std::string_view sequence);
    void csi(char final, std::string_view parameters);
    void new_line();
    void erase(Line& line, std::size_t from, std::size_t to) const;
    [[nodiscard]] Line blank() const { return Line(columns_, " "); }

    std::size_t columns_, rows_;
    std::vector<Line> lines_;
    std::vector<Line> kept_lines_;  ///< of the main screen while the alternate one is shown
    std::string scrolled_;
    std::string pending_;  ///< an unfinished sequence or character
    std::size_t row_ = 0, column_ = 0, saved_row_ = 0, saved_column_ = 0;
    bool cursor_visible_ = true;
    bool alternate_ = false;
    bool styled_ = false;
};

/// The text without escape sequences and carriage returns: for searching in the order in which it was written.
std::string without_escapes(std::string_view bytes);

}  // namespace memrb::test
