#pragma once

#include "ui/style.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace memrb::ui {

/// Markdown as a person reads it in a terminal: headings, paragraphs, lists and quotes are wrapped, code blocks and
/// tables are kept line by line, links show their address. Untrusted text is made safe.
std::string render_markdown(std::string_view markdown, const Style& style, std::size_t indent);

}  // namespace memrb::ui
