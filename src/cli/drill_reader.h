#pragma once

#include "drill/runner.h"
#include "drill/witness.h"
#include "memrb/scenario.h"
#include "ui/line_reader.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace memrb::cli {

class World;

/// Answers of a file: one on each line; blank lines and those that begin with `//` are left out.
std::vector<std::string> read_answers(std::string_view text);

/// The prompt of a drill: a person's, or a script. Lines that begin with `!` are for the drill itself; all else goes
/// through to whoever asks. Says what has happened meanwhile, and ends the drill when it is lost.
class DrillReader final : public ui::LineReader {
public:
    struct Parts {
        World& world;
        drill::DrillRunner& runner;
        drill::DrillClock& clock;
        drill::Witness& witness;
        const Scenario& scenario;
        std::vector<std::string> causes;  ///< ids that can be named
    };
    explicit DrillReader(Parts parts) : parts_(std::move(parts)) {}

    void take_causes(std::vector<std::string> ids) { parts_.causes = std::move(ids); }
    /// One of the two. `person` asks at the terminal itself, its prompt gets the mark here.
    void take_script(std::vector<std::string> answers) { script_ = std::move(answers); }
    void take_person(std::unique_ptr<ui::LineReader> person) { person_ = std::move(person); }

    ui::Answer read(std::string_view prompt) override;
    void discard_typed_ahead() override;

    /// The service to look at next, if the operator turned to another one.
    [[nodiscard]] std::optional<std::string> take_turn();
    /// Asks for the cause, if the operator has named none and is still there.
    void ask_verdict();

private:
    ui::Answer next(std::string_view prompt);
    void tell_news();
    void command(std::string_view line);
    void hint();
    void name_cause(std::string_view words);
    void wait(std::string_view words);
    void look(std::string_view words);
    void say(const std::string& text);
    void say_news(const std::string& text);

    Parts parts_;
    std::optional<std::vector<std::string>> script_;
    std::size_t used_ = 0;
    std::unique_ptr<ui::LineReader> person_;
    std::size_t events_told_ = 0;
    bool begun_ = false;
    bool team_told_ = false;
    bool gone_ = false;  ///< Ctrl-C, Ctrl-D, the end of the script, or the drill is lost
    std::optional<std::string> turn_;
};

}  // namespace memrb::cli
