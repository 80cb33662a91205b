#include "memory/oom.h"

#include "memory/oom_witness.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>

namespace memrb::memory {

namespace {

using namespace std::chrono_literals;

constexpr double nearly_full = 0.9;
constexpr Milliseconds present = 5min;
constexpr Milliseconds same_end = 1min;  // between the kernel's kill and the engine's word of the end

using Verdict = OomAssessment::Verdict;

// Origins that are not merely two reports of one observation.
std::vector<OomSource> independent(const std::vector<OomWitness>& witnesses) {
    std::vector<OomSource> sources;
    std::vector<OomOrigin> origins;
    for (const OomWitness& witness : witnesses) {
        const bool counts = witness.finding == OomWitness::Finding::seen && witness.proves;
        if (counts && std::find(origins.begin(), origins.end(), witness.origin) == origins.end()) {
            origins.push_back(witness.origin);
            sources.push_back(witness.source);
        }
    }
    return sources;
}

OomLevel level_of(const std::vector<OomWitness>& witnesses) {
    OomLevel level = OomLevel::unknown;
    for (const OomWitness& witness : witnesses) {
        if (witness.finding == OomWitness::Finding::seen) {
            level = std::max(level, witness.level);
        }
    }
    return level;
}

void count_kills(const std::vector<OomWitness>& witnesses, OomAssessment& oom) {
    for (const OomWitness& witness : witnesses) {
        if (witness.finding == OomWitness::Finding::seen) {
            oom.count = std::max(oom.count, witness.count);
            if (witness.last_at && (!oom.last_at || *witness.last_at > *oom.last_at)) {
                oom.last_at = witness.last_at;
            }
        }
    }
}

bool ended_by_sigkill(const StateReading* state) {
    return state != nullptr && state->exit_code == killed_exit;
}

}  // namespace

OomAssessment judge_oom(const OomEvidence& evidence) {
    const std::vector<OomWitness> witnesses = hear_witnesses(evidence);
    OomAssessment oom;
    bool looked = false;
    bool flagged = false;  // only the engine's flag: some process inside was killed at some time
    for (const OomWitness& witness : witnesses) {
        oom.evidence.push_back(fmt::format("{}: {}", name_of(witness.source), witness.says));
        looked = looked || (witness.finding == OomWitness::Finding::nothing && witness.reliable);
        flagged = flagged || (witness.finding == OomWitness::Finding::seen && !witness.proves);
    }
    oom.confirmed_by = independent(witnesses);
    const bool was_full = evidence.last_ratio && *evidence.last_ratio >= nearly_full;
    if (!oom.confirmed_by.empty()) {
        oom.verdict = Verdict::confirmed;
        if (oom.confirmed_by.size() == 1) {
            oom.evidence.push_back(fmt::format("one source only: {}", name_of(oom.confirmed_by.front())));
        }
    } else if (flagged) {
        oom.verdict = Verdict::probable;
        oom.evidence.emplace_back("the flag alone does not say which process was killed, nor when");
    } else if (ended_by_sigkill(evidence.state)) {
        oom.verdict = was_full ? Verdict::probable : Verdict::unknown;
        oom.evidence.push_back(
            was_full ? fmt::format("the last ratio before the end was {}", format_percent(*evidence.last_ratio))
                     : "exit 137 alone is any SIGKILL: a person, an engine, a node");
    } else {
        oom.verdict = looked ? Verdict::none : Verdict::unknown;
    }
    if (oom.verdict == Verdict::confirmed || flagged) {
        count_kills(witnesses, oom);
        oom.level = level_of(witnesses);
    } else if (oom.verdict == Verdict::probable) {
        oom.count = 1;
        oom.last_at = evidence.state->finished_at;
        oom.level = OomLevel::container;
    }
    return oom;
}

bool oom_is_present(const OomAssessment& oom, const StateReading* state, Timestamp now) {
    if (oom.verdict != Verdict::confirmed) {
        return false;
    }
    if (oom.last_at && *oom.last_at <= now && now - *oom.last_at <= present) {
        return true;
    }
    if (!ended_by_sigkill(state)) {
        return false;
    }
    const bool by_this_kill = oom.last_at && state->finished_at && *state->finished_at >= *oom.last_at &&
                              *state->finished_at - *oom.last_at <= same_end;
    return state->oom_killed == true || by_this_kill;
}

}  // namespace memrb::memory
