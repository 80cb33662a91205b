#pragma once

#include "support/run.h"
#include "support/screen.h"
#include "support/terminal_session.h"

#include <termios.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace memrb::test {

/// A program in a pseudo-terminal of its own, as a person would use it.
///
///     Pty terminal(run_memrb({"diagnose", "backend"}).env(lab.env()));
///     terminal.expect("Choose");
///     terminal.send("q\n");
///     CHECK(terminal.wait() == exited(5));
///     CHECK(terminal.restored());
class Pty {
public:
    explicit Pty(const Run& run, std::size_t columns = 80, std::size_t rows = 24);

    /// Reads until `text` comes after what was matched before (escape sequences and carriage returns left out). Fails
    /// the test with the screen if it does not come in time.
    void expect(std::string_view text, Milliseconds limit = std::chrono::seconds(10));
    /// Reads until `text` can be seen on the screen.
    void expect_on_screen(std::string_view text, Milliseconds limit = std::chrono::seconds(10));
    /// Reads for this long, to show that something does not happen.
    void read_for(Milliseconds time);
    /// Types; `\x03` is Ctrl-C, `\x04` Ctrl-D, `\r` or `\n` Enter.
    void send(std::string_view keys);
    /// A new window size; the program gets SIGWINCH.
    void resize(std::size_t columns, std::size_t rows);

    /// Reads to the end of the program; `timed out` if it does not end (and it is killed with the test).
    Ending wait(Milliseconds limit = std::chrono::seconds(20));
    TerminalSession& session() { return session_; }

    [[nodiscard]] const Screen& screen() const { return screen_; }
    /// Every byte that was written.
    [[nodiscard]] const std::string& raw() const { return raw_; }
    /// The same without escape sequences.
    [[nodiscard]] std::string transcript() const { return without_escapes(raw_); }

    /// The terminal is as the program found it: line discipline, visible cursor, main screen, no colour left on.
    /// `what_is_not_restored` names the differences, empty if there are none.
    [[nodiscard]] bool restored() const { return what_is_not_restored().empty(); }
    [[nodiscard]] std::string what_is_not_restored() const;

private:
    /// Waits at most `limit` for output or the end; tells whether something was read.
    bool pump(Milliseconds limit);
    template <class Done>
    bool pump_until(Done done, Milliseconds limit);

    std::shared_ptr<TempDir> home_;  ///< of the program, while it runs
    Screen screen_;
    std::string raw_;
    std::size_t matched_ = 0;  ///< in transcript()
    TerminalSession session_;
    termios before_{};
};

}  // namespace memrb::test
