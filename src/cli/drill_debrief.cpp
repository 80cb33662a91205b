#include "cli/drill_debrief.h"

#include "cli/drill_page.h"

#include <fmt/core.h>

namespace memrb::cli {

namespace {

class Page {
public:
    Page(const Debrief& debrief, const ui::Style& style) : debrief_(debrief), page_(style, debrief.world.alert_at()) {}

    std::string text() {
        verdict();
        times();
        page_.evidence(debrief_.tale);
        page_.path(debrief_.tale);
        good_path();
        score();
        page_.report(debrief_.tale.incident);
        return page_.text();
    }

private:
    [[nodiscard]] std::string told(const std::optional<Milliseconds>& span) const {
        return span ? format_duration(*span) : "never";
    }
    void verdict() {
        const Scenario& scenario = debrief_.world.scenario();
        page_.heading("Debrief: " + scenario.title);
        page_.line(fmt::format("It was: {}{}. {}", scenario.cause,
                               scenario.cause == "none" ? "" : " in " + scenario.culprit, scenario.explanation));
        const auto& verdicts = debrief_.tale.verdicts;
        page_.line(verdicts.empty()
                       ? "You named no cause."
                       : fmt::format("You said: {} in {}: {}.", verdicts.back().cause, verdicts.back().service,
                                     debrief_.score.to_cause ? "right" : "wrong"));
        const auto& after = debrief_.after;
        page_.line(after.next_kill
                       ? fmt::format("Left as it is, it is OOM killed {} later.", format_duration(*after.next_kill))
                   : after.holds ? "Left as it is, it holds for the next 12 hours."
                                 : "Left as it is, it stays close to its limit.");
    }

    void times() {
        const auto& score = debrief_.score;
        page_.heading("Times, from the alert on");
        page_.line(fmt::format("to the cause {}, to relief {}, to recovery {}, to escalation {}", told(score.to_cause),
                               told(score.to_relief), told(score.to_recovery), told(score.escalated)));
        const auto& due = debrief_.world.scenario().escalate_by;
        page_.line(due ? fmt::format("others had to be called within {}", format_duration(*due))
                       : "nobody else was needed");
        page_.line(fmt::format("{} disruption{}, {} of them needless; {} OOM kill{}", score.disruptions,
                               score.disruptions == 1 ? "" : "s", score.needless, debrief_.after.kills,
                               debrief_.after.kills == 1 ? "" : "s"));
    }

    void good_path() {
        page_.heading("A good path");
        for (const auto& move : debrief_.world.scenario().good_path) {
            page_.line(move.why.empty() ? move.answer : fmt::format("{}   {}", move.answer, move.why));
        }
    }

    void score() {
        page_.heading(fmt::format("Score: {} of 100", debrief_.score.total));
        for (const auto& part : debrief_.score.parts) {
            page_.line(part.most == 0 ? fmt::format("{:<11}{:>3}     {}", part.id, part.points, part.why)
                                      : fmt::format("{:<11}{:>3}/{:<3} {}", part.id, part.points, part.most, part.why),
                       "  ", "                     ");
        }
    }

    const Debrief& debrief_;
    DrillPage page_;
};

}  // namespace

std::string render(const Debrief& debrief, const ui::Style& style) {
    return Page(debrief, style).text();
}

}  // namespace memrb::cli
