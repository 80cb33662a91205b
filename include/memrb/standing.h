#pragma once

#include "memrb/event.h"
#include "memrb/runbook.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace memrb {

/// A step of an option that a person or a flag has decided about, and what became of it; or a check that followed.
struct TriedStep {
    Timestamp at{};
    std::string step;
    std::string title;
    std::string answer;  ///< run, skip, by hand, quit, refused; `check`: a read that followed a change
    std::string why;     ///< the reason that was given
    bool begun = false;
    std::optional<StepStatus> status;  ///< absent though begun: no end of it is on record
    std::string said;                  ///< what it found, or how it failed
};

/// What the record of an incident tells by now. Nothing in it needs the process that wrote the record.
struct Standing {
    struct Note {
        Timestamp at{};
        std::string text;
    };
    struct Message {
        Timestamp at{};
        Notified body;
    };
    struct Task {
        Timestamp at{};
        bool done = false;
        std::string note;
    };

    std::string incident;
    std::string mode;  ///< live, dry-run, replay
    std::string runbook_id;
    std::string runbook_digest;
    std::string runbook_origin;
    std::filesystem::path folder;  ///< empty: nothing is recorded
    Timestamp opened{};
    std::optional<Target> target;
    std::optional<Assessment> assessment;  ///< the last one
    Timestamp assessed{};
    std::vector<TriedStep> tried;
    std::vector<Note> notes;
    std::optional<WatchResult> watched;  ///< the last watch that has ended
    std::vector<Timestamp> escalated;
    std::vector<Message> messages;
    std::map<std::string, Task> tasks;  ///< by their words: those that were ever set
    std::optional<IncidentClosed> closed;
};

/// A rung of the ladder, as it stands at some moment.
struct RungState {
    Rung rung;
    Timestamp at{};      ///< when the ladder puts it
    bool due = false;    ///< by its time, or pulled forward
    bool done = false;   ///< its contact was notified; without one: a change was agreed to, or done by hand
    std::string pulled;  ///< why it is due before its time; empty: it is not
};

/// Somebody who can be called.
struct Callee {
    std::string key;
    std::string role;
    std::string reach;                  ///< empty: not configured
    std::vector<std::string> channels;  ///< by which memrb itself can notify them: slack, pagerduty
};

/// A task of the time afterwards.
struct Task {
    std::string text;
    bool from_note = false;  ///< else of the runbook's checklist
    bool done = false;
    std::optional<Timestamp> at;  ///< when that was last said
    std::string note;
};

}  // namespace memrb
