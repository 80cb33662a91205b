#pragma once

#include "support/child.h"

#include <termios.h>

#include <cstddef>
#include <optional>

namespace memrb::test {

/// A pseudo-terminal with a program in its foreground, under a leader that plays the login shell: the session outlives
/// the program, so the terminal's settings can be read as the program left them (the kernel resets them when a session
/// leader ends), and Ctrl-Z stops the program as it would under a shell.
class TerminalSession {
public:
    TerminalSession(const Spawn& spawn, std::size_t columns, std::size_t rows);
    TerminalSession(const TerminalSession&) = delete;
    TerminalSession& operator=(const TerminalSession&) = delete;
    TerminalSession(TerminalSession&&) = delete;
    TerminalSession& operator=(TerminalSession&&) = delete;
    ~TerminalSession();

    /// The keyboard and screen side, not blocking.
    [[nodiscard]] int terminal() const { return master_.get(); }
    /// Readable when the program has ended (or stopped).
    [[nodiscard]] int ended_descriptor() const { return status_.get(); }
    [[nodiscard]] pid_t pid() const { return program_; }
    /// Waits at most `limit` for the program's end.
    std::optional<Ending> wait(Milliseconds limit);
    /// Ctrl-Z or SIGSTOP has stopped it and nothing continued it. Knows what `wait` has read.
    [[nodiscard]] bool stopped() const { return stopped_; }
    /// As `fg` of a shell.
    void resume();
    void signal(int number) const;
    void resize(std::size_t columns, std::size_t rows) const;

    [[nodiscard]] termios settings_at_start() const { return before_; }
    [[nodiscard]] termios settings() const;
    /// Processes that the program started and that are alive.
    [[nodiscard]] std::vector<pid_t> descendants() const;

private:
    Descriptor master_;
    Descriptor status_;
    termios before_{};
    pid_t leader_ = -1;
    pid_t program_ = -1;
    bool stopped_ = false;
    std::optional<Ending> ending_;
};

}  // namespace memrb::test
