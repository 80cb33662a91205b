#pragma once

#include "cli/diagnose_case.h"
#include "engine/event_log.h"
#include "ui/diagnosis_view.h"

#include <functional>

namespace memrb::cli {

class World;

enum class MenuOutcome { quit, interrupted };

/// The prompt at the end of a diagnosis. `again` measures and diagnoses anew.
MenuOutcome run_diagnose_menu(World& world, ui::DiagnosisView view, const DiagnoseCase& the_case, engine::EventLog& log,
                              const std::function<ui::DiagnosisView()>& again);

}  // namespace memrb::cli
