#pragma once

#include "memrb/action.h"
#include "memrb/assessment.h"
#include "memrb/outcome.h"
#include "memrb/recovery.h"
#include "memrb/request.h"
#include "memrb/target.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace memrb {

enum class StepStatus {
    ok,
    no_data,
    failed,
    skipped,
    blocked,
    interrupted,
    previewed,
    not_previewable,
    depends,
    unknown
};
std::string_view to_string(StepStatus status);

struct IncidentOpened {
    std::string incident;
    std::string mode;     ///< live, dry-run, replay
    std::string version;  ///< memrb's
    std::string runbook_id;
    std::string runbook_digest;
    std::string runbook_origin;
    std::vector<std::string> command_line;
};

struct TargetPinned {
    Target target;
    std::optional<Timestamp> moment = std::nullopt;  ///< what is diagnosed, if it is not the moment of this event
    bool past = false;                               ///< `--at`: known from metrics only
    std::map<std::string, std::string> vars =
        {};  ///< the values that steps use; those of secret variables are left out
};

struct StepStarted {
    std::string step;
    std::string title;
    std::string action;
    Risk risk = Risk::read;
    Request request;
    Milliseconds timeout{};
};

struct StepFinished {
    std::string step;
    StepStatus status = StepStatus::unknown;
    Outcome outcome;
    std::string note;  ///< one line beside the step
    std::vector<std::string> warnings;
    Pairs captures;  ///< names and JSON values
};

/// Not started: its condition is false, what it needs failed, or it does not apply here.
struct StepSkipped {
    std::string step;
    std::string title;
    StepStatus status = StepStatus::skipped;
    std::string why;
};

struct Assessed {
    Assessment assessment;
};

struct OptionChosen {
    std::string option;
};

/// What was answered when a step of an option asked for it, by a person or by a flag.
struct Decided {
    std::string step;
    std::string answer;  ///< run, skip, by hand, quit, refused
    std::string why;     ///< the reason that was given, or the flag; may be empty
};

struct NoteAdded {
    std::string text;
};

/// A watch for recovery begins.
struct WatchStarted {
    Milliseconds every{};
    Milliseconds lasts{};  ///< how long the criteria must hold
    std::string until;     ///< the runbook's condition; empty: it has none
};

struct WatchSampled {
    WatchSample sample;
};

struct WatchEnded {
    WatchResult result;
};

/// Somebody else is called in: the handoff was shown, and those in `contacts` are notified next.
struct Escalated {
    std::string from;                   ///< where it was asked for: menu, change, command
    std::vector<std::string> contacts;  ///< their keys; empty: nobody is notified by memrb
};

/// One message to one contact, and what became of it. The address and its secret are never in here.
struct Notified {
    enum class Result {
        delivered,
        failed,   ///< certainly not delivered
        unknown,  ///< it was sent, but no answer came
    };
    std::string contact;
    std::string channel;  ///< slack, pagerduty
    Result result = Result::unknown;
    std::size_t attempts = 0;
    std::optional<int> status;  ///< HTTP, of the last answer
    std::string why;            ///< one line; empty for delivered
    std::string dedup_key;      ///< pagerduty: what it is known by there
};
std::string_view to_string(Notified::Result result);

/// A task of the time afterwards was done, or is open again. A task is known by its words.
struct TaskSet {
    std::string task;
    bool done = true;
    std::string note;  ///< may be empty
};

struct IncidentClosed {
    int exit_code = 0;
    std::string reason;
};

using EventBody =
    std::variant<IncidentOpened, TargetPinned, StepStarted, StepFinished, StepSkipped, Assessed, OptionChosen, Decided,
                 NoteAdded, IncidentClosed, WatchStarted, WatchSampled, WatchEnded, Escalated, Notified, TaskSet>;

/// What happened, in order. The journal is the list of events; the screen and the report are two views of it.
struct Event {
    std::uint64_t seq = 0;  ///< from 1, without gaps
    Timestamp at{};
    EventBody body;
};

}  // namespace memrb
