#pragma once

#include "memory/growth.h"
#include "memory/history.h"
#include "memory/life.h"
#include "memrb/assessment.h"

#include <optional>

namespace memrb::memory {

/// Where the memory is heading at `now`, after the gates described in docs/diagnosis.md. The present life of the
/// container decides; earlier lives are looked at when it is too short, or to say that it grew there too.
/// Always has a reason; insufficient_data says how much longer to wait.
Trend judge_trend(const History& history, Timestamp now);

/// The same, with what it was drawn from.
struct JudgedTrend {
    Trend trend;
    std::optional<Life> life;  ///< what the verdict is about: the present life, or what came after a fall or an onset
    std::optional<Growth> growth;  ///< of that life
};
JudgedTrend judge_course(const History& history, Timestamp now, const Gates& gates = {});

}  // namespace memrb::memory
