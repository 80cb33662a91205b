#pragma once

#include "actions/command_line.h"
#include "memrb/action.h"
#include "memrb/outcome.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace memrb::actions {

/// What Redis tells of its memory (`INFO`, sections memory and stats). It is Redis' own account, not the container's.
struct RedisMemory {
    Bytes used = 0;
    std::optional<Bytes> peak;
    std::optional<Bytes> maxmemory;          ///< 0: there is none, Redis grows until something else stops it
    std::string policy;                      ///< what it evicts at maxmemory, as `allkeys-lru`; empty: not told
    std::optional<double> fragmentation;     ///< resident / used, above 0
    std::optional<std::uint64_t> evictions;  ///< keys since its start; only with the section stats
};

/// Nothing: `used_memory` is missing or no number. Of what else is no number the member stays empty.
std::optional<RedisMemory> read_redis_info(std::string_view text);

/// `used 3.5 of 4 MiB maxmemory = 88 %, peak 4 MiB, policy allkeys-lru, fragmentation 1.2, 17 keys evicted`
std::string describe(const RedisMemory& memory);

/// The answer to `exec ... redis-cli ... info ...`. No value: that was not asked for.
std::optional<Interpretation> interpret_redis(const CommandLine& line, const Outcome& outcome);

}  // namespace memrb::actions
