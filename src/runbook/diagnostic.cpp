#include "runbook/diagnostic.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::runbook {

namespace {

constexpr std::size_t widest_line = 160;    // columns of a source line that are shown
constexpr std::size_t context_before = 60;  // columns kept before the caret of a longer line

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

// Bytes that the first `characters` characters take.
std::size_t bytes_of(std::string_view text, std::size_t characters) {
    std::size_t at = 0;
    while (at < text.size() && characters > 0) {
        ++at;
        while (at < text.size() && continues_character(text[at])) {
            ++at;
        }
        --characters;
    }
    return at;
}

std::string_view line_of(std::string_view source, int number) {
    if (source.starts_with("\xEF\xBB\xBF")) {
        source.remove_prefix(3);
    }
    for (int i = 1; i < number; ++i) {
        const std::size_t end = source.find('\n');
        if (end == std::string_view::npos) {
            return {};
        }
        source.remove_prefix(end + 1);
    }
    std::string_view line = source.substr(0, source.find('\n'));
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

struct Paint {
    bool on = false;
    [[nodiscard]] std::string operator()(std::string_view code, std::string_view text) const {
        return on ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
    }
};

// The end of `text` that is at most `width` columns wide, marked as cut.
std::string keep_end(std::string text, std::size_t width) {
    if (base::columns(text) <= width) {
        return text;
    }
    std::size_t from = 0;
    while (base::columns(std::string_view(text).substr(from)) > width) {
        from += std::max<std::size_t>(bytes_of(std::string_view(text).substr(from), 1), 1);
    }
    return fmt::format("…{}", std::string_view(text).substr(from));
}

std::string excerpt(const Diagnostic& diagnostic, std::string_view source, const Paint& paint) {
    const std::string_view line = line_of(source, diagnostic.mark.line);
    const std::size_t start = bytes_of(line, static_cast<std::size_t>(std::max(diagnostic.mark.column - 1, 0)));
    const std::size_t length = bytes_of(line.substr(start), diagnostic.length);
    // A hostile line may be a megabyte long: only the part that can be shown is made printable.
    const std::size_t from = start > 4 * widest_line ? start - 4 * widest_line : 0;
    std::string before = base::printable(line.substr(from, start - from));
    const std::string marked = base::printable(line.substr(start, std::min(length, 4 * widest_line)));
    const std::string after = base::printable(line.substr(start + length, 4 * widest_line));
    if (base::columns(before) + base::columns(marked) > widest_line) {
        before = keep_end(std::move(before), context_before);
    }
    const std::size_t indent = base::columns(before);
    const std::size_t room = widest_line > indent ? widest_line - indent : 1;
    const std::size_t width = std::clamp<std::size_t>(base::columns(marked), 1, room);
    const std::string shown = base::fit(before + marked + after, widest_line);
    return fmt::format("{:>5} | {}\n      | {}{}\n", diagnostic.mark.line, shown, std::string(indent, ' '),
                       paint("1;32", fmt::format("^{:~<{}}", "", width - 1)));
}

}  // namespace

bool Diagnostic::operator==(const Diagnostic& other) const {
    return origin == other.origin && mark.line == other.mark.line && mark.column == other.mark.column &&
           severity == other.severity && message == other.message && hint == other.hint && length == other.length;
}

std::string render(const Diagnostic& diagnostic, std::string_view source, bool colour) {
    const Paint paint{colour};
    const bool placed = diagnostic.mark.line > 0;
    std::string place = base::printable(diagnostic.origin);
    if (placed) {
        place += fmt::format(":{}:{}", diagnostic.mark.line, diagnostic.mark.column);
    }
    const bool error = diagnostic.severity == Severity::error;
    std::string text =
        fmt::format("{} {} {}\n", paint("1", place + ":"), error ? paint("1;31", "error:") : paint("1;35", "warning:"),
                    base::printable(diagnostic.message));
    if (placed) {
        text += excerpt(diagnostic, source, paint);
    }
    if (!diagnostic.hint.empty()) {
        text += fmt::format("      = {}\n", base::printable(diagnostic.hint));
    }
    return text;
}

std::string render(const std::vector<Diagnostic>& diagnostics, std::string_view source, bool colour) {
    std::string text;
    for (const auto& diagnostic : diagnostics) {
        text += render(diagnostic, source, colour);
    }
    return text;
}

}  // namespace memrb::runbook
