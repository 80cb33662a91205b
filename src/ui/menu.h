#pragma once

#include "memrb/result.h"
#include "ui/diagnosis_view.h"
#include "ui/line_reader.h"
#include "ui/option_page.h"
#include "ui/sink.h"
#include "ui/style.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace memrb::ui {

struct ChooseOption {
    std::size_t index = 0;  ///< from 0
    bool operator==(const ChooseOption&) const = default;
};
struct ShowWhy {
    std::optional<std::size_t> cause;  ///< from 0; absent: all
    bool operator==(const ShowWhy&) const = default;
};
struct ShowSteps {
    bool operator==(const ShowSteps&) const = default;
};
struct ShowOutput {
    std::size_t step = 0;  ///< from 0
    bool operator==(const ShowOutput&) const = default;
};
struct TakeNote {
    std::string text;
    bool operator==(const TakeNote&) const = default;
};
struct DiagnoseAgain {
    bool operator==(const DiagnoseAgain&) const = default;
};
/// Looks until the target has recovered or the time is over.
struct WatchRecovery {
    bool operator==(const WatchRecovery&) const = default;
};
/// `x`, or `x CONTACT`.
struct HandOver {
    std::string contact;  ///< empty: nobody was named
    bool operator==(const HandOver&) const = default;
};
struct ShowHelp {
    bool operator==(const ShowHelp&) const = default;
};
struct Quit {
    bool operator==(const Quit&) const = default;
};
/// Enter alone.
struct Nothing {
    bool operator==(const Nothing&) const = default;
};
struct NotUnderstood {
    std::string message;  ///< safe to show as UTF-8; says what is possible
    bool operator==(const NotUnderstood&) const = default;
};
using MenuCommand = std::variant<ChooseOption, ShowWhy, ShowSteps, ShowOutput, TakeNote, DiagnoseAgain, WatchRecovery,
                                 HandOver, ShowHelp, Quit, Nothing, NotUnderstood>;

/// The ids that an answer may name, in the order in which they are numbered on the screen.
struct MenuWords {
    std::vector<std::string> options;
    std::vector<std::string> causes;
    std::vector<std::string> steps;
};
MenuWords words_of(const DiagnosisView& view);

/// What a line means. Pure.
MenuCommand parse_menu(std::string_view line, const MenuWords& words);

std::string menu_prompt(const MenuWords& words, const Style& style);
std::string menu_help(const MenuWords& words, const Style& style);

/// What the menu needs from outside. Errors are shown, and the menu goes on.
class MenuHost {
public:
    virtual ~MenuHost() = default;
    /// The page of an option, its commands expanded for the pinned target; records that it was chosen.
    virtual Result<OptionPage> choose(const std::string& option) = 0;
    enum class Acted {
        nothing,      ///< nothing was changed, or nothing can be
        changed,      ///< something was: what is shown is out of date
        interrupted,  ///< Ctrl-C at a question
    };
    /// Runs the option that was chosen, each change under its confirmation, and shows how it ended.
    virtual Result<Acted> act(const std::string& /*option*/) { return Acted::nothing; }
    virtual Result<void> note(const std::string& text) = 0;
    /// Watches the recovery and shows what came of it. Errors: there is nothing to watch.
    virtual Result<void> watch() = 0;
    /// Measures and diagnoses anew.
    virtual Result<DiagnosisView> again() = 0;
    /// Shows what the next person has to know, and offers to notify someone.
    virtual Result<Acted> hand_over(const std::string& /*contact*/) { return Acted::nothing; }
    /// What a step said. By default what is in memory; override it where the text has to be read from the record.
    virtual Result<Outcome> outcome(const StepRow& step);
    /// Columns of the window now; 0: it keeps the width that it had.
    [[nodiscard]] virtual int width() const { return 0; }
};

enum class MenuEnd {
    quit,         ///< `q` or Ctrl-D: exit 5
    interrupted,  ///< Ctrl-C: exit 130
};

/// Asks until a person leaves. `screen` is the terminal that is talked to (stderr), not stdout.
MenuEnd run_menu(DiagnosisView view, const Style& style, LineReader& reader, Sink& screen, MenuHost& host);

}  // namespace memrb::ui
