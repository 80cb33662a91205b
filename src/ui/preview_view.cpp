#include "ui/preview_view.h"

#include "base/describe.h"
#include "base/text.h"
#include "ui/layout.h"
#include "ui/step_lines.h"
#include "ui/words.h"

#include <fmt/core.h>
#include <algorithm>
#include <map>

namespace memrb::ui {

namespace {

const Step* step_of(const Runbook* runbook, const std::string& id) {
    if (runbook == nullptr) {
        return nullptr;
    }
    for (const auto& group : runbook->diagnose) {
        const auto found =
            std::find_if(group.steps.begin(), group.steps.end(), [&](const Step& step) { return step.id == id; });
        if (found != group.steps.end()) {
            return &*found;
        }
    }
    return nullptr;
}

std::string status_words(const StepRow& row, const Step* step, const Style& style) {
    std::string words = status_word(row.status);
    if (row.status == StepStatus::depends && step != nullptr && !step->needs.empty()) {
        words = "depends on " + base::join(step->needs, ", ");
    } else if (row.status == StepStatus::depends) {
        words = "depends on what the other steps find";
    }
    const std::string why = reason(row);
    const bool told = why.empty() || row.status == StepStatus::previewed || row.status == StepStatus::depends;
    return safe(style, told ? words : fmt::format("{}: {}", words, why));
}

void add_step(const StepRow& row, const Step* step, const Style& style, std::string& out) {
    const std::string id = safe(style, row.id);
    const std::string lead =
        style.plain ? fmt::format("step {}: ", id) : fmt::format("  {} {}  ", step_mark(row, style), id);
    std::string text = status_words(row, step, style);
    text += row.title.empty() ? "" : "  " + safe(style, row.title);
    out += wrapped(text, style, lead, "      ");
    if (row.request) {
        for (const auto& line : base::describe(*row.request)) {
            out += verbatim(line, style, "      ");
        }
    }
    if (step != nullptr && step->when && row.status != StepStatus::skipped) {
        const bool known = row.status != StepStatus::depends;
        out += fmt::format("      {} {}\n",
                           known ? "only when" : "condition not known yet:", safe(style, step->when->text));
    }
}

std::string summary(const std::vector<StepRow>& steps) {
    std::map<StepStatus, std::size_t> counts;
    for (const auto& step : steps) {
        ++counts[step.status];
    }
    std::vector<std::string> parts;
    for (const auto& [status, count] : counts) {
        parts.push_back(
            fmt::format("{} {}", count, status == StepStatus::depends ? "depend on others" : status_word(status)));
    }
    return fmt::format("{}: {}. Nothing was run.", counted(steps.size(), "step", "steps"), base::join(parts, ", "));
}

}  // namespace

std::string render_preview(const DiagnosisView& view, const Style& style) {
    std::string text = render_header(view, style);
    for (const auto& row : view.steps) {
        add_step(row, step_of(view.runbook, row.id), style, text);
    }
    for (const auto& warning : all_warnings(view)) {
        text += wrapped(safe(style, warning), style, style.plain ? "warning: " : "! ", "  ");
    }
    return text + wrapped(summary(view.steps), style, "", "");
}

}  // namespace memrb::ui
