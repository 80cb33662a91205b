#pragma once

#include "engine/execute.h"
#include "memrb/event.h"
#include "memrb/runbook.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::engine {

/// How far a step of an option is, by the record alone.
enum class Progress {
    open,      ///< not begun, declined, or refused
    done,      ///< by memrb or by hand; a read: its values are those of before the changes
    left_out,  ///< skipped by a person, or its condition was false
    failed,    ///< its tool said that it failed: open as well
    unknown,   ///< begun, and no end of it is on record; or it was broken off
};
std::string_view to_string(Progress progress);

struct StepProgress {
    const Step* step = nullptr;
    Progress progress = Progress::open;
    std::string why;                 ///< one line; may be empty
    std::optional<Timestamp> begun;  ///< when it was launched last
    Risk risk = Risk::read;          ///< as it was launched
    std::optional<Request> request;  ///< as it was launched
    StepResult result;               ///< what the record tells of it

    [[nodiscard]] bool settled() const { return progress == Progress::done || progress == Progress::left_out; }
};

/// The option that an incident was at when its record ends. Points into the runbook.
struct Interruption {
    const Option* option = nullptr;
    bool undo = false;                  ///< its undo was being run, not its steps
    std::vector<StepProgress> steps;    ///< all of the option's, or of its undo
    std::vector<StepResult> before;     ///< for an undo: what the steps themselves had left
    std::vector<std::string> gone;      ///< changes on record that this runbook does not have
    std::optional<Timestamp> began;     ///< the first decision
    bool changed = false;               ///< at least one change was done or may have been
    bool complete = false;              ///< nothing is open: all steps are settled, and so are its checks
    std::optional<Target> target;       ///< as it was pinned last
    std::optional<Target> first;        ///< as it was pinned when the option began
    std::optional<Assessment> offered;  ///< the assessment that the option began with
    Variables vars;                     ///< on record last; secret ones are not in it

    /// What need not be done again, by step id.
    [[nodiscard]] std::map<std::string, StepResult> settled() const;
};

/// Nothing if no option was begun. `runbook` may be another one than that of the record: steps are known by their ids.
std::optional<Interruption> find_interruption(std::span<const Event> events, const Runbook& runbook);

/// Whether a value that was recorded has a masked secret in it and so is not the value that it was.
bool is_masked(std::string_view recorded);

}  // namespace memrb::engine
