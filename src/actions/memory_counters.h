#pragma once

#include "actions/json_get.h"
#include "memrb/reading.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace memrb::actions {

/// The value of a line of `memory.stat`, or of the engine's copy of it; nothing if there is none.
using StatLookup = std::function<std::optional<Bytes>(std::string_view)>;

/// What the memory controller counts for one container, in bytes. Version 1 has `total_` counters (children included),
/// version 2 counts that way by itself.
struct MemoryCounters {
    int version = 2;
    Bytes usage = 0;
    StatLookup stat;
};

/// Working set and its parts: usage - inactive_file, floored at 0. Nothing if the counter that is to be taken off is
/// missing: usage alone would count the cache as used. `limit`, `at` and `source` are left to the caller.
std::optional<MemoryReading> read_counters(const MemoryCounters& counters);

/// A limit as cgroup v1 writes it: "none" is 2^63 rounded down to a page.
Limit limit_from_v1(Bytes bytes);

/// `47.9 of 64 MiB = 74 %`, or without a limit only what is used.
std::string describe_memory(const MemoryReading& memory);

}  // namespace memrb::actions
