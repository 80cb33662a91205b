#pragma once

#include "memory/oom.h"
#include "memrb/assessment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace memrb::memory {

/// 128 + SIGKILL, as engines report a main process that was killed.
inline constexpr int killed_exit = 137;

/// Where an observation comes from: two sources of one origin are one observation told twice.
enum class OomOrigin {
    wait_status,    ///< the exit status of the main process
    engine_notice,  ///< the engine's listener on the cgroup: OOMKilled and the event `oom`
    kernel_log,     ///< the kernel's own words; cAdvisor's counter is made from them
    cgroup,         ///< the cgroup's counter
    kubelet,
    cloud,
};

/// What one source says.
struct OomWitness {
    enum class Finding { unread, nothing, seen };
    OomSource source = OomSource::container_state;
    OomOrigin origin = OomOrigin::engine_notice;
    Finding finding = Finding::unread;
    bool proves = false;    ///< what it has seen is a kill beyond doubt
    bool reliable = false;  ///< that it has seen nothing means something
    std::uint64_t count = 0;
    std::optional<Timestamp> last_at = std::nullopt;
    OomLevel level = OomLevel::unknown;
    std::string says = {};  ///< one line for a person
};

/// All sources that were read, failed or are expected, in the order of OomSource.
std::vector<OomWitness> hear_witnesses(const OomEvidence& evidence);

}  // namespace memrb::memory
