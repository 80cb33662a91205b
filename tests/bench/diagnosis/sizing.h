#pragma once

#include "incident.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace memrb::bench {

/// Limits that rules propose from one to seven days of history, judged by what comes afterwards.
/// memrb: right_size() of assess(), without being told of any limit. VPA: 90th percentile of the peaks of each day in
/// buckets of 5 %, times 1.15. KRR: the highest sample, times 1.15, in whole MiB, 100 MiB at least. x1.0: the peak.
struct SizeRow {
    std::string_view rule;
    std::size_t killed = 0;  ///< the unseen peak is above the proposed limit
    std::size_t of = 0;
    std::vector<double> slack;  ///< proposed / unseen peak - 1, of those that were not killed
};

/// As long again as the history comes afterwards.
std::array<SizeRow, 4> score_sizes(Split split, std::uint64_t first_seed, std::size_t cases);

void print(const std::array<SizeRow, 4>& rows);

}  // namespace memrb::bench
