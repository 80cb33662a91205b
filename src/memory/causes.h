#pragma once

#include "memrb/assessment.h"

#include <string>
#include <vector>

namespace memrb::memory {

/// One sign of a cause, evaluated over the facts.
struct SignEvidence {
    enum class Holds { no, yes, unknown };  ///< unknown: the condition yielded null or an error
    int weight = 0;                         ///< negative: speaks against
    std::string says;
    Holds holds = Holds::unknown;
};

struct CauseEvidence {
    std::string id;
    std::string title;
    std::vector<SignEvidence> signs;
    std::vector<std::string> options;
};

struct Ranking {
    std::vector<RankedCause> causes;  ///< best first; only those with a score above 0, so it may be empty
    bool clear = false;  ///< the first one leads by 2 or more: it may be named alone; else name the top two
};

/// Ranks by the sum of the weights of the signs that hold; ties keep the runbook's order. A sign that could not be
/// judged counts nothing, but it is listed and lowers the confidence when it could turn the ranking. The trend caps the
/// confidence: growth over less than two days and without a restart may be the rising flank of a day, so at most
/// medium.
Ranking rank(std::vector<CauseEvidence> causes, const Trend& trend);

}  // namespace memrb::memory
