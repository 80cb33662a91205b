#include "ui/line_operator.h"

#include "base/shell_words.h"
#include "base/text.h"
#include "ui/change_card.h"
#include "ui/layout.h"

#include <fmt/core.h>

namespace memrb::ui {

Decision LineOperator::ask(std::string_view prompt, std::string& line) {
    if (reader_ == nullptr) {
        return {Reply::quit, "nobody to ask"};
    }
    const auto answer = reader_->read(prompt);
    if (answer.kind == Answer::Kind::interrupted) {
        return {Reply::interrupted, {}};
    }
    line = answer.kind == Answer::Kind::end ? "q" : std::string(base::trim(answer.text));
    return {Reply::run, {}};
}

// Ctrl-C at the second question takes the first answer back.
Decision LineOperator::because(Reply reply, std::string_view prompt) {
    std::string line;
    if (const Decision given = ask(prompt, line); given.answer == Reply::interrupted) {
        return given;
    }
    return {reply, line == "q" ? std::string() : line};
}

void LineOperator::settle() const {
    if (around_.settle) {
        around_.settle();
    }
}

std::optional<Decision> LineOperator::edits(const ChangeCard& card) {
    const std::string before = base::quote_words(card.editable);
    const auto text = around_.edit(before);
    if (!text) {
        screen_.write(wrapped(safe(style_, text.error().message) + ": nothing was changed", style_, "", "  "));
        return std::nullopt;
    }
    std::vector<std::string_view> kept;
    for (const auto line : base::lines(*text)) {
        const auto words = base::trim(line);
        if (!words.empty() && words.front() != '#') {
            kept.push_back(words);
        }
    }
    if (kept.size() != 1 || kept.front() == before) {
        screen_.write(kept.size() > 1 ? "Nothing was changed: all arguments stand in one line.\n"
                                      : "Nothing was changed.\n");
        return std::nullopt;
    }
    auto words = base::split_words(kept.front());
    if (!words) {
        screen_.write(wrapped(safe(style_, words.error().message) + ": nothing was changed", style_, "", "  "));
        return std::nullopt;
    }
    screen_.write(fmt::format("- {}\n+ {}\n", safe(style_, before), safe(style_, base::quote_words(*words))));
    return Decision{Reply::edit, {}, *std::move(words)};
}

Decision LineOperator::decide(const ChangeCard& card) {
    settle();
    screen_.write("\n" + render(card, target_, style_));
    if (card.consent == Consent::given) {
        return {Reply::run, "agreed by flag"};
    }
    const bool by_name = card.consent == Consent::ask_for_name;
    const std::string word = by_name ? target_name_ : "yes";
    if (!card.problem.empty()) {
        screen_.write(
            wrapped("Not taken: " + safe(style_, card.problem) + ". The step is what it was.", style_, "", ""));
    }
    const bool editable = around_.edit && !card.editable.empty();
    const std::string others = fmt::format("n skip, {}m done by hand, {}q quit, ?", editable ? "e edit, " : "",
                                           around_.escalate ? "x escalate, " : "");
    const std::string prompt =
        by_name ? fmt::format("It cannot be undone. Type {} to run it [{}]: ", safe(style_, target_name_), others)
                : fmt::format("Type yes to run [yes, {}]: ", others);
    while (true) {
        // Each time: of a pasted text the first line may be nonsense and the second one `yes`.
        if (reader_ != nullptr) {
            reader_->discard_typed_ahead();
        }
        std::string line;
        if (const Decision given = ask(prompt, line); given.answer != Reply::run) {
            return given;
        }
        if (line == word) {
            return {Reply::run, {}};
        }
        if (line == "q" || line == "quit") {
            return {Reply::quit, {}};
        }
        if (line == "n" || line == "no" || line == "skip") {
            return because(Reply::skip, "Why not? (Enter: no reason) ");
        }
        if (line == "m" || line == "by hand") {
            return because(Reply::by_hand, "What was done? ");
        }
        if (around_.escalate && (line == "x" || line == "escalate")) {
            if (!around_.escalate()) {
                return {Reply::interrupted, {}};
            }
            continue;
        }
        if (editable && (line == "e" || line == "edit")) {
            if (const auto edited = edits(card)) {
                return *edited;
            }
            continue;
        }
        if (line == "?" || line == "h" || line == "help") {
            screen_.write(wrapped(
                fmt::format("{}: run it. n: leave it out and go on. m: you have done it yourself; its "
                            "checks follow. {}{}q: stop here, back to the menu. Nothing else does anything.",
                            word,
                            editable ? "e: change its arguments in your editor; then you are asked again, as for "
                                       "the next higher risk. "
                                     : "",
                            around_.escalate ? "x: a handoff to paste; then this question again. " : ""),
                style_, "", ""));
            continue;
        }
        if (!line.empty()) {
            screen_.write(
                line == "y" || line == "Y" || line == "YES" || line == "Yes"
                    ? fmt::format("Type the whole word: {}\n", safe(style_, word))
                    : fmt::format("Not understood; nothing was run. Type {}, n, m, q or ?\n", safe(style_, word)));
        }
    }
}

Decision LineOperator::task(const TaskCard& card) {
    settle();
    screen_.write("\n" + render(card, style_));
    while (true) {
        std::string line;
        if (const Decision given = ask("Done? [done, n skip, q quit]: ", line); given.answer != Reply::run) {
            return given;
        }
        if (line == "done" || line == "d" || line == "yes") {
            return {Reply::by_hand, {}};
        }
        if (line == "n" || line == "no" || line == "skip") {
            return because(Reply::skip, "Why not? (Enter: no reason) ");
        }
        if (line == "q" || line == "quit") {
            return {Reply::quit, {}};
        }
        if (!line.empty()) {
            screen_.write("Type done, n or q\n");
        }
    }
}

bool LineOperator::go_on_without(const std::vector<std::string>& not_saved) {
    settle();
    screen_.write("Not saved before the change:\n");
    for (const auto& one : not_saved) {
        screen_.write(wrapped(safe(style_, one), style_, "  ", "    "));
    }
    if (reader_ == nullptr) {
        return true;  // the flag that agreed to the change was given by someone who wants it done
    }
    reader_->discard_typed_ahead();
    while (true) {
        std::string line;
        if (ask("Go on without it? [yes, n]: ", line).answer != Reply::run || line == "q" || line == "n" ||
            line == "no") {
            return false;
        }
        if (line == "yes") {
            return true;
        }
    }
}

void LineOperator::change_begins(Milliseconds timeout) {
    if (around_.begins) {
        around_.begins(timeout);
    }
}

void LineOperator::change_ends() {
    if (around_.ends) {
        around_.ends();
    }
}

}  // namespace memrb::ui
