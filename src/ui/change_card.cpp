#include "ui/change_card.h"

#include "base/text.h"
#include "ui/layout.h"
#include "ui/markdown.h"
#include "ui/step_lines.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::ui {

namespace {

std::string listed(const std::vector<std::string>& words, std::string_view none) {
    return words.empty() ? std::string(none) : base::join(words, ", ");
}

void add_commands(std::vector<Fact>& facts, const std::string& label, const std::string& key,
                  const std::vector<std::string>& commands, const Style& style) {
    for (const auto& command : commands) {
        const bool first = &command == &commands.front();
        facts.push_back({first ? label : "", first ? key : "", safe(style, command), 0, true});
    }
}

// What the change did to the memory, in the one number that decides whether it helped.
std::string fall(Bytes before, Bytes after) {
    if (after < before) {
        return fmt::format("memory fell by {}: {} before, {} now", format_bytes(before - after), format_bytes(before),
                           format_bytes(after));
    }
    return after == before ? fmt::format("memory did not fall: {} before and now", format_bytes(before))
                           : fmt::format("memory rose by {}: {} before, {} now", format_bytes(after - before),
                                         format_bytes(before), format_bytes(after));
}

std::string lines_of(const std::vector<RemedyView::Line>& lines, const Style& style) {
    std::string text;
    for (const auto& line : lines) {
        StepRow row;
        row.id = line.id;
        row.status = line.status;
        const std::string lead = style.key_value()
                                     ? fmt::format("step {}: ", safe(style, line.id))
                                     : fmt::format("  {} {}  ", step_mark(row, style), safe(style, line.id));
        const std::string word = status_word(line.status);
        const std::string said = line.said.empty() || line.said.starts_with(word) ? line.said : word + ": " + line.said;
        text += wrapped(safe(style, line.status == StepStatus::ok ? (line.said.empty() ? word : line.said)
                                    : said.empty()                ? word
                                                                  : said),
                        style, lead, "    ");
        for (const auto& warning : line.warnings) {
            const std::string before = style.key_value() ? fmt::format("step {}: warning: ", safe(style, line.id))
                                                         : fmt::format("    {} ", glyph(style, Glyph::caution));
            text += wrapped(paint(style, Paint::caution, safe(style, warning)), style, before, "      ");
        }
    }
    return text;
}

}  // namespace

std::string render(const ChangeCard& card, const std::string& target, const Style& style) {
    const std::string head = fmt::format("Step {}/{}", card.number, card.count);
    std::vector<Fact> facts;
    facts.push_back(
        {head, "step",
         fmt::format("{}   {}", paint(style, Paint::strong, safe(style, card.id)), safe(style, card.title))});
    facts.push_back({"CHANGES", "changes", fmt::format("{}   {}", target, to_string(card.risk))});
    add_commands(facts, "Runs", "runs", card.commands, style);
    for (const auto& caution : card.cautions) {
        facts.push_back({"Careful", "careful", paint(style, Paint::caution, safe(style, caution))});
    }
    facts.push_back({"Costs", "costs", card.costs.empty() ? "the runbook does not say" : safe(style, card.costs)});
    if (card.undo.empty()) {
        facts.push_back({"Undo", "undo", "none"});
    } else {
        add_commands(facts, "Undo", "undo", card.undo, style);
    }
    facts.push_back({"Saved", "saved", safe(style, listed(card.saved, "what the diagnosis has read"))});
    std::string text = lay_out(facts, style);
    if (!card.advice.empty()) {
        text += render_markdown(card.advice, style, 0);
    }
    return text;
}

namespace {

// The beginning of it: the rest is in the record.
std::string answer_before(const TaskCard& card, const Style& style) {
    constexpr std::size_t most = 20;
    const auto lines = base::lines(card.shown);
    if (lines.empty()) {
        return {};
    }
    std::string text = paint(style, Paint::strong, safe(style, card.shown_step)) + " says:\n";
    for (std::size_t i = 0; i < std::min(lines.size(), most); ++i) {
        text += wrapped(safe(style, lines[i]), style, "  ", "    ");
    }
    if (lines.size() > most) {
        text += fmt::format("  and {} more lines, in the record\n", lines.size() - most);
    }
    return text + "\n";
}

}  // namespace

std::string render(const TaskCard& card, const Style& style) {
    std::vector<Fact> facts;
    facts.push_back(
        {fmt::format("Step {}/{}", card.number, card.count), "step",
         fmt::format("{}   {}", paint(style, Paint::strong, safe(style, card.id)), safe(style, card.title))});
    facts.push_back({"By hand", "by hand", "memrb cannot do this itself"});
    return answer_before(card, style) + lay_out(facts, style) + render_markdown(card.instructions, style, 0);
}

std::optional<bool> helped(const RemedyView& view) {
    if (!view.before || !view.after || view.limit_changed) {
        return std::nullopt;
    }
    constexpr Bytes least = Bytes{1} << 20U;
    return *view.after < *view.before && *view.before - *view.after >= std::max(least, *view.before / 100);
}

std::string render(const RemedyView& view, const Style& style) {
    std::string text = lines_of(view.steps, style) + lines_of(view.checks, style);
    if (view.before && view.after) {
        const bool in_vain = helped(view) == std::optional(false);
        text += wrapped(fall(*view.before, *view.after) + (in_vain ? ": no help so far" : ""), style, "", "  ");
    } else if (view.before && !view.checks.empty()) {
        text += "memory afterwards is not known: no check measured it\n";
    }
    const std::string why = view.why.empty() ? "" : ": " + safe(style, view.why);
    return text +
           wrapped(fmt::format("{} {}{}", safe(style, view.option), safe(style, view.end), why), style, "", "  ");
}

}  // namespace memrb::ui
