#pragma once

#include "memrb/assessment.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::engine {

/// One part of a runbook's `recover.until`, that a person can be told of by itself.
struct CriterionPart {
    std::string program;            ///< jq
    std::string says;               ///< `memory below 80 %`, or the program
    std::optional<double> ceiling;  ///< it bounds the ratio to below this
    bool judges_trend = false;
};

/// The parts that `and` joins at the top of the program; the whole program where it is not that plain. What holds is
/// decided by the whole: parts are for showing.
std::vector<CriterionPart> criterion_parts(std::string_view until);

/// What is seen of a part: `61 %`, `not enough data`; empty if its words are the program itself.
std::string seen_of(const CriterionPart& part, const Assessment& assessment);

}  // namespace memrb::engine
