#include "cli/drill_debrief.h"

#include "ui/layout.h"

#include <fmt/core.h>

namespace memrb::cli {

namespace {

class Page {
public:
    Page(const Debrief& debrief, const ui::Style& style) : debrief_(debrief), style_(style) {}

    std::string text() {
        verdict();
        times();
        evidence();
        paths();
        score();
        return std::move(text_);
    }

private:
    [[nodiscard]] std::string after_alert(Timestamp at) const {
        return format_duration(at - debrief_.world.alert_at());
    }
    [[nodiscard]] std::string told(const std::optional<Milliseconds>& span) const {
        return span ? format_duration(*span) : "never";
    }
    void heading(const std::string& words) { text_ += "\n" + ui::paint(style_, ui::Paint::strong, words) + "\n"; }
    void line(const std::string& words, std::string_view first = "  ", std::string_view rest = "    ") {
        text_ += ui::wrapped(ui::safe(style_, words), style_, first, rest);
    }

    void verdict() {
        const Scenario& scenario = debrief_.world.scenario();
        heading("Debrief: " + scenario.title);
        line(fmt::format("It was: {}{}. {}", scenario.cause, scenario.cause == "none" ? "" : " in " + scenario.culprit,
                         scenario.explanation));
        const auto& verdicts = debrief_.tale.verdicts;
        line(verdicts.empty() ? "You named no cause."
                              : fmt::format("You said: {} in {}: {}.", verdicts.back().cause, verdicts.back().service,
                                            debrief_.score.to_cause ? "right" : "wrong"));
        const auto& after = debrief_.after;
        line(after.next_kill
                 ? fmt::format("Left as it is, it is OOM killed {} later.", format_duration(*after.next_kill))
             : after.holds ? "Left as it is, it holds for the next 12 hours."
                           : "Left as it is, it stays close to its limit.");
    }

    void times() {
        const auto& score = debrief_.score;
        heading("Times, from the alert on");
        line(fmt::format("to the cause {}, to relief {}, to recovery {}, to escalation {}", told(score.to_cause),
                         told(score.to_relief), told(score.to_recovery), told(score.escalated)));
        const auto& due = debrief_.world.scenario().escalate_by;
        line(due ? fmt::format("others had to be called within {}", format_duration(*due)) : "nobody else was needed");
        line(fmt::format("{} disruption{}, {} of them needless; {} OOM kill{}", score.disruptions,
                         score.disruptions == 1 ? "" : "s", score.needless, debrief_.after.kills,
                         debrief_.after.kills == 1 ? "" : "s"));
    }

    void evidence() {
        heading("What the evidence said");
        if (debrief_.tale.looks.empty()) {
            line("nothing was diagnosed");
        }
        for (const auto& look : debrief_.tale.looks) {
            line(fmt::format("{}  {}: {}", after_alert(look.at), look.service, told_of(look)));
        }
    }

    void paths() {
        heading("Your path");
        if (debrief_.tale.path.empty()) {
            line("nothing was answered");
        }
        for (const auto& typed : debrief_.tale.path) {
            line(fmt::format("{}  {}", after_alert(typed.at), typed.answer.empty() ? "(Enter)" : typed.answer));
        }
        heading("A good path");
        for (const auto& move : debrief_.world.scenario().good_path) {
            line(move.why.empty() ? move.answer : fmt::format("{}   {}", move.answer, move.why));
        }
    }

    void score() {
        heading(fmt::format("Score: {} of 100", debrief_.score.total));
        for (const auto& part : debrief_.score.parts) {
            line(part.most == 0 ? fmt::format("{:<11}{:>3}     {}", part.id, part.points, part.why)
                                : fmt::format("{:<11}{:>3}/{:<3} {}", part.id, part.points, part.most, part.why),
                 "  ", "                     ");
        }
        if (!debrief_.incident.empty()) {
            line(fmt::format("The report: memrb report --drill {}", debrief_.incident), "\n  ", "    ");
        }
    }

    const Debrief& debrief_;
    const ui::Style& style_;
    std::string text_;
};

}  // namespace

std::string told_of(const drill::Tale::Look& look) {
    return fmt::format(
        "{}{}, trend {}, {}", to_string(look.level), look.ratio ? " at " + format_percent(*look.ratio) : "", look.trend,
        look.first_cause.empty() ? "no cause stands out" : fmt::format("{} ({})", look.first_cause, look.confidence));
}

std::string render(const Debrief& debrief, const ui::Style& style) {
    return Page(debrief, style).text();
}

}  // namespace memrb::cli
