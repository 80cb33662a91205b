#pragma once

#include "ui/change_card.h"
#include "ui/diagnosis_view.h"
#include "wire/target_json.h"

namespace memrb::ui {

/// The one document of `memrb diagnose -o json`, schema `memrb/diagnosis/v1` (docs/json.md). Additive changes only.
wire::Json diagnosis_json(const DiagnosisView& view);

/// The one document of `memrb resolve -o json`, schema `memrb/remedy/v1`.
wire::Json remedy_json(const RemedyView& view);

/// What identifies a target. Its labels and variables stay out: they may hold secrets.
wire::Json target_json(const Target& target);

/// As text that is always valid UTF-8, indented, with a final newline.
std::string to_text(const wire::Json& json);

}  // namespace memrb::ui
