#pragma once

#include "memrb/scenario.h"
#include "memrb/units.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace memrb::drill {

constexpr double one_mebibyte = 1024.0 * 1024;

/// How often memory is scraped.
constexpr Milliseconds scrape_every{15'000};
constexpr std::size_t scrapes_a_minute = 4;

/// What a scrape has seen of a container. Amounts are bytes.
struct Sample {
    Timestamp at{};
    double usage = 0;
    double anon = 0;
    double active_file = 0;
    double inactive_file = 0;
    double limit = 0;  ///< 0: none
    Timestamp started{};
    double kills = 0;
    double requests = 0;  ///< counted since the container was made
    double connections = 0;

    [[nodiscard]] double file() const { return active_file + inactive_file; }
    [[nodiscard]] double working_set() const { return anon + active_file; }
};

/// One container of a service: a replica, an instance, a pod.
struct Container {
    std::string id;  ///< 64 hex digits
    std::string name;
    std::size_t service = 0;  ///< its number in the world
    int number = 1;           ///< among the replicas
    int pid = 0;
    DrillVersion version;
    double limit = 0;  ///< bytes, 0: none

    Timestamp created{};
    Timestamp started{};
    std::optional<Timestamp> finished;  ///< the end of the last run
    std::optional<Timestamp> removed;
    bool running = true;
    bool oom_flag = false;
    int exit_code = 0;
    std::uint64_t restarts = 0;
    std::uint64_t kills = 0;

    // Where its memory is, in bytes.
    double leaked = 0;
    double cached = 0;
    double garbage = 0;
    double connections = 0;
    double in_flight = 0;
    double payload = 0;
    double warm = 0;  ///< of the base
    double active_file = 0;
    double inactive_file = 0;
    double requests = 0;

    std::vector<Sample> samples;

    [[nodiscard]] double anon() const;
    [[nodiscard]] double usage() const { return anon() + active_file + inactive_file; }
    [[nodiscard]] double working_set() const { return anon() + active_file; }
    /// A new run: what was in memory is gone.
    void begin(Timestamp at);
};

constexpr int killed_by_kernel = 137;
constexpr int asked_to_end = 143;

/// What the engine tells of as an event.
struct EngineEvent {
    Timestamp at{};
    std::string action;  ///< create, start, oom, die, restart, destroy, update
    std::string id;
    std::string name;
    std::string image;
    std::size_t service = 0;  ///< its number in the world
    std::optional<int> exit_code = std::nullopt;

    /// The end of a run by the OOM killer.
    [[nodiscard]] bool killed() const { return action == "die" && exit_code == killed_by_kernel; }
};

}  // namespace memrb::drill
