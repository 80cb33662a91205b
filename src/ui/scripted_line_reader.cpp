#include "ui/scripted_line_reader.h"

#include <fmt/core.h>

namespace memrb::ui {

Answer ScriptedLineReader::read(std::string_view prompt) {
    if (next_ == turns_.size()) {
        problems_ += fmt::format("asked once more than expected: {}\n", prompt);
        return {Answer::Kind::interrupted, {}};
    }
    const Turn& turn = turns_[next_++];
    if (prompt.find(turn.question) == std::string_view::npos) {
        problems_ += fmt::format("expected a question with `{}`, was asked: {}\n", turn.question, prompt);
        return {Answer::Kind::interrupted, {}};
    }
    return turn.answer;
}

std::string ScriptedLineReader::problems() const {
    std::string all = problems_;
    for (std::size_t i = next_; i < turns_.size(); ++i) {
        all += fmt::format("never asked: {}\n", turns_[i].question);
    }
    return all;
}

}  // namespace memrb::ui
