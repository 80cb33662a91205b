#include "ui/menu.h"

#include "base/overloaded.h"
#include "base/text.h"
#include "ui/menu_pages.h"
#include "ui/words.h"

#include <fmt/core.h>
#include <algorithm>
#include <charconv>
#include <type_traits>

namespace memrb::ui {

namespace {

void show_error(const Error& error, const Style& style, Sink& screen) {
    screen.write(
        fmt::format("{} {}\n", paint(style, Paint::bad, glyph(style, Glyph::bad)), safe(style, error.message)));
    if (!error.hint.empty()) {
        screen.write(fmt::format("  {}\n", safe(style, error.hint)));
    }
}

class MenuRun {
public:
    MenuRun(DiagnosisView view, Style style, LineReader& reader, Sink& screen, MenuHost& host)
        : view_(std::move(view)), style_(style), reader_(reader), screen_(screen), host_(host) {}

    MenuEnd run() {
        while (true) {
            const MenuWords words = words_of(view_);
            follow_width();
            const Answer answer = reader_.read(menu_prompt(words, style_));
            follow_width();
            if (answer.kind != Answer::Kind::line) {
                return answer.kind == Answer::Kind::end ? MenuEnd::quit : MenuEnd::interrupted;
            }
            const MenuCommand command = parse_menu(answer.text, words);
            if (std::holds_alternative<Quit>(command)) {
                return MenuEnd::quit;
            }
            answer_to(command, words);
            if (interrupted_) {
                return MenuEnd::interrupted;
            }
        }
    }

private:
    void follow_width() {
        if (const int width = host_.width(); width > 0) {
            style_.width = width;
        }
    }

    void answer_to(const MenuCommand& command, const MenuWords& words) {
        std::visit(
            base::Overloaded{[&](const ChooseOption& choice) { choose(words.options[choice.index]); },
                             [&](const ShowWhy& why) { screen_.write(render_why(view_, why.cause, style_)); },
                             [&](const ShowSteps&) { screen_.write(render_step_list(view_, style_)); },
                             [&](const ShowOutput& wanted) { show_output(view_.steps[wanted.step]); },
                             [&](const TakeNote& note) { take_note(note.text); },
                             [&](const DiagnoseAgain&) { again(); }, [&](const WatchRecovery&) { watch(); },
                             [&](const HandOver& wanted) { hand_over(wanted.contact); },
                             [&](const ShowHelp&) { screen_.write(menu_help(words, style_)); },
                             [&](const NotUnderstood& answer) { screen_.write(safe(style_, answer.message) + "\n"); },
                             [](const Quit&) {}, [](const Nothing&) {}},
            command);
    }

    void choose(const std::string& option) {
        if (const auto page = host_.choose(option)) {
            screen_.write("\n" + render(*page, target_identity_words(view_, style_), style_) + "\n");
            act(option);
        } else {
            show_error(page.error(), style_, screen_);
        }
    }

    void act(const std::string& option) {
        const auto acted = host_.act(option);
        if (!acted) {
            show_error(acted.error(), style_, screen_);
        } else if (*acted == MenuHost::Acted::changed) {
            again();
        }
        interrupted_ = acted && *acted == MenuHost::Acted::interrupted;
    }

    void show_output(const StepRow& step) {
        if (const auto outcome = host_.outcome(step)) {
            screen_.write(render_output(step, *outcome, view_.folder, style_));
        } else {
            show_error(outcome.error(), style_, screen_);
        }
    }

    void take_note(const std::string& text) {
        if (const auto kept = host_.note(text)) {
            screen_.write("Noted.\n");
        } else {
            show_error(kept.error(), style_, screen_);
        }
    }

    void watch() {
        if (const auto watched = host_.watch()) {
            again();
        } else {
            show_error(watched.error(), style_, screen_);
        }
    }

    void hand_over(const std::string& contact) {
        const auto acted = host_.hand_over(contact);
        if (!acted) {
            show_error(acted.error(), style_, screen_);
        }
        interrupted_ = acted && *acted == MenuHost::Acted::interrupted;
    }

    void again() {
        if (auto fresh = host_.again()) {
            view_ = std::move(*fresh);
            screen_.write("\n" + render(view_, style_));
        } else {
            show_error(fresh.error(), style_, screen_);
        }
    }

    DiagnosisView view_;
    Style style_;
    LineReader& reader_;
    Sink& screen_;
    MenuHost& host_;
    bool interrupted_ = false;
};

}  // namespace

MenuWords words_of(const DiagnosisView& view) {
    MenuWords words;
    for (const auto& option : view.assessment.options) {
        words.options.push_back(option.id);
    }
    for (const auto& cause : view.assessment.causes) {
        words.causes.push_back(cause.id);
    }
    for (const auto& step : view.steps) {
        words.steps.push_back(step.id);
    }
    return words;
}

Result<Outcome> MenuHost::outcome(const StepRow& step) {
    if (!step.outcome) {
        return fail(Fault::no_data, fmt::format("{} was not run: there is no output", step.id));
    }
    return *step.outcome;
}

MenuEnd run_menu(DiagnosisView view, const Style& style, LineReader& reader, Sink& screen, MenuHost& host) {
    return MenuRun(std::move(view), style, reader, screen, host).run();
}

}  // namespace memrb::ui
