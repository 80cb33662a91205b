#include "runbook/scenario_keys.h"

#include <array>

namespace memrb::runbook {

namespace {

constexpr std::array<std::string_view, 3> platforms{"docker", "kubernetes", "cloud-run"};
constexpr std::array<std::string_view, 2> up_or_down{"up", "down"};

constexpr std::array scenario_table{
    Key{"drill", Shape::version, true, "the format's version, 1"},
    Key{"id", Shape::id, true, "name of the drill, as `memrb drill ID` takes it"},
    Key{"title", Shape::text, true, "one line that does not give the cause away"},
    Key{"platform", Shape::choice, false, "left out: docker", nullptr, platforms},
    Key{"runbook", Shape::id, false, "the runbook to play by; left out: that of the platform"},
    Key{"alert", Shape::text, true, "the text that begins the drill"},
    Key{"target", Shape::id, true, "the service that the alert names"},
    Key{"culprit", Shape::id, false, "the service that is to blame; left out: the target"},
    Key{"vars", Shape::values, false, "values of the runbook's variables"},
    Key{"host_memory", Shape::text, false, "memory of the machine; left out: 8Gi"},
    Key{"before", Shape::duration, false, "how long the world has run when the alert comes; left out: 6h"},
    Key{"services", Shape::objects, true, "what runs", &drill_service_keys},
    Key{"changes", Shape::objects, false, "what happens outside of the services", &drill_change_keys},
    Key{"cause", Shape::id, true, "a cause's id, or none: the verdict that is right"},
    Key{"explanation", Shape::text, true, "what it really was, for the debrief"},
    Key{"sensible", Shape::ids, false, "options that are no needless disruption, each once"},
    Key{"escalate_by", Shape::duration, false, "others must be called by then; left out: nobody needs to be"},
    Key{"team_takes", Shape::duration, false, "from the call until the fixed version runs"},
    Key{"par", Shape::duration, false, "time to relief for all points; left out: 10m"},
    Key{"hints", Shape::texts, true, "the vaguest first"},
    Key{"good_path", Shape::objects, true, "what a good operator types, and why", &drill_move_keys},
};

constexpr std::array service_table{
    Key{"name", Shape::id, true, "name of the service"},
    Key{"limit", Shape::text, false, "memory limit of a container, as 512Mi; left out: none"},
    Key{"replicas", Shape::text, false, "how many containers; left out: 1"},
    Key{"versions", Shape::objects, true, "its images, the oldest first", &drill_version_keys},
    Key{"fixed", Shape::object, false, "what its team would deploy", &drill_version_keys},
    Key{"load", Shape::objects, false, "requests per second over the time", &drill_load_keys},
    Key{"log", Shape::texts, false, "lines that its log repeats"},
    Key{"redis_maxmemory", Shape::text, false, "it is a Redis with this bound; 0: without one"},
    Key{"child_killed", Shape::text, false, "a process inside was OOM killed then, as -3h"},
};

constexpr std::array version_table{
    Key{"image", Shape::text, true, "image with its tag"},
    Key{"since", Shape::text, false, "when it was deployed, as -2h; left out: from the beginning"},
    Key{"memory", Shape::object, true, "what it does with memory, per container", &drill_memory_keys},
};

constexpr std::array memory_table{
    Key{"base", Shape::text, true, "without any request, a minute after the start"},
    Key{"leak_per_hour", Shape::text, false, "heap that is never given back"},
    Key{"per_request", Shape::text, false, "heap that a request holds while it is at work"},
    Key{"takes", Shape::duration, false, "how long a request is at work; left out: 500ms"},
    Key{"cache_per_hour", Shape::text, false, "what an empty cache takes on in an hour"},
    Key{"cache_up_to", Shape::text, false, "what the full cache would hold; left out: no end"},
    Key{"garbage_per_hour", Shape::text, false, "garbage that nobody has collected yet"},
    Key{"garbage_up_to", Shape::text, false, "where the collector runs; left out: only when it is told to"},
    Key{"file_per_hour", Shape::text, false, "page cache in use"},
    Key{"file_up_to", Shape::text, false, "left out: up to the limit"},
    Key{"payload", Shape::text, false, "heap of a large request, now and then"},
    Key{"payload_every", Shape::duration, false, "how often one comes"},
    Key{"payload_takes", Shape::duration, false, "how long it is at work; left out: 1m"},
    Key{"connections", Shape::text, false, "open from the start"},
    Key{"connections_per_hour", Shape::text, false, "opened and never closed"},
    Key{"per_connection", Shape::text, false, "heap of each"},
};

constexpr std::array load_table{
    Key{"at", Shape::text, true, "counted from the alert, as -90m or 10m"},
    Key{"per_second", Shape::text, true, "requests per second; straight lines between the points"},
};

constexpr std::array change_table{
    Key{"at", Shape::text, true, "counted from the alert"},
    Key{"prometheus", Shape::choice, true, "up or down", nullptr, up_or_down},
};

constexpr std::array move_table{
    Key{"answer", Shape::text, true, "a line as it is typed"},
    Key{"why", Shape::text, false, "why it is good, for the debrief"},
};

}  // namespace

const Object scenario_keys{"scenario", "a drill", scenario_table};
const Object drill_service_keys{"service", "a service", service_table};
const Object drill_version_keys{"version", "a version", version_table};
const Object drill_memory_keys{"memory", "`memory`", memory_table};
const Object drill_load_keys{"load", "a point of the load", load_table};
const Object drill_change_keys{"change", "a change", change_table};
const Object drill_move_keys{"move", "a move", move_table};

}  // namespace memrb::runbook
