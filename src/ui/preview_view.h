#pragma once

#include "memrb/runbook.h"
#include "ui/diagnosis_view.h"
#include "ui/style.h"

#include <optional>
#include <string>
#include <vector>

namespace memrb::ui {

/// One step of a dry run.
struct PreviewStep {
    StepRow row;
    const Step* step = nullptr;           ///< for its condition
    std::vector<std::string> depends_on;  ///< ids of steps, or `what is measured`
    std::string condition;                ///< yes, no or unknown; empty: it has none, or it was not asked
};

/// Steps that belong together: the diagnosis, or a part of an option.
struct PreviewSection {
    std::string part;     ///< diagnosis, evidence, steps, checks, undo, watch
    std::string option;   ///< its id; empty: of no option
    std::string applies;  ///< whether the option is offered: yes, no, unknown; empty: of no option
    std::string title;
    std::string says;  ///< one line behind the title; may be empty
    std::vector<PreviewStep> steps;
};

struct PreviewRung {
    Milliseconds after{};
    std::string do_;
    std::string notify;                 ///< a contact's key; empty: nobody
    std::vector<std::string> channels;  ///< by which memrb can reach it
    std::string depends_on;             ///< what the text of the message depends on
};

struct PreviewWatch {
    Milliseconds every{};
    Milliseconds lasts{};
    std::string until;  ///< the condition; empty: there is none. It is never known beforehand
};

/// A dry run of more than a diagnosis.
struct Preview {
    DiagnosisView head;  ///< target, runbook, mode, moment, warnings
    std::vector<PreviewSection> sections;
    std::optional<PreviewWatch> watch;
    std::vector<PreviewRung> rungs;
};

/// The dry run of a diagnosis: every step with its status, its exact request (never wrapped or cut), and the condition
/// that cannot be judged yet (from the view's runbook).
std::string render_preview(const DiagnosisView& view, const Style& style);

/// The same for several sections, one below the other.
std::string render_preview(const Preview& preview, const Style& style);

}  // namespace memrb::ui
