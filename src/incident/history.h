#pragma once

#include "incident/store.h"
#include "memrb/assessment.h"
#include "memrb/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::incident {

/// How an incident ended, as far as its journal knows.
enum class Ended {
    open,         ///< its journal has no end: it goes on, or memrb was killed
    diagnosed,    ///< done
    no_data,      ///< nothing could be learnt
    quit,         ///< left by the person, saved
    interrupted,  ///< Ctrl-C or a signal
    failed,       ///< any other exit code
    recovered,    ///< its last watch saw the recovery
    not_recovered,
    relapsed,
    unverified,  ///< changed and not watched, or the last watch had no data to judge by
    escalated,   ///< handed over to somebody else
};
/// `open`, `diagnosed`, `no data`, `quit`, `interrupted`, `failed`, `recovered`, `not recovered`, ...
std::string_view to_string(Ended ended);

/// One incident in a few words.
struct Summary {
    std::string id;
    std::filesystem::path folder;
    Timestamp at{};
    std::string target;
    std::string platform;  ///< empty: no target was pinned
    std::string mode;      ///< live, dry-run, replay
    Level level = Level::unknown;
    std::string cause;         ///< id of the first cause; empty: none was named
    bool cause_clear = false;  ///< the first one has a clear lead
    Ended ended = Ended::open;
    std::optional<int> exit_code;
    std::size_t steps = 0;  ///< that were run to an end
    // What was done about it.
    std::string option;                          ///< the last one of which a change was made; empty: none
    std::optional<Timestamp> changed_at;         ///< when its last change had been made
    std::optional<bool> helped;                  ///< a watch or a diagnosis told afterwards; no value: nothing did
    std::optional<Milliseconds> until_recovery;  ///< from the change until all criteria held, as a watch saw it
};

struct History {
    std::vector<Summary> incidents;     ///< newest first
    std::vector<std::string> warnings;  ///< incidents that could not be read, with the reason
};

/// Which incidents; what is empty lets all pass.
struct HistoryFilter {
    std::string target;  ///< the whole name
    std::string cause;   ///< id of the first cause
    std::optional<Ended> outcome;
    std::optional<Timestamp> since;  ///< opened at or after it
    std::optional<Timestamp> until;  ///< opened before it
};

/// `not recovered`, `not-recovered`. Error (usage): there is no such outcome; the hint lists them.
Result<Ended> parse_outcome(std::string_view text);

/// The incidents of the store that pass the filter, by their indexes (index.h). One that cannot be read is a warning,
/// not an end.
Result<History> read_history(const Store& store, const HistoryFilter& filter = {});

/// One incident. Reads no more of its journal than it needs: most lines are passed over unparsed.
Result<Summary> summarize(const Entry& entry);

}  // namespace memrb::incident
