#pragma once

#include "cli/diagnose_case.h"
#include "engine/event_log.h"
#include "engine/remedy.h"
#include "ui/diagnosis_view.h"
#include "ui/line_reader.h"
#include "ui/menu.h"

#include <functional>

namespace memrb::cli {

class World;

enum class MenuOutcome { quit, interrupted };

struct MenuHooks {
    std::function<ui::DiagnosisView()> again;  ///< measures and diagnoses anew
    /// Runs an option; empty: this is a replay or the past, nothing can be changed.
    std::function<Result<engine::RemedyResult>(const std::string& option)> act;
    std::function<void()> watch;  ///< watches the recovery; empty like `act`
    std::function<Result<ui::MenuHost::Acted>(const std::string& contact)> hand_over;  ///< `x`
};

/// The prompt at the end of a diagnosis.
MenuOutcome run_diagnose_menu(World& world, ui::DiagnosisView view, const DiagnoseCase& the_case, engine::EventLog& log,
                              ui::LineReader& reader, const MenuHooks& hooks);

}  // namespace memrb::cli
