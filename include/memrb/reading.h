#pragma once

#include "memrb/units.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace memrb {

struct LimitUnknown {
    bool operator==(const LimitUnknown&) const = default;
};
struct NoLimit {
    bool operator==(const NoLimit&) const = default;
};
/// Bytes, or the knowledge that there is none, or no knowledge. Zero bytes is not a limit.
using Limit = std::variant<LimitUnknown, NoLimit, Bytes>;

/// One measurement of one container.
struct MemoryReading {
    Timestamp at{};
    std::string metric = "working set";  ///< what `used` is, named wherever it is shown
    Bytes used = 0;                      ///< usage - inactive_file, floored at 0 (what cAdvisor and the kubelet use)
    Limit limit;
    std::optional<Bytes> usage;  ///< all that is charged, page cache included
    std::optional<Bytes> anon;   ///< heap, stacks: v1 `total_rss`, v2 `anon`
    std::optional<Bytes> file;   ///< page cache, shmem included
    std::optional<Bytes> shmem;  ///< tmpfs and shared memory: inside `file`, cannot be dropped
    std::optional<Bytes>
        reclaimable;     ///< what the kernel can drop: inactive_file + active_file - (dirty, unknown: kept)
    std::string source;  ///< `cgroup v1`, `docker engine`, `docker stats` (rounded), `prometheus`
};

struct Point {
    Timestamp at{};
    double value = 0;  ///< NaN is kept as delivered; memory/ cleans
};

enum class SeriesRole {
    memory,       ///< working set, bytes
    limit,        ///< bytes; 0 = no limit
    usage,        ///< bytes, page cache included
    anon,         ///< bytes (container_memory_rss)
    file,         ///< bytes (container_memory_cache)
    load,         ///< requests per second, or concurrency
    descriptors,  ///< open files or connections
    restarts,     ///< counter
    oom_events,   ///< counter; cAdvisor's is often 0 and proves nothing then
    start_time,   ///< seconds since the epoch
    other,
};

/// Samples of one series, oldest first.
struct SeriesReading {
    SeriesRole role = SeriesRole::other;
    std::string metric;
    std::vector<std::pair<std::string, std::string>> labels;
    std::vector<Point> points;
    bool raw = false;  ///< stored samples; false: a query_range grid, which looks back over gaps
};

enum class OomSource { container_state, docker_event, kernel_log, cgroup_counter, pod_status, cloud_log, metric };
enum class OomLevel { unknown, process, container, pod, node };

struct OomSighting {
    OomLevel level = OomLevel::unknown;
    std::optional<Timestamp> at;
    std::uint64_t count = 1;
    std::string detail;  ///< one line, e.g. the kernel's own words
};

/// A source that could be read, and what it has seen; an empty list says "looked, nothing there".
struct OomCheck {
    OomSource source = OomSource::container_state;
    std::vector<OomSighting> sightings;
    std::optional<Timestamp> since;  ///< the check covers the time from here on
};

/// The engine's view of the container.
struct StateReading {
    std::string status;  ///< running, exited, restarting, paused, created, dead
    bool running = false;
    std::optional<int> exit_code;    ///< only for a container that has ended
    std::optional<bool> oom_killed;  ///< set by any OOM kill inside, also a child's; reset on start
    std::optional<std::uint64_t> restarts;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> finished_at;
    std::string health;  ///< healthy, unhealthy, starting, or empty: none declared
};

/// Memory of all containers of a host, for "which one is it?".
struct FleetReading {
    struct Row {
        std::string name;
        MemoryReading memory;
    };
    std::vector<Row> rows;
};

/// Nothing could be learnt. Never to be read as zero.
struct NoData {
    std::string what;
    std::string why;
};

using Reading = std::variant<MemoryReading, SeriesReading, OomCheck, StateReading, FleetReading, NoData>;

}  // namespace memrb
