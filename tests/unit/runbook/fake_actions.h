#pragma once

#include "memrb/action.h"

namespace memrb::runbook {

/// Action types for the compiler's tests, with one parameter of each kind. They never plan or interpret.
///   tool    body `args` (argv, required); `read`, `ls` read, `stop` is disruptive, `wipe` irreversible; `follow` is
///   refused query   body `text` (text, required, PromQL escaping), `range` (duration), `role` (memory or limit),
///   `quiet` (boolean) web     body `get` (text), `post` (text), `headers` (pairs); risk may be lowered script  body
///   `text` (text, never expanded), `argv` (list); disruptive, risk may be lowered
ActionTypes fake_actions();

}  // namespace memrb::runbook
