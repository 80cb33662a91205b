#pragma once

#include "memrb/action.h"
#include "memrb/reading.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::actions {

/// One container as `docker stats` prints it: rounded to four digits, cache that can be dropped already taken off.
struct StatsRow {
    std::string id;  ///< its first 12 digits, or empty
    std::string name;
    std::optional<Bytes> used;   ///< nothing: `--`
    std::optional<Bytes> limit;  ///< the container's, or the host's memory if it has none
};

/// The rows of `docker stats --no-stream`: JSON lines, the default table, or any `table` format that has the columns
/// NAME and MEM USAGE / LIMIT. Rows that are none of it are left out.
std::vector<StatsRow> read_stats_rows(std::string_view text);

/// The target's memory among the rows, else all of them. Zeros are what docker prints of a container that does not run.
Interpretation interpret_stats(const ActionContext& context, Timestamp at, std::string_view text);

/// All rows, for "which container is it?". The greatest limit may be the host's memory, so it is not told as one.
FleetReading fleet_of(const std::vector<StatsRow>& rows, const ActionContext& context, Timestamp at);

/// The target's own row as a reading, or why there is none.
Reading reading_of(const std::vector<StatsRow>& rows, const ActionContext& context, Timestamp at);

}  // namespace memrb::actions
