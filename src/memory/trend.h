#pragma once

#include "memory/history.h"
#include "memrb/assessment.h"

namespace memrb::memory {

/// Where the memory is heading at `now`, after the gates described in docs/diagnosis.md. The present life of the
/// container decides; earlier lives are looked at when it is too short, or to say that it grew there too.
/// Always has a reason; insufficient_data says how much longer to wait.
Trend judge_trend(const History& history, Timestamp now);

}  // namespace memrb::memory
