#pragma once

#include "ui/line_reader.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace memrb::ui {

/// The scripted twin of the terminal, for tests: gives prepared answers to the questions that are expected, in order. A
/// question that was not expected is recorded as a problem and answered by Ctrl-C, so that nothing can hang.
class ScriptedLineReader final : public LineReader {
public:
    struct Turn {
        std::string question;  ///< must occur in the prompt
        Answer answer;
    };
    static Turn types(std::string question, std::string text) {
        return {std::move(question), {Answer::Kind::line, std::move(text)}};
    }
    static Turn ctrl_c(std::string question) { return {std::move(question), {Answer::Kind::interrupted, {}}}; }
    static Turn ctrl_d(std::string question) { return {std::move(question), {Answer::Kind::end, {}}}; }

    explicit ScriptedLineReader(std::vector<Turn> turns) : turns_(std::move(turns)) {}

    Answer read(std::string_view prompt) override;
    void discard_typed_ahead() override { ++discards_; }

    /// Empty if every question was expected and every answer was asked for; else what went wrong, one line each.
    [[nodiscard]] std::string problems() const;
    [[nodiscard]] std::size_t discards() const { return discards_; }

private:
    std::vector<Turn> turns_;
    std::size_t next_ = 0;
    std::size_t discards_ = 0;
    std::string problems_;
};

}  // namespace memrb::ui
