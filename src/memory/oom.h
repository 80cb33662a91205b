#pragma once

#include "memory/series.h"
#include "memrb/assessment.h"
#include "memrb/reading.h"
#include "memrb/target.h"

#include <optional>
#include <string_view>
#include <vector>

namespace memrb::memory {

struct OomEvidence {
    const std::vector<Reading>& readings;  ///< looked at: OomCheck, and NoData for sources that could not be read
    const StateReading* state = nullptr;   ///< null: not read
    const Series& oom_events;              ///< counter of the target; empty: none
    std::optional<double> last_ratio;  ///< used / limit, the last known one (of a container that ended: before that)
    Platform platform = Platform::docker;  ///< which sources are to be expected
    Timestamp now{};                       ///< later sightings do not count
};

/// Was the OOM killer at work? The rules are in docs/diagnosis.md. Evidence has one line for each source that was read,
/// failed, or is expected on the platform, and says so when a verdict rests on one independent source only.
OomAssessment judge_oom(const OomEvidence& evidence);

/// `container state`, `docker events`, `kernel log`, ...: begins each line of evidence.
std::string_view name_of(OomSource source);

/// The source that a NoData::what speaks of, by the words that actions use (`docker inspect`, `kernel log`, `cgroup`).
std::optional<OomSource> source_named(std::string_view what);

/// A confirmed kill within the 5 minutes before `now`, or one that the container is down of: the limit was reached.
bool oom_is_present(const OomAssessment& oom, const StateReading* state, Timestamp now);

}  // namespace memrb::memory
