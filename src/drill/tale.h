#pragma once

#include "memrb/assessment.h"
#include "memrb/recovery.h"
#include "memrb/units.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::drill {

/// What an operator did in a drill, and what came of it.
struct Tale {
    /// An option that changed something, with all of its steps.
    struct Deed {
        Timestamp at{};
        std::string option;
        std::string service;         ///< of the target that it was done to
        bool disruptive = false;     ///< any of its changes
        bool evidence_lost = false;  ///< it was done though something could not be saved
    };
    struct Verdict {
        Timestamp at{};
        std::string cause;
        std::string service;
    };
    struct Look {
        Timestamp at{};
        std::string service;
        Level level = Level::unknown;
        std::optional<double> ratio;
        std::string trend;
        std::string first_cause;  ///< empty: none stands out
        std::string confidence;
    };
    struct Typed {
        Timestamp at{};
        std::string answer;
    };

    std::vector<Deed> deeds;
    std::vector<Verdict> verdicts;
    std::vector<Look> looks;  ///< each diagnosis
    std::vector<Typed> path;  ///< each answer
    std::vector<Timestamp> watches;
    std::vector<Timestamp> escalations;
    std::size_t hints = 0;
    std::string incident;  ///< the id of the last record of it; empty: none
    Timestamp ended{};
    std::string end;  ///< left, recovered, storm; of a record also off-record
};

/// A step that keeps what a change would destroy; it comes right before the first disruptive one.
bool saves_evidence(std::string_view step);

Tale::Look look_of(Timestamp at, std::string service, const Assessment& assessment);

}  // namespace memrb::drill
