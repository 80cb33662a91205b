#pragma once

#include "ui/style.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace memrb::ui {

/// Markdown as a person reads it in a terminal: headings, paragraphs, lists and quotes are wrapped, code blocks are
/// kept as they are, tables are aligned, links show their address. Untrusted text is made safe.
std::string render_markdown(std::string_view markdown, const Style& style, std::size_t indent);

}  // namespace memrb::ui
