#include "ui/resume_view.h"

#include "ui/layout.h"
#include "ui/words.h"

#include <fmt/core.h>
#include <utility>

namespace memrb::ui {

std::string render(const ResumeView& view, const Style& style) {
    std::string what = fmt::format("{}{} of incident {}", paint(style, Paint::strong, safe(style, view.option)),
                                   view.undo ? ", undo," : "", safe(style, view.incident));
    if (view.began) {
        what += fmt::format(", begun {} ({} ago)", clock_time(*view.began, view.now),
                            glue(format_duration(view.now - *view.began)));
    }
    std::vector<Fact> facts{{"Resume", "resume", std::move(what)}};
    std::string label = "Since";
    for (const auto& one : view.since) {
        facts.push_back({std::exchange(label, ""), "since", safe(style, one)});
    }
    label = "Steps";
    for (const auto& step : view.steps) {
        const bool settled = step.progress == "done" || step.progress == "left out";
        std::string text = fmt::format("{} {}  {}", step.number, safe(style, step.id),
                                       paint(style, settled ? Paint::none : Paint::caution, step.progress));
        text += step.why.empty() || step.why == step.progress ? "" : ": " + safe(style, step.why);
        facts.push_back({std::exchange(label, ""), "step", std::move(text)});
    }
    return lay_out(facts, style);
}

}  // namespace memrb::ui
