#pragma once

#include "memrb/action.h"

namespace memrb::test {

/// Runs `argv`, variables expanded. Its output is read line by line: `memory USED LIMIT`, `restarts N` and `kills N`
/// are readings, `nothing WHY` is NoData, `skipped WHY`, `warning TEXT` and `note TEXT` are what they say; all else is
/// plain output.
extern const ActionType probe;
/// The same, and its tool can be asked what it would do, by `--only-asking`.
extern const ActionType askable;
/// Fails as one whose answer was lost: it may have taken effect.
extern const ActionType open_ended;
/// Sends `query`, a PromQL text, to http://prometheus.
extern const ActionType ask;
/// Gives `script` to a shell as it is, with all variables in the environment.
extern const ActionType script;
/// For a person.
extern const ActionType task;
/// Sets `value` in compose.yml.
extern const ActionType edit;
/// Applies to no target: its plan() is an error of kind no_data.
extern const ActionType elsewhere;
/// Its plan() is an error of kind missing_tool, with a hint.
extern const ActionType unplannable;
/// Its interpret() throws.
extern const ActionType thrower;

}  // namespace memrb::test
