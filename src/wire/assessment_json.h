#pragma once

#include "memrb/assessment.h"
#include "wire/target_json.h"

namespace memrb::wire {

/// The parts of the contract `memrb/diagnosis/v1` that an assessment holds: memory, level, thresholds, trend, oom,
/// causes, options, right_size, restarts, warnings (docs/json.md). Bytes are integers, unknown is null, infinite is
/// null.
Json to_json(const Assessment& assessment);

Json to_json(const MemoryReading& reading, const std::optional<double>& ratio);
Json to_json(const Trend& trend);
Json to_json(const OomAssessment& oom);

/// Reads back what the journal needs to show a recorded diagnosis (all of the above but `features`).
Result<Assessment> assessment_from_json(const Json& json);

}  // namespace memrb::wire
