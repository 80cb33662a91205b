#pragma once

#include "base/secrets.h"
#include "memrb/outcome.h"
#include "memrb/ports.h"
#include "memrb/request.h"

namespace memrb::system {

/// Runs a program to its end and tells how it ended. Thread-safe; needs no thread of its own.
///
/// - Timeout: TERM to the whole group, KILL 2 s later; ends as TimedOut. A timeout of 0 is none.
/// - Stop: INT to the whole group, TERM 2 s later, KILL after 2 s more; ends as Interrupted. So it does if the stop was
///   requested before the start: then nothing was started.
/// - A program that has ended while one that it left behind holds its output open is not waited for: what it wrote
///   itself is read, then 250 ms of grace, and Output::note says so. Those left behind are not signalled.
/// - Not even KILL helped (a hung disk): given up 2 s later, Output::note of stderr says so.
/// - `interactive`: stdin, stdout and stderr are memrb's own terminal and nothing is recorded. Without a terminal:
///   NotStarted. Ctrl-Z has no effect on it.
/// - `keep`, `spill_dir` and `spill_cap` of the context hold for stdout and stderr each.
/// - `secrets`, if given, are masked in the spilled files, not in memory: a later step may need what this one said.
Outcome run_command(const Command& command, const RunContext& context, const Stop& stop,
                    const base::Secrets* secrets = nullptr);

}  // namespace memrb::system
