#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>

namespace memrb::test {

/// The memory controller's own numbers for a process's cgroup, read straight from the kernel: the truth that memrb's
/// answer is compared with. Cgroup v1 (also beside v2) and v2.
struct CgroupMemory {
    int version = 0;
    std::filesystem::path folder;
    std::uint64_t usage = 0;
    std::uint64_t inactive_file = 0;
    std::uint64_t working_set = 0;  ///< usage − inactive_file, at least 0
    std::uint64_t anon = 0;
    std::uint64_t file = 0;
    std::optional<std::uint64_t> limit;  ///< nothing: no limit
    std::uint64_t oom_kills = 0;
};

/// Nothing if the process is gone or its cgroup cannot be found.
std::optional<CgroupMemory> read_cgroup(pid_t pid);

}  // namespace memrb::test
