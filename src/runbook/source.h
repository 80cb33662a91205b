#pragma once

#include "memrb/runbook.h"
#include "runbook/diagnostic.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::runbook {

constexpr std::size_t max_file_bytes = std::size_t{1} << 20U;

/// The text of a file made regular: no byte order mark, lines ended by `\n` alone. Offsets are bytes of text().
class Source {
public:
    /// Fails on what is no YAML text at all: too large, NUL bytes, control characters, invalid UTF-8.
    static tl::expected<Source, Diagnostic> read(std::string_view bytes, std::string_view origin);

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] Mark mark(std::size_t offset) const;
    /// Of a line and a byte column, both counted from 0; kept inside the text.
    [[nodiscard]] std::size_t offset(int line, int column) const;
    /// Where the line of `offset` ends, its newline not included.
    [[nodiscard]] std::size_t line_end(std::size_t offset) const;
    /// Characters, not bytes, from `begin` to `end`.
    [[nodiscard]] std::size_t characters(std::size_t begin, std::size_t end) const;

private:
    explicit Source(std::string text);
    std::string text_;
    std::vector<std::size_t> line_starts_;
};

}  // namespace memrb::runbook
