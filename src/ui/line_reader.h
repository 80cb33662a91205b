#pragma once

#include <string>
#include <string_view>

namespace memrb::ui {

/// What a person did at a prompt.
struct Answer {
    enum class Kind {
        line,         ///< Enter: `text` is what was typed, UTF-8, without the newline
        end,          ///< Ctrl-D on an empty line, or the terminal is gone
        interrupted,  ///< Ctrl-C, or memrb was told to end: never an answer
    };
    Kind kind = Kind::end;
    std::string text;
};

/// Reads answers that end with Enter. The terminal is as it was found whenever no read is under way.
class LineReader {
public:
    virtual ~LineReader() = default;
    virtual Answer read(std::string_view prompt) = 0;
    /// Throws away what was typed before the question was seen. To be called before each question about a change, and
    /// only there.
    virtual void discard_typed_ahead() = 0;
};

}  // namespace memrb::ui
