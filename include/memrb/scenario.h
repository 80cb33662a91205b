#pragma once

#include "memrb/target.h"
#include "memrb/units.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace memrb {

/// What one run of a service does with memory. All of it per container; 0: it does not.
struct DrillMemory {
    Bytes base = 0;            ///< without any request, a minute after the start
    Bytes leak_per_hour = 0;   ///< heap that is never given back
    Bytes per_request = 0;     ///< heap that a request holds while it is at work
    Milliseconds takes{500};   ///< how long a request is at work
    Bytes cache_per_hour = 0;  ///< what an empty cache takes on in an hour
    Bytes cache_up_to = 0;     ///< what it would hold if it were full; 0: no end
    Bytes garbage_per_hour = 0;
    Bytes garbage_up_to = 0;  ///< the collector runs there; 0: only when it is told to
    Bytes file_per_hour = 0;  ///< page cache in use, which the kernel can drop
    Bytes file_up_to = 0;     ///< 0: up to the limit
    Bytes payload = 0;        ///< a large request, now and then
    Milliseconds payload_every{0};
    Milliseconds payload_takes{60'000};
    double connections = 0;  ///< open from the start
    double connections_per_hour = 0;
    Bytes per_connection = 0;
};

/// An image of a service, which runs from a moment on.
struct DrillVersion {
    std::string image;
    std::optional<Milliseconds> since;  ///< counted from the alert, before it; absent: from the beginning
    DrillMemory memory;
};

struct DrillLoad {
    Milliseconds at{};  ///< counted from the alert; straight lines between the points
    double per_second = 0;
};

struct DrillService {
    std::string name;
    std::optional<Bytes> limit;  ///< absent: none
    int replicas = 1;
    std::vector<DrillVersion> versions;  ///< the oldest first
    std::optional<DrillVersion> fixed;   ///< what its team would deploy
    std::vector<DrillLoad> load;
    std::vector<std::string> log;              ///< lines that its log repeats
    std::optional<Bytes> redis_maxmemory;      ///< it is a Redis; 0: without a bound
    std::optional<Milliseconds> child_killed;  ///< when a process inside was OOM killed, before the alert
};

/// Something outside of the services, at a moment counted from the alert.
struct DrillChange {
    Milliseconds at{};
    bool prometheus_up = true;
};

/// One thing that a good operator does, as it is typed, and why.
struct DrillMove {
    std::string answer;
    std::string why;
};

/// A drill: a world, what is wrong with it, and what would be good to do.
struct Scenario {
    std::string id;
    std::string title;
    std::string alert;  ///< the text that begins it
    Platform platform = Platform::docker;
    std::string target;   ///< the service that the alert names
    std::string culprit;  ///< the service that is to blame; mostly the same
    std::string runbook;  ///< id; empty: the platform's own
    std::map<std::string, std::string> vars;
    std::vector<DrillService> services;
    std::vector<DrillChange> changes;
    Bytes host_memory = Bytes{8} << 30U;
    Milliseconds before{6 * 3'600'000};  ///< how long the world has run when the alert comes

    std::string cause;                        ///< a cause's id, or `none`
    std::string explanation;                  ///< what it really was
    std::vector<std::string> sensible;        ///< options that do not count as needless
    std::optional<Milliseconds> escalate_by;  ///< from the alert on; absent: nobody needs to be called
    std::optional<Milliseconds> team_takes;   ///< from a call for help until the fixed version runs
    Milliseconds par{600'000};                ///< until relief, for all points
    std::vector<std::string> hints;           ///< the vaguest first
    std::vector<DrillMove> good_path;
};

}  // namespace memrb
