#include "ui/diagnosis_view.h"

#include "ui/diagnosis_facts.h"
#include "ui/layout.h"
#include "ui/words.h"

#include <fmt/core.h>

namespace memrb::ui {

namespace {

std::string mode_words(const DiagnosisView& view) {
    std::string text = view.mode == "live"      ? "read-only so far"
                       : view.mode == "dry-run" ? "DRY RUN, nothing was run"
                       : view.mode == "replay"  ? "REPLAY of a record"
                       : view.mode == "drill"   ? "a DRILL"
                                                : view.mode;
    if (view.recorded) {
        text = "RECORD of a diagnosis";
    }
    if (view.past || view.recorded || view.mode == "replay") {
        const std::string at = format_rfc3339(view.now);  // the day matters: it may be long ago
        text += fmt::format(", as of {} {}", at.substr(0, 10), at.substr(11, 5) + "Z");
    }
    return text;
}

}  // namespace

std::vector<std::string> all_warnings(const DiagnosisView& view) {
    std::vector<std::string> all = view.warnings;
    for (const auto& step : view.steps) {
        for (const auto& warning : step.warnings) {
            all.push_back(fmt::format("{}: {}", step.id, warning));
        }
    }
    all.insert(all.end(), view.assessment.warnings.begin(), view.assessment.warnings.end());
    return all;
}

std::string render_header(const DiagnosisView& view, const Style& style) {
    const std::string incident = safe(style, view.incident);
    const std::string target = target_identity(view.target, view.now, style);
    const std::string mode = safe(style, mode_words(view));
    if (style.key_value()) {
        std::vector<Fact> facts;
        if (!incident.empty()) {
            facts.push_back({"", "incident", incident});
        }
        facts.push_back({"", "target", target});
        facts.push_back({"", "mode", mode});
        return lay_out(facts, style);
    }
    const std::string title = incident.empty() ? "Target" : "Incident " + incident;
    return wrapped(fmt::format("{}   {}   {}", paint(style, Paint::strong, glue(title)), target, glue(mode)), style, "",
                   "         ");
}

std::string render_findings(const DiagnosisView& view, const Style& style) {
    std::vector<Fact> facts;
    memory_facts(view, style, facts);
    trend_facts(view, style, facts);
    level_facts(view, style, facts);
    oom_facts(view, style, facts);
    cause_facts(view, style, facts);
    option_facts(view, style, facts);
    record_facts(view, style, facts);
    return lay_out(facts, style);
}

std::string render(const DiagnosisView& view, const Style& style) {
    return render_header(view, style) + render_steps(view, style) + render_findings(view, style);
}

}  // namespace memrb::ui
