#include "runbook/source.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::runbook {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Bytes of the UTF-8 character that begins here; 0: it is not valid.
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) {
            return 0;
        }
    }
    const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
    const bool beyond = (first == 0xED && byte(1) > 0x9F) || (first == 0xF4 && byte(1) > 0x8F);
    return overlong || beyond ? 0 : length;
}

// Bytes from here on that need no closer look.
std::size_t plain_run(std::string_view text) {
    const auto odd = std::find_if(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && byte != '\n' && byte != '\t') || byte >= 0x7F;
    });
    return static_cast<std::size_t>(odd - text.begin());
}

struct Fault {
    std::string message;
    std::string hint;
};

std::optional<Fault> fault_at(std::string_view rest) {
    const auto first = static_cast<unsigned char>(rest.front());
    if (first == 0) {
        return Fault{"a NUL byte: this is no text file", "a runbook is UTF-8 text"};
    }
    if (first == '\r') {
        return Fault{"a carriage return without a line feed", "end lines with \\n, or with \\r\\n"};
    }
    const bool c1 = first == 0xC2 && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xA0 &&
                    static_cast<unsigned char>(rest[1]) != 0x85;
    if ((first < 0x20 && first != '\t' && first != '\n') || first == 0x7F || c1) {
        const unsigned code = c1 ? static_cast<unsigned char>(rest[1]) : first;
        return Fault{fmt::format("control character \\x{:02x}", code),
                     fmt::format("YAML forbids it; in double quotes it can be written as \"\\x{:02x}\"", code)};
    }
    if (character_length(rest) == 0) {
        return Fault{fmt::format("byte \\x{:02x} is not valid UTF-8", first), "save the file as UTF-8"};
    }
    return std::nullopt;
}

Diagnostic about(std::string_view origin, Mark mark, Fault fault) {
    return {std::string(origin), mark, Severity::error, std::move(fault.message), std::move(fault.hint), 1};
}

}  // namespace

tl::expected<Source, Diagnostic> Source::read(std::string_view bytes, std::string_view origin) {
    if (bytes.size() > max_file_bytes) {
        return tl::unexpected(
            about(origin, {}, {fmt::format("the file is larger than the {} bytes allowed", max_file_bytes), {}}));
    }
    if (bytes.starts_with(byte_order_mark)) {
        bytes.remove_prefix(byte_order_mark.size());
    }
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const std::size_t plain = plain_run(bytes);
        text += bytes.substr(0, plain);
        bytes.remove_prefix(plain);
        if (bytes.empty()) {
            break;
        }
        if (bytes.starts_with("\r\n")) {
            bytes.remove_prefix(1);
            continue;
        }
        if (auto fault = fault_at(bytes)) {
            const Source before(std::move(text));
            return tl::unexpected(about(origin, before.mark(before.text_.size()), std::move(*fault)));
        }
        const std::size_t length = character_length(bytes);
        text += bytes.substr(0, length);
        bytes.remove_prefix(length);
    }
    return Source(std::move(text));
}

Source::Source(std::string text) : text_(std::move(text)), line_starts_{0} {
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (text_[i] == '\n') {
            line_starts_.push_back(i + 1);
        }
    }
}

Mark Source::mark(std::size_t offset) const {
    const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), std::min(offset, text_.size()));
    const auto line = static_cast<int>(next - line_starts_.begin());
    return {line, static_cast<int>(characters(*(next - 1), std::min(offset, text_.size()))) + 1};
}

std::size_t Source::offset(int line, int column) const {
    if (line < 0 || static_cast<std::size_t>(line) >= line_starts_.size()) {
        return text_.size();
    }
    const std::size_t start = line_starts_[static_cast<std::size_t>(line)];
    return std::min(start + static_cast<std::size_t>(std::max(column, 0)), line_end(start));
}

std::size_t Source::line_end(std::size_t offset) const {
    const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    return next == line_starts_.end() ? text_.size() : *next - 1;
}

std::size_t Source::characters(std::size_t begin, std::size_t end) const {
    return static_cast<std::size_t>(std::count_if(
        text_.begin() + static_cast<std::ptrdiff_t>(begin), text_.begin() + static_cast<std::ptrdiff_t>(end),
        [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

}  // namespace memrb::runbook
