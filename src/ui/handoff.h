#pragma once

#include "memrb/standing.h"
#include "ui/style.h"

#include <span>
#include <string>
#include <vector>

namespace memrb::ui {

/// A message as a dry run shows it.
struct ShownMessage {
    std::string contact;
    std::string channel;
    std::string text;  ///< where it would go and what it would say, without the secret
};

/// What one hands to the next person.
struct Handoff {
    Standing standing;
    std::vector<RungState> rungs;  ///< empty: the runbook has no ladder, or is not known here
    std::vector<Callee> callees;
    std::vector<std::string> escalate_when;  ///< the runbook's reasons, in words
    std::vector<std::string> warnings;       ///< what could not be told, and why
    Timestamp now{};
    std::vector<ShownMessage> previewed = {};  ///< of a dry run: what would be sent
};

/// Plain text to be pasted into a chat or a ticket: no colour, no wrapping, untrusted text made visible. Commands are
/// left out, for they may hold secrets; the folder has them.
std::string render_handoff(const Handoff& handoff);

/// The quiet timer, one line: `T+5m is due (for 2 min): call for help; notify backend_lead (Slack #backend)`.
std::string render_rung(const RungState& rung, std::span<const Callee> callees, Timestamp now, const Style& style);

/// `memrb afterwards`: the tasks, numbered, with their state.
std::string render_tasks(std::span<const Task> tasks, Timestamp now, const Style& style);

}  // namespace memrb::ui
