#pragma once

#include "cli/diagnose_options.h"
#include "engine/event_log.h"
#include "engine/watch.h"
#include "memrb/recovery.h"

#include <optional>
#include <string>
#include <vector>

namespace memrb::cli {

class World;
struct DiagnoseCase;

/// What a watch is asked for beyond what the runbook says.
struct WatchSettings {
    std::optional<Milliseconds> every;
    std::optional<Milliseconds> lasts;
    std::string incident;               ///< for showing
    std::vector<std::string> warnings;  ///< shown with the report
    Format format = Format::text;
    std::size_t jobs = 16;
    bool report = true;  ///< false: the caller tells what came of it
};

/// Watches the case's target until it has recovered, relapsed, or the time is over: progress on stderr, the report on
/// stdout (text, or the document of `-o json`), every sample and the result in the log. Ctrl-C ends it with
/// WatchResult::stopped; the caller resets the stop if it goes on. After a change the case must hold the target as it
/// is now: a start after the first look is a relapse.
WatchResult watch_recovery(World& world, const DiagnoseCase& the_case, engine::EventLog& log,
                           const WatchSettings& settings = {});

/// 0 recovered, 1 relapsed, 6 not recovered or not known, 128 and the signal if it was stopped.
int exit_code_of(const World& world, const WatchResult& result);

/// The pace. Error (usage): it lasts shorter than one interval.
Result<engine::WatchPlan> watch_plan(const Runbook& runbook, const WatchSettings& settings);

/// `memrb watch`, from the name to the report. Errors have been printed.
int run_watch(World& world, const DiagnoseOptions& options, WatchSettings settings);

}  // namespace memrb::cli
