#pragma once

#include "engine/execute.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::engine {

/// What the steps before have left to this one.
struct Inputs {
    std::map<std::string, std::string> captures;  ///< values as text, by name
    std::map<std::string, std::string> missing;   ///< captures that should be there, and why they are not
    std::string facts;                            ///< JSON for `when`; empty: the step has no condition
    std::vector<std::string> waits_for;           ///< in a dry run: what is not known because it has not been run
    std::vector<std::string> open_vars;           ///< in a dry run: variables that only a diagnosis gives a value
};

/// Who is asked before a step that changes something, or that only a person can do.
class StepGate {
public:
    struct Verdict {
        bool run = false;
        StepStatus status = StepStatus::skipped;  ///< if it is not run: `ok` if a person has done it
        std::string why;
        std::optional<std::vector<std::string>> edited =
            {};  ///< other arguments: checked, then permit() is asked again
    };
    struct Change {
        const Request& request;
        Risk risk;                       ///< of the expanded parameters; one more once they were edited
        std::vector<std::string> words;  ///< the arguments, if they may be edited
        std::string problem;             ///< why edited ones were not taken: these are those from before
    };
    virtual ~StepGate() = default;
    /// Not called for reads.
    virtual Verdict permit(const Step& step, const Change& change) = 0;
    virtual Verdict task(const Step& step, const std::string& instructions) = 0;
    /// Around a change, so that one Ctrl-C does not cut it off.
    virtual void change_begins(Milliseconds timeout) = 0;
    virtual void change_ends() = 0;
};

/// Does one step from its condition to its captures, and tells the log. An action that throws makes its step fail, not
/// the diagnosis.
/// Without a gate a step that changes something is blocked.
StepResult run_step(const Step& step, const Inputs& inputs, const Session& session, const Instruments& instruments,
                    StepGate* gate = nullptr);

/// How long a read may take whose runbook says nothing else.
inline constexpr Milliseconds read_timeout{30'000};

/// In Inputs::waits_for, for memory, trend, kills, restarts, load and what follows from them.
inline constexpr std::string_view measuring_wait = "what is measured";

/// A step that is not started because of another one.
StepResult block_step(const Step& step, StepStatus status, std::string why, const Instruments& instruments);

}  // namespace memrb::engine
