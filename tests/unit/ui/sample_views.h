#pragma once

#include "ui/diagnosis_view.h"

#include <string>
#include <string_view>

namespace memrb::ui::test {

constexpr std::string_view now_text = "2026-11-21T08:52:00Z";
Timestamp at(std::string_view rfc3339);

constexpr Bytes mib = Bytes{1} << 20U;

Style wide();    ///< 100 columns, UTF-8, no colour
Style usual();   ///< 80 columns
Style narrow();  ///< 50 columns
Style ascii();   ///< 80 columns, not UTF-8
Style plain();   ///< words, no wrapping

/// A container that leaks, at 97 % of its limit, with OOM kills: the flow of docs/ux.
DiagnosisView leaking();
/// 41 % of its limit, flat, nothing wrong.
DiagnosisView healthy();
/// The engine did not answer, and no metrics exist.
DiagnosisView without_data();
/// Running without a limit.
DiagnosisView without_limit();
/// The last sample is 18 minutes old.
DiagnosisView stale();
/// Two causes that fit alike.
DiagnosisView unclear();
/// Seven causes, of which one leads.
DiagnosisView many_causes();

/// An outcome with this text on stdout.
Outcome said(std::string text, Ending ending = Exited{0});

/// Compares with tests/fixtures/ui/NAME.txt; with MEMRB_UPDATE_GOLDEN set, writes it instead (and fails, so that it is
/// looked at).
void check_golden(const std::string& name, const std::string& text);

/// No line is wider than `width`, except those that hold a single word or a command.
void check_width(const std::string& text, std::size_t width);

}  // namespace memrb::ui::test
