#pragma once

#include "drill/tale.h"
#include "memrb/ports.h"
#include "memrb/runbook.h"
#include "ui/line_reader.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::cli {

class World;

/// Answers of a file: one on each line; blank lines and those that begin with `//` are left out.
std::vector<std::string> read_answers(std::string_view text);

/// What can be named as the cause in a drill: those of the runbook, and `none`.
std::vector<std::string> causes_of(const Runbook& runbook);

/// With that exit code a diagnosis ended by what was answered in it: not by an error, nor by a signal.
bool by_choice(int code);

/// Who answers in a drill: a person at the terminal, or a script. Keeps the verdicts, and says what a drill has to say.
class DrillKeys {
public:
    struct Parts {
        World& world;
        drill::Tale& tale;
        const Clock& clock;
        std::function<void(bool by_script)>
            answered;  ///< called before a script's answer and after a person's; may be empty
    };
    explicit DrillKeys(Parts parts) : parts_(std::move(parts)) {}

    void take_causes(std::vector<std::string> ids) { causes_ = std::move(ids); }
    /// One of the two. A person is asked at the terminal itself, the prompt gets the mark here.
    void take_script(std::vector<std::string> answers) { script_ = std::move(answers); }
    void take_person(std::unique_ptr<ui::LineReader> person) { person_ = std::move(person); }

    /// Not a line: nobody answers any more. Lines are kept in the tale.
    ui::Answer next(std::string_view prompt);
    void discard_typed_ahead();
    /// `words`: a cause, and perhaps a service; else it is `looked_at`.
    void name_cause(std::string_view words, const std::string& looked_at);
    /// Until a cause was named, or Enter was.
    void ask_verdict(const std::string& looked_at);

    void say(const std::string& text);
    void say_news(const std::string& text);

    /// Ctrl-C, Ctrl-D, the end of the script, or the drill is over.
    [[nodiscard]] bool gone() const { return gone_; }
    void leave() { gone_ = true; }

private:
    Parts parts_;
    std::vector<std::string> causes_;
    std::optional<std::vector<std::string>> script_;
    std::size_t used_ = 0;
    std::unique_ptr<ui::LineReader> person_;
    bool gone_ = false;
};

}  // namespace memrb::cli
