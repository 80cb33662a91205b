#pragma once

#include "ui/style.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::ui {

/// Keeps the words of `text` on one line: `498 of 512 MiB` is one thing to read.
std::string glue(std::string_view text);

/// Terminal columns of finished text: paint counts nothing.
std::size_t columns(std::string_view painted);

/// With spaces up to `width` columns; longer text stays as it is.
std::string pad(std::string_view painted, std::size_t width);
std::string pad_left(std::string_view painted, std::size_t width);

/// Breaks at spaces; the first line may be of another width than the rest. A word that is wider than a line is never
/// cut. Width 0: one line. Glue becomes spaces.
std::vector<std::string> wrap(std::string_view painted, std::size_t first, std::size_t rest);

/// `first` + text, and later lines behind `rest`; each ends with a newline.
std::string wrapped(std::string_view text, const Style& style, std::string_view first, std::string_view rest);

/// Text that is shown as it is, each of its lines behind `indent`; made safe here.
std::string verbatim(std::string_view untrusted, const Style& style, std::string_view indent);

/// One thing that is said. In the wide form facts of one label stand below each other beside it; in the narrow one each
/// is a `key: text` line.
struct Fact {
    std::string label;      ///< `Memory`; empty: belongs to the label before
    std::string key;        ///< `memory`; empty: continues the line before
    std::string text;       ///< finished: safe, painted, glued
    std::size_t hang = 0;   ///< wide form: further columns before continuation lines
    bool verbatim = false;  ///< never wrapped: commands, pictures
};

std::string lay_out(const std::vector<Fact>& facts, const Style& style);

}  // namespace memrb::ui
