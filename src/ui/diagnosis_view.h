#pragma once

#include "memrb/assessment.h"
#include "memrb/event.h"
#include "memrb/outcome.h"
#include "memrb/request.h"
#include "memrb/runbook.h"
#include "memrb/target.h"
#include "memrb/units.h"
#include "ui/style.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace memrb::ui {

/// One step as it is shown. `request` and `outcome` are absent if it was not started.
struct StepRow {
    std::string id;
    std::string title;
    StepStatus status = StepStatus::unknown;
    std::string note;  ///< what it found, one line; may be empty
    std::string why;   ///< why it was skipped or failed; empty: derived from the outcome
    Milliseconds elapsed{};
    Risk risk = Risk::read;
    bool aside = false;  ///< evidence or an option's step, not part of the diagnosis itself
    std::optional<Request> request;
    std::optional<Outcome> outcome;
    std::vector<std::string> warnings;
};

/// Everything that the text and the JSON document of a diagnosis show.
struct DiagnosisView {
    std::string incident;
    Target target;
    const Runbook* runbook = nullptr;  ///< may be null: the record of a runbook that is gone
    std::string runbook_id;            ///< used when `runbook` is null
    std::string runbook_digest;
    std::vector<StepRow> steps;
    Assessment assessment;
    std::vector<std::string> before;    ///< what helped in past incidents of this target, one line each
    std::vector<std::string> warnings;  ///< of the run as a whole; steps and assessment have their own
    std::string mode = "live";          ///< live, dry-run, replay, drill
    bool past = false;                  ///< `--at`: `now` is not the present
    bool recorded = false;              ///< shown from the record, nothing was measured now
    std::filesystem::path folder;       ///< the incident's; empty: nothing is recorded
    Timestamp now{};                    ///< the moment that is diagnosed
};

/// The whole diagnosis as text. Deterministic; ends with a newline.
std::string render(const DiagnosisView& view, const Style& style);

/// Its parts, for a screen that shows them one after the other.
std::string render_header(const DiagnosisView& view, const Style& style);
std::string render_steps(const DiagnosisView& view, const Style& style);
std::string render_findings(const DiagnosisView& view, const Style& style);

/// All warnings, those of a step behind its id.
std::vector<std::string> all_warnings(const DiagnosisView& view);

/// Why a step is not `ok`: its own words, else its ending and the first line of its error output; empty for ok.
std::string reason(const StepRow& step);

}  // namespace memrb::ui
