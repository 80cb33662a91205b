#pragma once

#include "engine/condition.h"
#include "engine/execute.h"

#include <map>
#include <string>
#include <vector>

namespace memrb::engine {

/// What a dry run tells of an option. Each step is `previewed` (its request is just what would be sent), `depends` (it
/// has holes `${x}`, or a condition that is not known yet), `not previewable` (a person does it, or it cannot be said
/// what it would be), `skipped` or `blocked` (it would not be run).
struct OptionPreview {
    const Option* option = nullptr;
    Truth applies = Truth::yes;        ///< of what is known without running anything
    std::vector<StepResult> evidence;  ///< saved before the first disruptive step; empty: there is none
    std::vector<StepResult> steps;
    std::vector<StepResult> checks;
    std::vector<StepResult> undo;
};

/// What a dry run works with. There is no runner among it: nothing is started, whatever the caller has.
struct PreviewInstruments {
    EventLog& log;
    const Programs& programs;
    const Stop& stop;
};

/// All reads of the session's diagnosis.
std::vector<StepResult> preview_diagnosis(const Session& session, const PreviewInstruments& instruments);

/// The first look of a watch; later ones run only what told of memory, restarts or kills.
std::vector<StepResult> preview_look(const Session& session, const PreviewInstruments& instruments);

/// `known`: of the diagnosis, previewed too. `settled`, by step id: what an interrupted run has done; it is taken as it
/// is.
OptionPreview preview_option(const Option& option, const std::vector<StepResult>& known, const Session& session,
                             const PreviewInstruments& instruments,
                             const std::map<std::string, StepResult>& settled = {});

}  // namespace memrb::engine
