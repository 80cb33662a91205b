#pragma once

#include "ui/diagnosis_view.h"
#include "ui/style.h"

#include <string>

namespace memrb::ui {

/// The dry run of a diagnosis: every step with its status, its exact request (never wrapped or cut), and the condition
/// that cannot be judged yet (from the view's runbook).
std::string render_preview(const DiagnosisView& view, const Style& style);

}  // namespace memrb::ui
