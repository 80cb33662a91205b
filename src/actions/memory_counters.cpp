#include "actions/memory_counters.h"

#include <fmt/core.h>

namespace memrb::actions {

namespace {

constexpr Bytes unlimited = Bytes{1} << 62U;  // no machine has 4 EiB; the kernel's "none" is just below 2^63

struct Names {
    std::string_view inactive_file, active_file, dirty, anon, file, shmem;
};

constexpr Names v1{"total_inactive_file", "total_active_file", "total_dirty",
                   "total_rss",           "total_cache",       "total_shmem"};
constexpr Names v2{"inactive_file", "active_file", "file_dirty", "anon", "file", "shmem"};

Bytes less(Bytes from, Bytes take) {
    return from > take ? from - take : 0;
}

}  // namespace

std::optional<MemoryReading> read_counters(const MemoryCounters& counters) {
    const Names& names = counters.version == 1 ? v1 : v2;
    const auto inactive = counters.stat(names.inactive_file);
    if (!inactive) {
        return std::nullopt;
    }
    MemoryReading memory;
    memory.usage = counters.usage;
    memory.used = less(counters.usage, *inactive);
    memory.anon = counters.stat(names.anon);
    memory.file = counters.stat(names.file);
    memory.shmem = counters.stat(names.shmem);
    if (const auto active = counters.stat(names.active_file);
        active && *active <= unlimited && *inactive <= unlimited) {
        const auto dirty = counters.stat(names.dirty);
        memory.reclaimable = dirty ? less(*inactive + *active, *dirty) : *inactive + *active;
    }
    return memory;
}

Limit limit_from_v1(Bytes bytes) {
    return bytes == 0 ? Limit(LimitUnknown{}) : bytes >= unlimited ? Limit(NoLimit{}) : Limit(bytes);
}

std::string describe_memory(const MemoryReading& memory) {
    const auto* limit = std::get_if<Bytes>(&memory.limit);
    if (limit == nullptr || *limit == 0) {
        return format_bytes(memory.used) + (std::holds_alternative<NoLimit>(memory.limit) ? ", no limit" : "");
    }
    return fmt::format("{} of {} = {}", format_bytes(memory.used), format_bytes(*limit),
                       format_percent(static_cast<double>(memory.used) / static_cast<double>(*limit)));
}

}  // namespace memrb::actions
