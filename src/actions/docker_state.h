#pragma once

#include "actions/command_line.h"
#include "actions/json_get.h"
#include "memrb/action.h"
#include "memrb/reading.h"

#include <optional>
#include <string>

namespace memrb::actions {

/// The `State` object of a container, as `docker inspect` and the engine give it; nothing if it is none.
std::optional<StateReading> read_state(const Json& state);

/// What the state says about OOM kills. Exit 137 alone is any SIGKILL; OOMKilled alone may be a process of the past.
OomCheck oom_check_of(const StateReading& state);

/// `HostConfig`: 0 bytes means no limit.
Limit read_limit(const Json& host_config);

/// The output of `docker inspect`: whole, or by a format that writes JSON of the same shape (`{{json .}}`, `{{json
/// .State}}`,
/// `{"State":{{json .State}},"RestartCount":{{.RestartCount}}}`), or one of the values `{{.HostConfig.Memory}}`,
/// `{{.State.OOMKilled}}`, `{{.RestartCount}}`. What is asked of another container than the target is only shown.
Interpretation interpret_inspect(const CommandLine& line, const ActionContext& context, const std::string& out);

}  // namespace memrb::actions
