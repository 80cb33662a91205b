#include "ui/option_page.h"

#include "ui/layout.h"
#include "ui/markdown.h"

#include <fmt/core.h>

namespace memrb::ui {

namespace {

void add_lines(std::vector<Fact>& facts, const Style& style, std::string label, const std::string& key,
               const std::vector<std::string>& lines) {
    if (lines.empty()) {
        facts.push_back({std::move(label), key, "none"});
        return;
    }
    for (const auto& line : lines) {
        facts.push_back({std::move(label), &line == &lines.front() ? key : "", safe(style, line), 0, true});
        label.clear();
    }
}

}  // namespace

std::string render(const OptionPage& page, const std::string& target, const Style& style) {
    std::vector<Fact> facts;
    facts.push_back({"Option", "option",
                     fmt::format("{}{}{}", paint(style, Paint::strong, safe(style, page.id)),
                                 style.key_value() ? ", " : "   ", safe(style, page.title))});
    facts.push_back({"Target", "target", target});
    facts.push_back({"Changes", "changes", std::string(to_string(page.risk))});
    std::string why = page.suggested ? "suggested" : "";
    if (!page.why.empty() && page.why != page.use_when) {
        why += (why.empty() ? "" : ", ") + safe(style, page.why);
    }
    if (!why.empty()) {
        facts.push_back({"Why", "why", why});
    }
    const bool told = !why.empty() && page.why != page.use_when && page.why.find(page.use_when) != std::string::npos;
    if (!page.use_when.empty() && !told) {
        facts.push_back({"Use when", "use when", safe(style, page.use_when)});
    }
    facts.push_back({"Costs", "costs", page.costs.empty() ? "the runbook does not say" : safe(style, page.costs)});
    add_lines(facts, style, "Steps", "steps", page.steps);
    add_lines(facts, style, "Checks", "checks", page.verify);
    add_lines(facts, style, "Undo", "undo", page.undo);
    std::string text = lay_out(facts, style);
    if (!page.advice.empty()) {
        text += "\n" + render_markdown(page.advice, style, 0);
    }
    if (page.runs && !page.steps.empty()) {
        return text;
    }
    const std::string_view last =
        page.steps.empty()
            ? "Nothing was changed. `again` measures and diagnoses anew."
            : "Nothing was changed. The commands above can be run by hand; `again` measures and diagnoses anew.";
    return text + "\n" + wrapped(last, style, "", "");
}

}  // namespace memrb::ui
