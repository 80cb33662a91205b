#include "cli/drill_keys.h"

#include "base/text.h"
#include "cli/exit_codes.h"
#include "cli/world.h"
#include "ui/layout.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::cli {

std::vector<std::string> read_answers(std::string_view text) {
    std::vector<std::string> answers;
    for (const auto line : base::lines(text)) {
        const auto words = base::trim(line);
        if (!words.empty() && !words.starts_with("//")) {
            answers.emplace_back(words);
        }
    }
    return answers;
}

std::vector<std::string> causes_of(const Runbook& runbook) {
    std::vector<std::string> causes;
    for (const auto& cause : runbook.causes) {
        causes.push_back(cause.id);
    }
    causes.emplace_back("none");
    return causes;
}

bool by_choice(int code) {
    return code == exit_code::done || code == exit_code::declined || code == exit_code::escalated;
}

void DrillKeys::say(const std::string& text) {
    parts_.world.err().write(ui::wrapped(text, parts_.world.err_style(), "", "  "));
}

void DrillKeys::say_news(const std::string& text) {
    const ui::Style& style = parts_.world.err_style();
    say(ui::paint(style, ui::Paint::caution, ui::safe(style, text)));
}

ui::Answer DrillKeys::next(std::string_view prompt) {
    ui::Answer answer{ui::Answer::Kind::end, {}};
    if (gone_) {
        return answer;
    }
    const auto answered = [&] {
        if (parts_.answered) {
            parts_.answered(script_.has_value());
        }
    };
    if (!script_) {
        answer = person_->read(std::string(drill_mark).append(prompt));
        answered();
    } else if (used_ == script_->size()) {
        parts_.world.err().write(std::string(prompt).append("\n"));
        say("The script ends here.");
    } else {
        answered();
        answer = {ui::Answer::Kind::line, (*script_)[used_++]};
        parts_.world.err().write(fmt::format("{}{}\n", prompt, answer.text));
    }
    if (answer.kind == ui::Answer::Kind::line) {
        parts_.tale.path.push_back({parts_.clock.now(), std::string(base::trim(answer.text))});
    } else {
        gone_ = true;
    }
    return answer;
}

void DrillKeys::discard_typed_ahead() {
    if (person_) {
        person_->discard_typed_ahead();
    }
}

void DrillKeys::name_cause(std::string_view words, const std::string& looked_at) {
    const std::size_t space = words.find(' ');
    const std::string cause(words.substr(0, space));
    const std::string service(space == std::string_view::npos ? looked_at : base::trim(words.substr(space)));
    if (std::find(causes_.begin(), causes_.end(), cause) == causes_.end()) {
        say(fmt::format("`{}` is none of: {}{}", base::printable(cause), base::join(causes_, ", "),
                        base::did_you_mean(cause, causes_)));
        return;
    }
    parts_.tale.verdicts.push_back({parts_.clock.now(), cause, service});
    say(fmt::format("Your verdict: {} in {}.", cause, base::printable(service)));
}

void DrillKeys::ask_verdict(const std::string& looked_at) {
    while (parts_.tale.verdicts.empty()) {
        const auto answer =
            next(fmt::format("What was the cause? [{}, Enter: no verdict]: ", base::join(causes_, ", ")));
        if (answer.kind != ui::Answer::Kind::line || base::trim(answer.text).empty()) {
            return;
        }
        name_cause(base::trim(answer.text), looked_at);
    }
}

}  // namespace memrb::cli
