#pragma once

#include "runbook/raw.h"
#include "runbook/source.h"

#include <cstddef>

namespace memrb::runbook {

struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Where the bytes [offset, offset + length) of a scalar's text stand in the source, whatever its style: plain, quoted
/// with escapes, or a block. The end is cut at the end of the first line.
Span locate(const Source& source, const Node& scalar, std::size_t offset, std::size_t length);

/// The whole scalar as written, quotes included, cut at the end of its first line.
Span locate(const Source& source, const Node& node);

}  // namespace memrb::runbook
