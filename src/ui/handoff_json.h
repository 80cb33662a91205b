#pragma once

#include "ui/handoff.h"
#include "wire/document.h"

namespace memrb::ui {

/// The one document of `memrb escalate -o json`, schema `memrb/handoff/v1` (docs/json.md). Additive changes only.
wire::Json handoff_json(const Handoff& handoff);

/// The tasks of an incident, and what could not be told of them.
struct TaskList {
    std::string incident;
    std::string target;  ///< empty: none was found
    std::vector<Task> tasks;
    std::vector<std::string> warnings;
};

/// The one document of `memrb afterwards -o json`, schema `memrb/afterwards/v1`.
wire::Json tasks_json(const TaskList& list);

}  // namespace memrb::ui
