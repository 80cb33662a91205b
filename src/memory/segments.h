#pragma once

#include "memory/limit_history.h"
#include "memory/series.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace memrb::memory {

/// Why samples on both sides of a moment must not be compared.
enum class CutReason {
    restart,   ///< another start time, container id, or a risen restart counter
    revision,  ///< a restart with another image
    limit,     ///< another limit: the same process, a new reason to cache or to collect
    drop,      ///< memory fell back near its start level by itself, or at a restart that nothing reports
};

struct Cut {
    Timestamp at{};  ///< the first moment of what comes after
    CutReason reason = CutReason::restart;
};

/// Samples that may be compared: indices [begin, end) into the series.
struct Segment {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool after_start = false;  ///< it begins with a start of the container, so the first minutes are warm-up

    [[nodiscard]] std::size_t size() const { return end - begin; }
};

struct CutSources {
    const Series& memory;
    const Series& start_time;  ///< values are seconds since the epoch
    const Series& restarts;    ///< counter
    const LimitHistory& limit;
    const std::vector<Timestamp>& starts;  ///< start times from the engine
};

/// All cuts but drops, rising; several reports of one restart become one cut, a revision before a restart before a
/// limit change. Only cuts inside the series are told.
std::vector<Cut> find_cuts(const CutSources& sources);

/// Falls of more than max(30 %, 6 x MAD of the differences) to near the start level, after a level that was held:
/// a short spike is none. Looked for inside each of the given segments.
std::vector<Cut> find_drops(std::span<const Point> points, const std::vector<Segment>& segments);

/// The parts between those cuts that `breaks` names; empty parts are left out.
std::vector<Segment> split(std::span<const Point> points, const std::vector<Cut>& cuts,
                           std::initializer_list<CutReason> breaks);

/// The segment without its warm-up: after a start the first 5 minutes, but at most a fifth of it.
Segment without_warm_up(std::span<const Point> points, Segment segment);

}  // namespace memrb::memory
