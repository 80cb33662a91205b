#pragma once

#include "memory/segments.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace memrb::memory {

/// Several rises, each ended by a fall: at restarts, or by itself.
struct Teeth {
    std::size_t count = 0;             ///< rises looked at, the present one included
    double slope = 0;                  ///< bytes per hour within the rises, pooled
    std::array<double, 2> interval{};  ///< 90 %
    double slope_scatter = 0;          ///< standard deviation from rise to rise
    bool rising = false;               ///< chance does not explain the rises, and they make up what the falls take away
    std::optional<bool> alike;         ///< same base and same slope each time; needs two rises seen from their start
    std::size_t samples = 0;
    Milliseconds span{};  ///< sum of the rises' spans
};

/// Judges the last 24 of the segments at most. `significant`: bytes that a rise must gain at least.
Teeth measure_teeth(std::span<const Point> points, const std::vector<Segment>& segments, double significant);

}  // namespace memrb::memory
