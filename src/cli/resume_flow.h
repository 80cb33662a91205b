#pragma once

#include "cli/incident_command.h"
#include "engine/diagnose.h"
#include "engine/event_log.h"
#include "engine/interruption.h"
#include "engine/policy.h"
#include "memrb/ports.h"
#include "memrb/result.h"
#include "ui/line_reader.h"

#include <memory>
#include <string>
#include <vector>

namespace memrb::cli {

class World;
struct DiagnoseCase;

/// What `memrb resume` was asked for beyond the incident.
struct ResumeOptions {
    bool accept_changed_runbook = false;
    std::vector<std::string> done;      ///< ids of unknown steps that were done
    std::vector<std::string> not_done;  ///< ... that were not
};

/// A recorded incident whose journal this process writes now.
struct Reopened {
    PastIncident past;
    std::unique_ptr<Journal> journal;
    ResumeOptions options;
};

/// Before anything is run: whether the answers fit what is unknown, and whether what nobody can be asked about is
/// settled. Errors: usage; stale, if the runbook has changed and nobody has accepted that.
Result<void> check_resume(const World& world, const Reopened& reopened, const Runbook& runbook);

/// Shows what has changed since the record ended and how far the option is; then settles what is unknown: by the world,
/// by the answers that were given, by asking. Each finding is recorded. Errors: answer_needed; interrupted; declined by
/// the person comes back as nothing to go on with.
enum class Readiness { ready, declined, interrupted };
Result<Readiness> settle_unknown(World& world, const DiagnoseCase& the_case, engine::EventLog& log,
                                 const engine::Diagnosis& diagnosis, engine::Interruption& at, const Reopened& reopened,
                                 ui::LineReader* reader);

}  // namespace memrb::cli
