#pragma once

#include "memrb/outcome.h"
#include "ui/diagnosis_view.h"
#include "ui/style.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace memrb::ui {

/// The evidence for and against each cause, or against the one with this index, and what could not be judged.
std::string render_why(const DiagnosisView& view, std::optional<std::size_t> cause, const Style& style);

/// All steps, numbered, with what was run.
std::string render_step_list(const DiagnosisView& view, const Style& style);

/// What a step said, each line behind a bar so that it cannot be taken for memrb's own words; the middle of a long
/// output is left out, and the file that has it is named.
std::string render_output(const StepRow& step, const Outcome& outcome, const std::filesystem::path& folder,
                          const Style& style);

/// The pinned target as the header shows it.
std::string target_identity_words(const DiagnosisView& view, const Style& style);

}  // namespace memrb::ui
