#pragma once

#include "memrb/change.h"
#include "memrb/result.h"
#include "ui/line_reader.h"
#include "ui/sink.h"
#include "ui/style.h"

#include <functional>
#include <optional>
#include <string>

namespace memrb::ui {

/// Asks a person for each change, by lines that end with Enter. Nothing but the whole word agrees: Enter and anything
/// else only asks again, and what was typed before the question was seen is thrown away.
class LineOperator final : public Operator {
public:
    /// What happens around a change (Ctrl-C gets another meaning); each may be empty.
    struct Around {
        std::function<void(Milliseconds timeout)> begins;
        std::function<void()> ends;
        std::function<void()> settle;  ///< before anything is shown: the lines of running steps give way
        /// Shows what the next person has to know; empty: it cannot be asked for. False: Ctrl-C at a question.
        std::function<bool()> escalate = {};
        /// Has the person edit a text; empty: that is not possible. Errors: the editor failed.
        std::function<Result<std::string>(const std::string& text)> edit = {};
    };
    /// `reader` may be null if every consent is given by flags; then a question is answered with `quit`.
    LineOperator(std::string target, std::string target_name, const Style& style, LineReader* reader, Sink& screen,
                 Around around)
        : target_(std::move(target)),
          target_name_(std::move(target_name)),
          style_(style),
          reader_(reader),
          screen_(screen),
          around_(std::move(around)) {}

    Decision decide(const ChangeCard& card) override;
    Decision task(const TaskCard& card) override;
    bool go_on_without(const std::vector<std::string>& not_saved) override;
    void change_begins(Milliseconds timeout) override;
    void change_ends() override;

private:
    /// One line in lower case; Ctrl-D is `q`.
    Decision ask(std::string_view prompt, std::string& line);
    Decision because(Reply reply, std::string_view prompt);
    /// `e`: shows the difference. Nothing: there is none, or the text cannot be arguments, and that was said.
    std::optional<Decision> edits(const ChangeCard& card);
    void settle() const;

    std::string target_;
    std::string target_name_;
    const Style& style_;
    LineReader* reader_;
    Sink& screen_;
    Around around_;
};

}  // namespace memrb::ui
