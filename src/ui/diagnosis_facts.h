#pragma once

#include "ui/diagnosis_view.h"
#include "ui/layout.h"

#include <cstddef>
#include <vector>

namespace memrb::ui {

/// The parts of a diagnosis as facts; each appends to `facts`.
void memory_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts);
void trend_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts);
void level_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts);
void oom_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts);
void cause_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts);
void option_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts);
void record_facts(const DiagnosisView& view, const Style& style, std::vector<Fact>& facts);

/// How many of the causes are worth a line: three if the first is clear, the two that compete if not, none if nothing
/// speaks for any.
std::size_t causes_shown(const Assessment& assessment);

/// `against: ` in front of an evidence line marks a sign that speaks against its cause.
bool speaks_against(const std::string& evidence);

}  // namespace memrb::ui
