#include "support/screen.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace memrb::test {
namespace {

constexpr char escape_byte = '\x1b';

/// Length of the escape sequence at the start of `text`; 0 if its end has not come yet.
std::size_t sequence_length(std::string_view text) {
    if (text.size() < 2) {
        return 0;
    }
    if (text[1] == '[') {
        const auto end = std::find_if(text.begin() + 2, text.end(), [](char c) { return c >= '@' && c <= '~'; });
        return end == text.end() ? 0 : static_cast<std::size_t>(end - text.begin()) + 1;
    }
    if (text[1] == ']') {
        const auto bell = text.find('\a');
        const auto terminator = text.find("\x1b\\", 2);
        const auto end = std::min(bell == std::string_view::npos ? bell : bell + 1,
                                  terminator == std::string_view::npos ? terminator : terminator + 2);
        return end == std::string_view::npos ? 0 : end;
    }
    if (text[1] == '(' || text[1] == ')') {
        return text.size() < 3 ? 0 : 3;
    }
    return 2;
}

std::size_t utf8_length(char first) {
    const auto byte = static_cast<unsigned char>(first);
    if (byte >= 0xF0) {
        return 4;
    }
    if (byte >= 0xE0) {
        return 3;
    }
    return byte >= 0xC0 ? 2 : 1;
}

char32_t code_point(std::string_view character) {
    if (character.size() == 1) {
        return static_cast<unsigned char>(character[0]);
    }
    auto value = static_cast<char32_t>(static_cast<unsigned char>(character[0]) & (0x7FU >> character.size()));
    for (const char byte : character.substr(1)) {
        value = (value << 6U) | (static_cast<unsigned char>(byte) & 0x3FU);
    }
    return value;
}

std::size_t width_of(char32_t code) {
    const bool combining =
        (code >= 0x300 && code <= 0x36F) || (code >= 0x200B && code <= 0x200F) || (code >= 0xFE00 && code <= 0xFE0F);
    const bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                      (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                      (code >= 0xFF00 && code <= 0xFF60) || (code >= 0x1F300 && code <= 0x1F9FF);
    if (combining) {
        return 0;
    }
    return wide ? 2 : 1;
}

std::vector<std::size_t> numbers(std::string_view parameters) {
    std::vector<std::size_t> out;
    while (true) {
        const auto end = std::min(parameters.find(';'), parameters.size());
        std::size_t value = 0;
        std::from_chars(parameters.data(), parameters.data() + end, value);
        out.push_back(value);
        if (end == parameters.size()) {
            return out;
        }
        parameters.remove_prefix(end + 1);
    }
}

}  // namespace

Screen::Screen(std::size_t columns, std::size_t rows) : columns_(columns), rows_(rows), lines_(rows, blank()) {}

void Screen::resize(std::size_t columns, std::size_t rows) {
    columns_ = columns;
    // The top scrolls away if there are fewer rows now.
    while (lines_.size() > rows && row_ + 1 > rows) {
        lines_.erase(lines_.begin());
        --row_;
    }
    rows_ = rows;
    lines_.resize(rows, blank());
    for (auto& line : lines_) {
        line.resize(columns, " ");
    }
    row_ = std::min(row_, rows - 1);
    column_ = std::min(column_, columns);
}

void Screen::feed(std::string_view bytes) {
    pending_ += bytes;
    std::size_t at = 0;
    while (at < pending_.size()) {
        const std::string_view rest = std::string_view(pending_).substr(at);
        if (rest[0] == escape_byte) {
            const auto length = sequence_length(rest);
            if (length == 0) {
                break;
            }
            escape(rest.substr(0, length));
            at += length;
        } else if (static_cast<unsigned char>(rest[0]) < 0x20 || rest[0] == '\x7f') {
            control(rest[0]);
            ++at;
        } else {
            const auto length = utf8_length(rest[0]);
            if (rest.size() < length) {
                break;
            }
            put(std::string(rest.substr(0, length)), width_of(code_point(rest.substr(0, length))));
            at += length;
        }
    }
    pending_.erase(0, at);
}

void Screen::put(const std::string& character, std::size_t width) {
    if (width == 0) {
        if (column_ > 0) {
            lines_[row_][column_ - 1] += character;
        }
        return;
    }
    if (column_ + width > columns_) {
        column_ = 0;
        new_line();
    }
    lines_[row_][column_] = character;
    if (width == 2) {
        lines_[row_][column_ + 1] = "";
    }
    column_ += width;
}

void Screen::control(char byte) {
    switch (byte) {
        case '\r': column_ = 0; break;
        case '\n': new_line(); break;
        case '\b': column_ -= column_ > 0 ? 1 : 0; break;
        case '\t': column_ = std::min(columns_ - 1, (column_ / 8 + 1) * 8); break;
        default: break;
    }
}

void Screen::new_line() {
    if (row_ + 1 < rows_) {
        ++row_;
        return;
    }
    if (!alternate_) {
        scrolled_ += line(0) + "\n";
    }
    lines_.erase(lines_.begin());
    lines_.push_back(blank());
}

void Screen::erase(Line& line, std::size_t from, std::size_t to) const {
    for (std::size_t at = from; at < std::min(to, columns_); ++at) {
        line[at] = " ";
    }
}

void Screen::escape(std::string_view sequence) {
    if (sequence[1] == '[') {
        csi(sequence.back(), sequence.substr(2, sequence.size() - 3));
    } else if (sequence[1] == '7') {
        saved_row_ = row_;
        saved_column_ = column_;
    } else if (sequence[1] == '8') {
        row_ = saved_row_;
        column_ = saved_column_;
    } else if (sequence[1] == 'M' && row_ > 0) {
        --row_;
    }
}

void Screen::csi(char final, std::string_view parameters) {
    if (parameters.starts_with("?")) {
        const bool on = final == 'h';
        const auto mode = numbers(parameters.substr(1)).front();
        if (mode == 25) {
            cursor_visible_ = on;
        } else if ((mode == 1049 || mode == 47) && on != alternate_) {
            alternate_ = on;
            if (on) {
                kept_lines_ = lines_;
                lines_.assign(rows_, blank());
            } else {
                lines_ = kept_lines_;
                lines_.resize(rows_, blank());
            }
        }
        return;
    }
    const auto values = numbers(parameters);
    const auto count = std::max<std::size_t>(values[0], 1);
    const auto up_to = [](std::size_t value, std::size_t last) { return std::min(value, last); };
    switch (final) {
        case 'A': row_ -= up_to(count, row_); break;
        case 'B': row_ = up_to(row_ + count, rows_ - 1); break;
        case 'C': column_ = up_to(column_ + count, columns_ - 1); break;
        case 'D': column_ -= up_to(count, column_); break;
        case 'E':
            row_ = up_to(row_ + count, rows_ - 1);
            column_ = 0;
            break;
        case 'F':
            row_ -= up_to(count, row_);
            column_ = 0;
            break;
        case 'G': column_ = up_to(count - 1, columns_ - 1); break;
        case 'H':
        case 'f':
            row_ = up_to(count - 1, rows_ - 1);
            column_ = values.size() > 1 && values[1] > 0 ? up_to(values[1] - 1, columns_ - 1) : 0;
            break;
        case 'J':
            if (values[0] != 1) {
                erase(lines_[row_], values[0] == 0 ? column_ : 0, columns_);
                for (std::size_t row = values[0] == 0 ? row_ + 1 : 0; row < rows_; ++row) {
                    lines_[row] = blank();
                }
            }
            break;
        case 'K': erase(lines_[row_], values[0] == 0 ? column_ : 0, values[0] == 1 ? column_ + 1 : columns_); break;
        case 'm':
            styled_ = std::any_of(values.begin(), values.end(), [](std::size_t value) { return value != 0; });
            break;
        case 's':
            saved_row_ = row_;
            saved_column_ = column_;
            break;
        case 'u':
            row_ = saved_row_;
            column_ = saved_column_;
            break;
        default: break;
    }
}

std::string Screen::line(std::size_t row) const {
    std::string out;
    for (const auto& cell : lines_.at(row)) {
        out += cell;
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

std::string Screen::text() const {
    std::string out;
    for (std::size_t row = 0; row < lines_.size(); ++row) {
        out += line(row) + "\n";
    }
    out.erase(out.find_last_not_of('\n') + 1);
    return out;
}

std::string Screen::everything() const {
    return scrolled_ + text();
}

std::string without_escapes(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        if (bytes[0] == escape_byte) {
            const auto length = sequence_length(bytes);
            if (length == 0) {
                break;
            }
            bytes.remove_prefix(length);
        } else {
            if (bytes[0] != '\r') {
                out += bytes[0];
            }
            bytes.remove_prefix(1);
        }
    }
    return out;
}

}  // namespace memrb::test
