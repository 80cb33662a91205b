#pragma once

#include "memory/trend.h"

#include <optional>
#include <vector>

namespace memrb::memory {

/// A series in the time of each block.
struct BlockMeans {
    std::vector<double> values;  ///< empty if the series has no sample for the first block
    double error = 0;            ///< variance of one such mean, as neighbouring samples of a block differ; 0: not known
};
BlockMeans mean_by_block(const Series& series, const Life& life);

/// True if the growth gets slower all the time: over time, and if there is a load over the requests served too, since
/// growth for each request is uneven in time without slowing down. Nothing if it does not grow.
std::optional<bool> growth_slows(const JudgedTrend& judged, const Series& load);

/// Growth for each request goes on as the requests do, and their number in the next hours is known roughly only. If the
/// memory follows the requests served better than the time, the time to the limit is told anew: by the mean of the
/// window and with an interval that lets the load change by half.
void forecast_by_requests(const Series& load, Timestamp now, JudgedTrend& judged);

}  // namespace memrb::memory
