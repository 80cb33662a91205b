#pragma once

#include "memrb/ports.h"
#include "ui/line_reader.h"
#include "ui/sink.h"

namespace memrb::ui {

/// Prints the prompt and reads a line as the terminal delivers it: for `--plain` and TERM=dumb. Ctrl-C arrives through
/// `stop`.
class PlainLineReader final : public LineReader {
public:
    /// `in` is a descriptor that outlives the reader.
    PlainLineReader(int in, Sink& out, const Stop& stop) : in_(in), out_(out), stop_(stop) {}

    Answer read(std::string_view prompt) override;
    void discard_typed_ahead() override;

private:
    int in_;
    Sink& out_;
    const Stop& stop_;
    std::string pending_;  ///< read, but behind the last newline
};

}  // namespace memrb::ui
