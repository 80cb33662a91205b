#pragma once

#include "memory/history.h"
#include "memrb/assessment.h"

#include <optional>

namespace memrb::memory {

struct SizeEvidence {
    const History& history;
    const Trend& trend;
    const OomAssessment& oom;
    Timestamp now{};
};

/// A limit that fits, with the reason in one sentence; the present limit if that one fits. None without 36 samples over
/// 30 min, unless it was OOM killed. A leak gets a stop-gap for a named time, never "the fix".
std::optional<RightSize> right_size(const SizeEvidence& evidence);

/// Up to the next 16 MiB, above 1 GiB to the next 64 MiB.
Bytes rounded_up(double bytes);

}  // namespace memrb::memory
