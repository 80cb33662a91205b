#pragma once

#include "ui/diagnosis_view.h"
#include "ui/style.h"

#include <string>

namespace memrb::ui {

/// The status as words: `not previewable`, `no data`.
std::string status_word(StepStatus status);

/// The glyph of a step, painted.
std::string step_mark(const StepRow& step, const Style& style);

}  // namespace memrb::ui
