#pragma once

#include "memrb/action.h"
#include "memrb/assessment.h"
#include "memrb/target.h"
#include "memrb/units.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace memrb {

/// A place in a runbook file, counted from 1; 0 means "not known".
struct Mark {
    int line = 0;
    int column = 0;
};

/// A jq program of the runbook. All programs of a runbook are compiled together (base/jq.h); `index` is this one's
/// number in Runbook::programs.
struct Expression {
    std::size_t index = 0;
    std::string text;
    Mark mark;
};

struct Variable {
    std::string name;
    std::optional<std::string> fallback;  ///< may use `${target}` and other variables
    std::string help;
    bool secret = false;
    Mark mark;
};

struct Retry {
    Milliseconds every{};
    Milliseconds for_{};
};

struct Step {
    std::string id;  ///< `group.step`, unique in the runbook
    std::string title;
    const ActionType* action = nullptr;
    Params params;                                             ///< checked against the action, not yet expanded
    std::optional<Expression> when;                            ///< over the facts
    std::vector<std::pair<std::string, Expression>> captures;  ///< over the step's output; names are global
    std::optional<Expression> expect;                          ///< over the step's output
    std::optional<Retry> retry;
    std::optional<Milliseconds> timeout;
    Risk risk = Risk::disruptive;
    std::string advice;              ///< Markdown shown with the step
    std::vector<std::string> needs;  ///< ids of steps whose captures or facts this one uses
    bool needs_assessment = false;   ///< `when` looks at memory, trend, oom, restarts or load
    Mark mark;
};

struct StepGroup {
    std::string id;
    std::string title;
    std::string advice;  ///< Markdown
    std::vector<Step> steps;
};

struct Sign {
    Expression when;  ///< over the facts; null or an error is "unknown", not "no"
    int weight = 0;   ///< negative: speaks against
    std::string says;
};

struct Cause {
    std::string id;
    std::string title;
    std::vector<Sign> signs;
    std::vector<std::string> options;  ///< ids, the most fitting first
    std::vector<std::string> indicators;
    std::string advice;  ///< Markdown
};

struct Option {
    std::string id;
    std::string title;
    std::string use_when;
    std::string costs;
    std::optional<Expression> applies;  ///< over the facts; false hides the option
    std::vector<Step> steps;
    std::vector<Step> verify;
    std::vector<Step> undo;
    std::string advice;  ///< Markdown
};

struct Watch {
    Milliseconds every{};
    Milliseconds for_{};
};

struct Rung {
    Milliseconds after{};
    std::string do_;     ///< what to do
    std::string notify;  ///< a contact's key, empty: nobody
};

struct Contact {
    std::string key;
    std::string role;
    std::string reach;  ///< `Slack #infrastructure`; `[configure]` forms are told as not configured
};

struct Link {
    std::string title;
    std::string url;  ///< or a file beside the runbook
};

/// A compiled runbook: every reference resolved, every parameter checked.
struct Runbook {
    int format = 1;
    std::string id;
    std::string title;
    std::string summary;  ///< Markdown
    std::vector<std::string> impact;
    std::vector<std::string> symptoms;
    std::vector<std::string> alerts;
    std::vector<Platform> platforms;
    std::string severity;
    std::vector<Variable> vars;
    std::vector<Threshold> thresholds;  ///< rising
    std::vector<StepGroup> diagnose;
    std::vector<Step> evidence;  ///< reads that save what a disruptive change would destroy
    std::vector<Cause> causes;
    std::vector<Option> options;
    std::optional<Watch> watch;
    std::optional<Expression> recovered;  ///< `recover.until`
    std::vector<std::string> escalate_when;
    std::vector<Rung> ladder;
    std::vector<Contact> contacts;
    std::vector<std::string> afterwards;
    std::string prevention;  ///< Markdown
    std::vector<Link> links;
    std::vector<std::string> programs;  ///< all jq programs, see Expression

    std::string origin;  ///< file path, or `shipped`
    std::string digest;  ///< SHA-256 of the file's bytes, 64 hex digits
};

}  // namespace memrb
