#pragma once

#include "engine/condition.h"
#include "engine/event_log.h"
#include "engine/facts.h"
#include "engine/variables.h"
#include "memrb/ports.h"
#include "memrb/runbook.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace memrb::engine {

/// What a run is about and may know. Fixed once the target is pinned.
struct Session {
    const Runbook& runbook;
    const Target& target;
    const std::vector<std::pair<std::string, std::string>>& host_containers;
    const Variables& vars;
    const Tools& tools;
    Timestamp now{};
    bool past = false;
};

/// What a run works with.
struct Instruments {
    Runner& runner;
    EventLog& log;
    const Programs& programs;
    const Stop& stop;
    std::size_t jobs = 8;   ///< reads side by side, 1 to 64
    bool previews = false;  ///< a dry run: what only a person can do is told as not previewable
};

struct StepResult {
    const Step* step = nullptr;
    StepStatus status = StepStatus::unknown;
    std::optional<Request> request;  ///< as it was run, or as it would be
    Outcome outcome;
    std::vector<Reading> readings;
    Pairs captures;
    std::string note;
    std::string why;  ///< for all but ok: one line for a person
    std::vector<std::string> warnings;
    std::vector<std::string> waits_for;  ///< in a dry run: step ids, or measuring_wait, without which it is not known
    std::optional<Truth> condition;      ///< what `when` says; nothing: it has none, or was not asked
};

/// Assesses what is known so far; called once, when all steps that do not look at the assessment have ended.
using AssessSoFar = std::function<Assessment(const std::vector<StepResult>&)>;

/// Runs read-only steps: side by side, but each after those whose captures or facts it uses, and those whose condition
/// looks at memory, trend, OOM or restarts after all others. Results are in the order of `steps`. Ctrl-C
/// (Instruments::stop) ends what runs and starts nothing more.
std::vector<StepResult> execute_reads(const std::vector<const Step*>& steps, const Session& session,
                                      const Instruments& instruments, const AssessSoFar& assess);

}  // namespace memrb::engine
