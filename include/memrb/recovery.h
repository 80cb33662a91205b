#pragma once

#include "memrb/assessment.h"
#include "memrb/units.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb {

/// How a watch for recovery ended. `unknown`: there was no data to judge by; that is never health.
enum class Recovery { recovered, not_recovered, relapsed, unknown };
/// As in JSON: `not_recovered`.
std::string_view to_string(Recovery recovery);

/// One of the things that must hold all the time that is watched.
struct Criterion {
    enum class State { holds, fails, unknown };
    std::string says;  ///< `memory below 80 %`, or the runbook's own condition
    State state = State::unknown;
    std::string now;      ///< what is seen of it: `61 %`, `growing`; may be empty
    Milliseconds held{};  ///< without a break until now
};
std::string_view to_string(Criterion::State state);

/// What a watch saw at one moment.
struct WatchSample {
    std::size_t number = 0;  ///< from 1
    Milliseconds elapsed{};  ///< since the watch began
    std::optional<Bytes> used;
    Limit limit;
    std::optional<double> ratio;
    Level level = Level::unknown;
    std::optional<std::uint64_t> restarts;   ///< as the platform counts them
    std::optional<std::uint64_t> oom_kills;  ///< in the time that the sources look back
    std::vector<Criterion> criteria;
    Milliseconds held{};  ///< how long all of them have held
    Milliseconds left{};  ///< until recovered if they go on to hold, else until the watch is over
    std::string missing;  ///< why it proves nothing; empty: it is whole
};

struct WatchResult {
    Recovery recovery = Recovery::unknown;
    std::string why;                   ///< one line
    std::vector<std::string> caveats;  ///< what it could not see although it ended like this
    bool stopped = false;              ///< a person ended it before its time
    Milliseconds held{};
    Milliseconds elapsed{};
    std::size_t samples = 0;  ///< that proved something
    std::size_t missing = 0;  ///< that did not
};

}  // namespace memrb
