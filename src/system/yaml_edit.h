#pragma once

#include "memrb/request.h"
#include "memrb/result.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::system {

/// One line that changed, or lines that are new.
struct ChangedLine {
    std::size_t number = 0;              ///< in the old text, from 1; of new lines that of the line before them
    std::optional<std::string> removed;  ///< as it was; none: nothing was there
    std::vector<std::string> added;
};

struct YamlEdit {
    std::string text;                   ///< the whole new text
    std::optional<std::string> before;  ///< the value that was there
    std::vector<ChangedLine> lines;     ///< empty: the value is there already
};

/// True if one of the places has a value in `text`.
Result<bool> has_any(std::string_view text, std::span<const FileEdit::Place> places);

/// Gives `value` to each of the places that there is; if there is none, makes the last one, whose first two keys must
/// be there. All other bytes stay: comments, order, quotes, anchors, line ends. The result is read again and compared.
/// Errors: no YAML; a place that another part of the file shares by an anchor; one written in a way that cannot be
/// changed alone (over several lines); one that runs into a value that is no map.
Result<YamlEdit> set_value(std::string_view text, std::span<const FileEdit::Place> places, std::string_view value);

}  // namespace memrb::system
