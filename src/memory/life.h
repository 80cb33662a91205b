#pragma once

#include "memory/blocks.h"
#include "memory/forecast.h"
#include "memory/growth.h"
#include "memory/history.h"
#include "memrb/assessment.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::memory {

/// What a verdict needs at least.
inline constexpr std::size_t least_samples = 36;
inline constexpr Milliseconds least_span = std::chrono::minutes{30};
inline constexpr double least_coverage = 0.6;

/// One life of the container, or the part of it that is judged.
struct Life {
    std::span<const Point> points;  ///< of the whole series
    Segment segment;                ///< without warm-up
    Timestamp origin{};             ///< its first sample: zero of Block::hours
    std::optional<double> limit;    ///< bytes, in force now
    std::vector<Block> blocks;      ///< in strands that limit changes divide

    [[nodiscard]] std::span<const Point> own() const { return points.subspan(segment.begin, segment.size()); }
    [[nodiscard]] Milliseconds span() const;
};

/// The segment must have samples.
Life life_of(const History& history, const Segment& segment, Timestamp now);

/// What is missing for a verdict about these samples and how much longer to wait, or nothing.
std::optional<std::string> too_little(std::span<const Point> points, Milliseconds step, bool after_start);

/// `wait about 12 min more`
std::string wait_text(Milliseconds wait);

/// `1 restart`, `3 restarts`
std::string counted(std::size_t count, std::string_view what);

/// Verdict, reason, slope and forecast of one life with enough samples, by the gates. `grew_before`: so did earlier
/// lives; `trend.restarts_seen` is known already.
Growth judge_life(const Life& life, Timestamp now, bool grew_before, const Gates& gates, Trend& trend);

/// Where this life is heading: the line, or the curve if it clearly bends.
Course forecast_course(const Life& life, const Growth& growth, Timestamp now);

double hours_between(Timestamp from, Timestamp to);

}  // namespace memrb::memory
