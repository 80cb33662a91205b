#pragma once

#include "memory/history.h"
#include "memrb/reading.h"

#include <cstddef>
#include <span>
#include <vector>

namespace memrb::memory {

/// The working set over the limit in force at that time, rising in time; a sample without a limit has no ratio and is
/// left out. Each is computed when it is looked at: of a long history that is only the end.
class Ratios {
public:
    /// None.
    Ratios() = default;
    /// `history` must outlive it.
    explicit Ratios(const History& history);
    /// As they are.
    explicit Ratios(std::vector<Point> ratios) : own_(std::move(ratios)) {}

    [[nodiscard]] std::size_t size() const { return samples_.empty() ? own_.size() : samples_.size(); }
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] Point operator[](std::size_t i) const {
        return samples_.empty() ? own_[i] : Point{samples_[i].at, samples_[i].value / limit_};
    }
    [[nodiscard]] Point back() const { return (*this)[size() - 1]; }
    /// How many are of `at` or earlier.
    [[nodiscard]] std::size_t until(Timestamp at) const;
    /// Those from `from` to `to`, both included.
    [[nodiscard]] std::vector<Point> between(Timestamp from, Timestamp to) const;

private:
    std::span<const Point> samples_;  ///< where one limit holds for all
    double limit_ = 1;
    std::vector<Point> own_;
};

}  // namespace memrb::memory
