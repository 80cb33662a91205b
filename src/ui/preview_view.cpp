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
    if (row.status == StepStatus::depends && !row.why.empty()) {
        words = row.why;
    } else if (row.status == StepStatus::depends && step != nullptr && !step->needs.empty()) {
        words = "depends on " + base::join(step->needs, ", ");
    } else if (row.status == StepStatus::depends) {
        words = "depends on what the other steps find";
    }
    const std::string why = reason(row);
    const bool told = why.empty() || row.status == StepStatus::previewed || row.status == StepStatus::depends;
    return safe(style, told ? words : fmt::format("{}: {}", words, why));
}

void add_step(const StepRow& row, const Step* step, bool condition_known, const Style& style, std::string& out) {
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
        out += fmt::format("      {} {}\n",
                           condition_known ? "only when" : "condition not known yet:", safe(style, step->when->text));
    }
}

using Counts = std::map<StepStatus, std::size_t>;

std::string summary(const Counts& counts) {
    std::size_t all = 0;
    std::vector<std::string> parts;
    for (const auto& [status, count] : counts) {
        all += count;
        parts.push_back(
            fmt::format("{} {}", count, status == StepStatus::depends ? "depend on others" : status_word(status)));
    }
    return fmt::format("{}: {}. Nothing was run.", counted(all, "step", "steps"), base::join(parts, ", "));
}

std::string end_of_page(const std::vector<std::string>& warnings, const Counts& counts, const Style& style) {
    std::string text;
    for (const auto& warning : warnings) {
        text += wrapped(safe(style, warning), style, style.plain ? "warning: " : "! ", "  ");
    }
    return text + wrapped(summary(counts), style, "", "");
}

void add_section(const PreviewSection& section, const Style& style, std::string& out) {
    const std::string title = paint(style, Paint::strong, safe(style, section.title));
    out += "\n" + wrapped(section.says.empty() ? title : fmt::format("{}: {}", title, safe(style, section.says)), style,
                          "", "  ");
    for (const auto& one : section.steps) {
        add_step(one.row, one.step, one.condition != "unknown", style, out);
    }
}

void add_watch(const PreviewWatch& watch, const Style& style, std::string& out) {
    out += "\n" +
           wrapped(fmt::format("{}: every {}, recovered when all holds for {}", paint(style, Paint::strong, "Watch"),
                               format_exact_duration(watch.every), format_exact_duration(watch.lasts)),
                   style, "", "  ");
    if (!watch.until.empty()) {
        out += "      condition not known yet: " + safe(style, watch.until) + "\n";
    }
}

void add_rungs(const std::vector<PreviewRung>& rungs, const Style& style, std::string& out) {
    out += "\n" + paint(style, Paint::strong, "Escalation") + "\n";
    for (const auto& rung : rungs) {
        std::string text = fmt::format("after {}: {}", format_exact_duration(rung.after), rung.do_);
        if (!rung.notify.empty()) {
            text +=
                fmt::format("; notify {}: {}", rung.notify,
                            rung.channels.empty() ? "no channel is configured"
                                                  : fmt::format("by {}, when a person agrees; its text depends on {}",
                                                                base::join(rung.channels, ", "), rung.depends_on));
        }
        out += wrapped(safe(style, text), style, "  ", "      ");
    }
}

}  // namespace

std::string render_preview(const DiagnosisView& view, const Style& style) {
    std::string text = render_header(view, style);
    Counts counts;
    for (const auto& row : view.steps) {
        add_step(row, step_of(view.runbook, row.id), row.status != StepStatus::depends, style, text);
        ++counts[row.status];
    }
    return text + end_of_page(all_warnings(view), counts, style);
}

std::string render_preview(const Preview& preview, const Style& style) {
    std::string text = render_header(preview.head, style);
    Counts counts;
    for (const auto& section : preview.sections) {
        add_section(section, style, text);
        for (const auto& one : section.steps) {
            ++counts[one.row.status];
        }
    }
    if (preview.watch) {
        add_watch(*preview.watch, style, text);
    }
    if (!preview.rungs.empty()) {
        add_rungs(preview.rungs, style, text);
    }
    return text + "\n" + end_of_page(preview.head.warnings, counts, style);
}

}  // namespace memrb::ui
