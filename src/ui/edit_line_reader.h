#pragma once

#include "memrb/ports.h"
#include "memrb/result.h"
#include "ui/line_reader.h"

#include <memory>

namespace memrb::ui {

/// Line editing on a terminal (libedit). There is no history: a recalled line must never answer a question.
/// Ctrl-C is read as a key, so it works with or without a signal handler; Ctrl-Z suspends; a signal that reaches `stop`
/// ends the read as interrupted.
class EditLineReader final : public LineReader {
public:
    /// `in` and `out` are terminal descriptors that outlive the reader (0 and 2). Errors: `in` is no terminal.
    static Result<std::unique_ptr<LineReader>> open(int in, int out, const Stop& stop, bool utf8);
    ~EditLineReader() override;
    EditLineReader(const EditLineReader&) = delete;
    EditLineReader& operator=(const EditLineReader&) = delete;
    EditLineReader(EditLineReader&&) = delete;
    EditLineReader& operator=(EditLineReader&&) = delete;

    Answer read(std::string_view prompt) override;
    void discard_typed_ahead() override;

private:
    struct State;
    explicit EditLineReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace memrb::ui
