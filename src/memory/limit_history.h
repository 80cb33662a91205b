#pragma once

#include "memory/series.h"
#include "memrb/reading.h"

#include <optional>
#include <vector>

namespace memrb::memory {

/// The limit in force at each moment.
class LimitHistory {
public:
    LimitHistory() = default;
    /// `known` is what the engine says today; it holds for all times that the series does not speak of.
    LimitHistory(const Series& series, Limit known);

    /// From `at` on this limit is in force (a live reading). An unknown limit changes nothing.
    void set_from(Timestamp at, const Limit& limit);

    /// The last change at or before `at`; before the first one, the first.
    [[nodiscard]] Limit at(Timestamp at) const;
    /// Moments at which it changed from one known value to another; the first value is no change.
    [[nodiscard]] std::vector<Timestamp> changes() const;

private:
    struct Change {
        Timestamp at{};
        Limit limit;
    };
    std::vector<Change> changes_;  ///< rising in time, neighbours differ
};

/// Bytes as a metric delivers them: 0 and the kernel's "unlimited" (2^63 less a page, 2^64) are no limit.
Limit limit_from_metric(double value);

/// `limit` in bytes if there is one.
std::optional<double> bytes_of(const Limit& limit);

/// A non-negative double as bytes, cut to what fits.
Bytes to_bytes(double value);

}  // namespace memrb::memory
