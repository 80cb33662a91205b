#pragma once

#include "memory/limit_history.h"
#include "memory/segments.h"
#include "memory/series.h"

#include <optional>
#include <vector>

namespace memrb::memory {

/// The working set of one target over time, and what divides it.
struct History {
    Series memory;  ///< the newest live sample included
    LimitHistory limit;
    std::vector<Cut> cuts;                     ///< restarts, revisions, limits: not drops
    std::vector<Segment> lives;                ///< from start to start, oldest first; empty if there are no samples
    std::optional<Timestamp> started_at = {};  ///< of the present life, if it is known

    [[nodiscard]] std::span<const Point> points() const { return memory.points; }
};

}  // namespace memrb::memory
