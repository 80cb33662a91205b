#pragma once

#include "memrb/assessment.h"
#include "wire/target_json.h"

namespace memrb::wire {

/// The parts of the contract `memrb/diagnosis/v1` that an assessment holds: memory, level, thresholds, trend, oom,
/// causes, options, right_size, restarts, warnings, series (docs/json.md). Bytes are integers, unknown is null,
/// infinite is null. `memory` is always an object; without a reading all of it is null but `why`.
Json to_json(const Assessment& assessment);

Json to_json(const MemoryReading& reading, const std::optional<double>& ratio);
/// The same members, all null: nothing was measured.
Json no_memory_json(std::string_view why);
Json to_json(const Trend& trend);
Json to_json(const OomAssessment& oom);
Json to_json(const std::optional<RightSize>& right_size);

/// Reads back what the journal needs to show a recorded diagnosis (all of the above but `features`). Numbers that are
/// written as whole bytes or seconds come back rounded; an infinite interval end comes back infinite.
Result<Assessment> assessment_from_json(const Json& json);

/// The words of JSON: `docker_event`, `pod`; `?` for what is no such value.
std::string_view word(OomSource source);
std::string_view word(OomLevel level);

}  // namespace memrb::wire
