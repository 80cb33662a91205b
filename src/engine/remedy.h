#pragma once

#include "engine/diagnose.h"
#include "engine/policy.h"
#include "engine/step_run.h"
#include "memrb/change.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace memrb::engine {

struct RemedyResult {
    enum class End {
        applied,      ///< all steps done, by memrb or by hand, and every check passed
        unverified,   ///< changed, but a check failed or could not be made
        unchanged,    ///< nothing was changed: declined, or nothing applied
        failed,       ///< a step failed; what came before it stands
        unknown,      ///< a change was broken off
        moved,        ///< the target is not what was diagnosed any more
        refused,      ///< the policy forbids it
        interrupted,  ///< Ctrl-C at a question
    };
    End end = End::unchanged;
    std::string why;              ///< one line; empty for applied
    Fault fault = Fault::failed;  ///< of `refused`
    std::string hint;
    std::vector<StepResult> steps;
    std::vector<StepResult> checks;
    Target target;                       ///< as it is pinned now
    std::optional<Bytes> before, after;  ///< memory in use
    bool changed = false;                ///< at least one change was started
    bool limit_changed = false;          ///< the target has another limit than before: less use was not the aim
};
std::string_view to_string(RemedyResult::End end);

/// What is to be done; all that it refers to outlives the run.
struct RemedyPlan {
    const Option& option;
    const RemedyResult* undo = nullptr;  ///< what the option has done: run its undo instead of its steps
    const Diagnosis& diagnosis;
    Authority authority;
    /// Looks the pinned target up anew; no value: it could not be asked.
    std::function<Result<Target>()> look_again;
    /// What an interrupted run has left: its results by step id are taken as they are, nothing of them is done again.
    std::map<std::string, StepResult> settled = {};
    bool changed = false;  ///< that run has changed something: its checks are to be made
};

/// Runs an option: the evidence is saved before the first disruptive step, the pin is checked before each change, each
/// change has its consent, the option's checks follow. Steps run one after the other; after one that failed, those
/// behind it are blocked.
RemedyResult run_remedy(const RemedyPlan& plan, const Session& session, const Instruments& instruments,
                        Operator& person);

}  // namespace memrb::engine
