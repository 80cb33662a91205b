#include "memory/ratios.h"

#include <algorithm>

namespace memrb::memory {

Ratios::Ratios(const History& history) {
    const auto points = history.points();
    if (points.empty()) {
        return;
    }
    if (history.limit.changes().empty()) {
        if (const auto limit = bytes_of(history.limit.at(points.front().at))) {
            samples_ = points;
            limit_ = *limit;
        }
        return;
    }
    for (const Point& point : points) {
        if (const auto limit = bytes_of(history.limit.at(point.at))) {
            own_.push_back({point.at, point.value / *limit});
        }
    }
}

std::size_t Ratios::until(Timestamp at) const {
    const std::span<const Point> all = samples_.empty() ? std::span<const Point>(own_) : samples_;
    const auto after = std::upper_bound(all.begin(), all.end(), at,
                                        [](Timestamp moment, const Point& one) { return moment < one.at; });
    return static_cast<std::size_t>(after - all.begin());
}

std::vector<Point> Ratios::between(Timestamp from, Timestamp to) const {
    std::vector<Point> part;
    for (std::size_t i = until(from - Milliseconds{1}); i < size() && (*this)[i].at <= to; ++i) {
        part.push_back((*this)[i]);
    }
    return part;
}

}  // namespace memrb::memory
