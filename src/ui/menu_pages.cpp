#include "ui/menu_pages.h"

#include "base/describe.h"
#include "base/text.h"
#include "ui/diagnosis_facts.h"
#include "ui/layout.h"
#include "ui/step_lines.h"
#include "ui/words.h"

#include <fmt/core.h>

namespace memrb::ui {

namespace {

void add_signs(std::string& out, const Style& style, std::string_view sign, const std::vector<std::string>& lines) {
    for (const auto& line : lines) {
        const std::string lead = style.plain ? fmt::format("  {}: ", sign) : fmt::format("    {}  ", pad(sign, 8));
        out += wrapped(safe(style, line), style, lead, std::string(columns(lead), ' '));
    }
}

void add_cause(std::string& out, std::size_t index, const RankedCause& cause, const Style& style) {
    out += wrapped(
        fmt::format("{}  {} confidence",
                    paint(style, Paint::strong, glue(fmt::format("{} {}", index + 1, safe(style, cause.title)))),
                    to_string(cause.confidence)),
        style, "  ", "    ");
    std::vector<std::string> holds;
    std::vector<std::string> against;
    for (const auto& line : cause.evidence) {
        if (speaks_against(line)) {
            against.push_back(line.substr(line.find(' ') + 1));
        } else {
            holds.push_back(line);
        }
    }
    add_signs(out, style, "for", holds);
    add_signs(out, style, "against", against);
    add_signs(out, style, "unknown", cause.unknown);
    if (cause.evidence.empty() && cause.unknown.empty()) {
        out += "    no sign of it was seen\n";
    }
}

void add_output(std::string& out, const Output& output, std::string_view name, const std::filesystem::path& folder,
                const Style& style) {
    constexpr std::size_t first_lines = 60;
    constexpr std::size_t last_lines = 20;
    const std::string text = output.text();
    const auto lines = base::lines(text);
    if (lines.empty()) {
        out += fmt::format("  {}: {}\n", name,
                           output.total == 0 ? "nothing" : format_bytes(output.total) + ", not in memory");
    } else {
        out += fmt::format("  {} ({}):\n", name, format_bytes(output.total));
    }
    const bool all = lines.size() <= first_lines + last_lines;
    const std::string_view bar = style.utf8 && !style.plain ? "  │ " : "  | ";
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!all && i == first_lines) {
            out += fmt::format("  {} {} left out here\n", glyph(style, Glyph::ellipsis),
                               counted(lines.size() - first_lines - last_lines, "line", "lines"));
            i = lines.size() - last_lines;
        }
        out += fmt::format("{}{}\n", bar, safe_lines(style, lines[i]));
    }
    if (!output.file.empty()) {
        const bool whole = output.in_file >= output.total;
        out += fmt::format("  {}: {}\n", whole ? "all of it" : "the first " + format_bytes(output.in_file),
                           safe(style, (folder / output.file).string()));
    }
}

}  // namespace

std::string render_why(const DiagnosisView& view, std::optional<std::size_t> cause, const Style& style) {
    const auto& causes = view.assessment.causes;
    if (causes.empty()) {
        return "No cause was judged: the runbook names none.\n";
    }
    std::string text;
    for (std::size_t i = 0; i < causes.size(); ++i) {
        if (!cause || *cause == i) {
            add_cause(text, i, causes[i], style);
        }
    }
    if (!cause && !view.assessment.cause_clear) {
        text += wrapped("No cause leads by enough to be named alone.", style, "  ", "  ");
    }
    return text;
}

std::string render_step_list(const DiagnosisView& view, const Style& style) {
    std::string text;
    for (std::size_t i = 0; i < view.steps.size(); ++i) {
        const StepRow& step = view.steps[i];
        const std::string why = reason(step);
        std::string line = glue(fmt::format("{}", safe(style, step.id))) + "  " + status_word(step.status);
        line += step.outcome ? glue(", " + format_duration(step.elapsed)) : "";
        line += why.empty() ? "" : ": " + safe(style, why);
        line += step.note.empty() ? "" : "  " + safe(style, step.note);
        const std::string mark = style.plain ? "" : step_mark(step, style) + " ";
        text += wrapped(line, style, pad_left(fmt::format("{}", i + 1), 4) + " " + mark, "       ");
        if (!step.title.empty()) {
            text += wrapped(safe(style, step.title), style, "       ", "       ");
        }
        if (step.request) {
            for (const auto& part : base::describe(*step.request)) {
                text += verbatim(part, style, "       ");
            }
        }
    }
    return text.empty() ? "No steps.\n" : text;
}

std::string render_output(const StepRow& step, const Outcome& outcome, const std::filesystem::path& folder,
                          const Style& style) {
    std::string text =
        wrapped(fmt::format("{}  {}, {}", safe(style, step.id), safe(style, base::describe(outcome.ending)),
                            format_duration(outcome.elapsed)),
                style, "", "  ");
    if (step.request) {
        for (const auto& line : base::describe(*step.request)) {
            text += verbatim(line, style, "  ");
        }
    }
    add_output(text, outcome.out, "output", folder, style);
    if (outcome.err.total > 0) {
        add_output(text, outcome.err, "error output", folder, style);
    }
    return text;
}

std::string target_identity_words(const DiagnosisView& view, const Style& style) {
    return target_identity(view.target, view.now, style);
}

}  // namespace memrb::ui
