#include "cli/drill_page.h"

#include "ui/layout.h"

#include <fmt/core.h>

namespace memrb::cli {

namespace {

// `high at 87 %, trend growing, leak (high)`
std::string told_of(const drill::Tale::Look& look) {
    return fmt::format(
        "{}{}, trend {}, {}", to_string(look.level), look.ratio ? " at " + format_percent(*look.ratio) : "", look.trend,
        look.first_cause.empty() ? "no cause stands out" : fmt::format("{} ({})", look.first_cause, look.confidence));
}

}  // namespace

void DrillPage::heading(std::string_view words) {
    text_.append("\n").append(ui::wrapped(ui::paint(style_, ui::Paint::strong, words), style_, "", "  "));
}

void DrillPage::line(std::string_view words, std::string_view first, std::string_view rest) {
    text_ += ui::wrapped(ui::safe(style_, words), style_, first, rest);
}

void DrillPage::evidence(const drill::Tale& tale) {
    heading("What the evidence said");
    if (tale.looks.empty()) {
        line("nothing was diagnosed");
    }
    for (const auto& look : tale.looks) {
        line(fmt::format("{}  {}: {}", since(look.at), look.service, told_of(look)));
    }
}

void DrillPage::path(const drill::Tale& tale) {
    heading("Your path");
    if (tale.path.empty()) {
        line("nothing was answered");
    }
    for (const auto& typed : tale.path) {
        line(fmt::format("{}  {}", since(typed.at), typed.answer.empty() ? "(Enter)" : typed.answer));
    }
}

void DrillPage::report(const std::string& incident) {
    if (!incident.empty()) {
        line(fmt::format("The report: memrb report --drill {}", incident), "\n  ", "    ");
    }
}

}  // namespace memrb::cli
