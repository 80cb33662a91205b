#include "ui/step_lines.h"

#include "base/describe.h"
#include "base/text.h"
#include "ui/layout.h"

#include <fmt/core.h>
#include <algorithm>
#include <vector>

namespace memrb::ui {

namespace {

std::string first_words(const std::string& output) {
    for (const auto line : base::lines(output)) {
        if (const auto text = base::trim(line); !text.empty()) {
            return std::string(text);
        }
    }
    return {};
}

struct Mark {
    Glyph glyph;
    Paint paint;
};

Mark mark_of(const StepRow& step) {
    switch (step.status) {
        case StepStatus::ok: return {Glyph::good, Paint::good};
        case StepStatus::failed: return {Glyph::bad, Paint::bad};
        case StepStatus::skipped:
            // Tried and not possible is worth a look; "does not apply here" is not.
            return step.outcome ? Mark{Glyph::caution, Paint::caution} : Mark{Glyph::dot, Paint::faint};
        case StepStatus::blocked:
        case StepStatus::interrupted: return {Glyph::caution, Paint::caution};
        case StepStatus::previewed: return {Glyph::pointer, Paint::none};
        case StepStatus::depends: return {Glyph::busy, Paint::none};
        case StepStatus::no_data:
        case StepStatus::not_previewable:
        case StepStatus::unknown: break;
    }
    return {Glyph::unknown, Paint::caution};
}

// What follows the id: what was found, or what went wrong in words (a glyph alone says too little).
std::string account(const StepRow& step, const Style& style) {
    const std::string_view between = style.key_value() ? ", " : "  ";
    if (step.status == StepStatus::ok) {
        const std::string elapsed = format_duration(step.elapsed);
        const std::string note = safe(style, step.note);
        const std::string time = glue(style.key_value() ? elapsed : pad_left(elapsed, 5));
        return note.empty() ? time : fmt::format("{}{}{}", time, between, note);
    }
    const std::string word = status_word(step.status);
    const std::string why = safe(style, reason(step));
    return why.empty() || why == word ? word : why.starts_with(word) ? why : fmt::format("{}: {}", word, why);
}

// Steps that went wrong in the same words, such as all those that ask a server that is down, share one row; it stands
// where the first of them does.
struct Row {
    const StepRow* first = nullptr;
    std::string ids;
    std::string account;
};

std::vector<Row> rows_of(const std::vector<StepRow>& steps, const Style& style) {
    std::vector<Row> rows;
    for (const auto& step : steps) {
        if (step.aside) {
            continue;
        }
        std::string said = account(step, style);
        const auto same = std::find_if(rows.begin(), rows.end(), [&](const Row& row) {
            return step.status != StepStatus::ok && row.first->status == step.status && row.account == said;
        });
        if (same == rows.end()) {
            rows.push_back({&step, safe(style, step.id), std::move(said)});
        } else {
            same->ids += ", " + safe(style, step.id);
        }
    }
    return rows;
}

std::string key_value_lines(const DiagnosisView& view, const Style& style) {
    std::string all;
    for (const auto& step : view.steps) {
        if (step.aside) {
            continue;
        }
        const std::string text = account(step, style);
        const std::string word = step.status == StepStatus::ok ? "ok, " : "";
        all += wrapped(word + text, style, fmt::format("step {}: ", safe(style, step.id)), "  ");
    }
    return all;
}

}  // namespace

std::string status_word(StepStatus status) {
    return base::replace_all(std::string(to_string(status)), "_", " ");
}

std::string step_mark(const StepRow& step, const Style& style) {
    const Mark mark = mark_of(step);
    return paint(style, mark.paint, glyph(style, mark.glyph));
}

std::string reason(const StepRow& step) {
    if (step.status == StepStatus::ok || !step.why.empty() || !step.outcome) {
        return step.status == StepStatus::ok ? std::string{} : step.why;
    }
    const std::string ending = base::describe(step.outcome->ending);
    const std::string said = first_words(step.outcome->err.head);
    return said.empty() ? ending : fmt::format("{}: {}", ending, said);
}

std::string render_steps(const DiagnosisView& view, const Style& style) {
    if (style.key_value()) {
        return key_value_lines(view, style);
    }
    constexpr std::size_t indent = 2;
    constexpr std::size_t gutter = 2;
    std::size_t id_width = 0;
    for (const auto& step : view.steps) {
        id_width = std::max(id_width, std::min<std::size_t>(columns(safe(style, step.id)), 28));
    }
    const std::size_t width = style.width <= 0 ? 0 : static_cast<std::size_t>(style.width);
    const std::size_t half = width == 0 ? 0 : (width - indent - gutter) / 2;
    std::string all;
    std::string left;  // a cell that waits for its neighbour
    const auto flush = [&] {
        all += left.empty() ? "" : wrapped(left, style, "  ", "");
        left.clear();
    };
    for (const auto& [first, ids, said] : rows_of(view.steps, style)) {
        const std::string id = first->status == StepStatus::ok ? pad(ids, id_width) : ids;
        const std::string lead = fmt::format("{} {}  ", step_mark(*first, style), id);
        const bool several = ids != safe(style, first->id);
        const std::string cell = (several ? lead : glue(lead)) + said;
        if (columns(cell) > half) {
            flush();
            all += wrapped(cell, style, std::string(indent, ' '),
                           std::string(indent + (several ? 2 : columns(lead)), ' '));
        } else if (left.empty()) {
            left = glue(cell);
        } else {
            std::string both = pad(left, half + gutter);
            both += cell;
            left = glue(both);
            flush();
        }
    }
    flush();
    return all;
}

}  // namespace memrb::ui
