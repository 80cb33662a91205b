#pragma once

#include "memory/curves.h"
#include "memrb/assessment.h"

#include <array>
#include <optional>

namespace memrb::memory {

/// Where growth is heading from the judged moment on.
struct Course {
    double level = 0;                  ///< bytes that peaks reach now
    double slope = 0;                  ///< bytes per hour, now
    std::array<double, 2> interval{};  ///< 90 % of the slope
    double hours = 0;                  ///< what the slope was seen over
    double level_error = 0;            ///< standard deviation of the level, bytes
    double bend = 0;                   ///< bytes per hour squared, if it gets faster
    double scale = 0;                  ///< bytes; if it gets slower: e^(gain / scale) times later for each gain
};

/// Seconds until the course meets the limit. None if it does not rise, or not within three times the span it was seen
/// over: beyond that a line is a guess. `high` is infinite if the lower slope is not positive, or leads beyond that.
/// All zero if the level is at the limit already.
std::optional<Interval> time_to_limit(const Course& course, double limit);

/// The same for growth that comes to rest: none if it comes to rest below the limit. `high` is always infinite.
/// `since_start`: hours from the curve's first block to the judged moment.
std::optional<Interval> time_to_limit(const SaturationFit& curve, double since_start, const Course& course,
                                      double limit);

}  // namespace memrb::memory
