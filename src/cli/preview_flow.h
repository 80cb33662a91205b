#pragma once

#include "cli/diagnose_options.h"
#include "engine/interruption.h"

#include <string>

namespace memrb::cli {

class World;
struct WatchSettings;

// Dry runs of more than a diagnosis: the target is looked for, and that is all that is done. Text or the document
// `memrb/preview/v1` on stdout; with jsonl the steps' events. Each returns the exit code; errors have been printed.

/// `memrb resolve TARGET OPTION --dry-run`: evidence, steps, checks and undo.
int preview_option(World& world, const DiagnoseOptions& options, const std::string& option);

/// `memrb resume --dry-run`: the same for what is left of an option. `at` may point into a runbook of its own.
int preview_rest(World& world, const DiagnoseOptions& options, const engine::Interruption& at);

/// `memrb diagnose TARGET --dry-run=all`: the diagnosis, each option, the watch, the escalation.
int preview_runbook(World& world, const DiagnoseOptions& options);

/// `memrb watch TARGET --dry-run`: the pace and the reads of the first look.
int preview_watch(World& world, const DiagnoseOptions& options, const WatchSettings& settings);

}  // namespace memrb::cli
