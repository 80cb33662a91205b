#pragma once

#include "memrb/standing.h"

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace memrb::engine {

/// What decides which rung is due.
struct LadderFacts {
    Timestamp began{};
    std::optional<Timestamp> limit_at;  ///< the earliest moment at which memory may reach its limit
    bool acted = false;                 ///< a change was agreed to, or done by hand
    std::set<std::string> notified;     ///< contacts that a message has reached
};
LadderFacts ladder_facts(const Standing& standing);

/// Every rung as it stands now. A rung is due when its time has come. The first one whose time has not come is due
/// already if the limit may be reached before: help that comes after the kill is late. One rung at a time: those
/// above it wait for theirs.
std::vector<RungState> climb(std::span<const Rung> ladder, const LadderFacts& facts, Timestamp now);

/// The one to show: the highest that is due and not done, else the next that is not done. Null: there is none.
const RungState* present_rung(const std::vector<RungState>& rungs);

/// Whether the ladder is of interest: not for a service that is known to be well.
bool calls_for_help(const Standing& standing);

/// The runbook's checklist, then the notes that begin with `TODO`, then what was set although neither knows it (the
/// runbook has changed since); each with its state.
std::vector<Task> tasks_of(std::span<const std::string> checklist, const Standing& standing);

/// `# TODO fix the cache` and `TODO: fix the cache` are `fix the cache`; nothing for a note that is no task.
std::optional<std::string> todo_of(std::string_view note);

}  // namespace memrb::engine
