#pragma once

#include "memrb/reading.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::memory {

/// Where another container of the same name took over.
struct Succession {
    Timestamp at{};              ///< its first sample
    bool image_changed = false;  ///< both image labels are known and differ
};

/// One quantity of one target: usable samples, strictly rising in time.
struct Series {
    std::string metric;
    std::string identity;  ///< of the container that is judged; equal for all roles of one container
    std::vector<Point> points;
    Milliseconds step{};       ///< median distance of samples; 0: fewer than two
    std::size_t unusable = 0;  ///< NaN, infinite, negative or double samples that were left out
    std::vector<Succession> successions;
    std::size_t others = 0;  ///< series of containers that run beside the judged one (replicas), left out
};

/// Sorts by time, leaves out what is NaN, infinite or negative, and of several samples of one moment all but the last
/// delivered one. Counts what it left out in `unusable`.
std::vector<Point> clean(std::vector<Point> points, std::size_t& unusable);

/// The median distance of neighbours; 0 for fewer than two points.
Milliseconds resolution(std::span<const Point> points);

/// The longest distance of two samples that still counts as "nothing missing between them": max(2.5 steps, 90 s).
Milliseconds longest_distance(Milliseconds step);

/// Share of the span that samples cover, 0..1: distances beyond the longest one count as one step.
double coverage(std::span<const Point> points, Milliseconds step);

struct Wanted {
    SeriesRole role = SeriesRole::memory;
    std::string_view container_id;  ///< the pinned container's; empty if it has none
    std::string_view identity;      ///< of the series judged already (memory), so that all roles speak of one container
    Timestamp until{};              ///< samples after it are left out
};

/// All series of one role as one. Raw samples beat query_range grids. Series of one container (label `id`, or
/// namespace, pod and container) are united; containers that followed one another become one series with a succession,
/// the newer one's samples winning over the few minutes in which both are reported. Containers that overlap for longer
/// are replicas: judged is the pinned one, else the one with the highest last value.
Series gather(const std::vector<Reading>& readings, const Wanted& wanted);

/// What quantiles of a long series are taken of: about `enough` values (up to twice as many), evenly spaced; all of a
/// shorter one.
std::vector<double> some_values(std::span<const Point> points, std::size_t enough = 1500);

/// For drawing: at most `most` points, the highest of each part of the span, with a NaN point in every gap.
std::vector<Point> thin(std::span<const Point> points, Milliseconds step, std::size_t most);

}  // namespace memrb::memory
