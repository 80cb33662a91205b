#include "cli/marking_sink.h"

#include <cstddef>

namespace memrb::cli {

namespace {

// `\r` and `ESC [ ... letter`, as many as there are.
std::size_t moves_at(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] == '\r') {
            ++at;
        } else if (text.substr(at).starts_with("\x1b[")) {
            const std::size_t end = text.find_first_of("ABCDEFGHJKST", at + 2);
            const std::size_t paint = text.find('m', at + 2);
            if (end == std::string_view::npos || paint < end) {
                break;  // a colour belongs to the line
            }
            at = end + 1;
        } else {
            break;
        }
    }
    return at;
}

}  // namespace

bool MarkingSink::write(std::string_view text) {
    std::string marked;
    while (!text.empty()) {
        if (line_begins_) {
            const std::size_t moves = moves_at(text);
            marked += text.substr(0, moves);
            text.remove_prefix(moves);
            if (text.empty()) {
                break;
            }
            marked += text.front() == '\n' ? mark_.substr(0, mark_.find_last_not_of(' ') + 1) : mark_;
            line_begins_ = false;
        }
        const std::size_t end = text.find('\n');
        const std::size_t count = end == std::string_view::npos ? text.size() : end + 1;
        marked += text.substr(0, count);
        line_begins_ = end != std::string_view::npos;
        text.remove_prefix(count);
    }
    return inner_.write(marked);
}

}  // namespace memrb::cli
