#pragma once

#include "system/child.h"

#include <termios.h>

#include <optional>
#include <utility>

namespace memrb::system {

/// The terminal, lent to an interactive child: takes it back and restores its settings when it goes out of scope.
class TerminalHandover {
public:
    /// None if stdin is no terminal, or memrb is not in its foreground.
    static std::optional<TerminalHandover> take();

    TerminalHandover(TerminalHandover&& other) noexcept : fd_(std::exchange(other.fd_, -1)), saved_(other.saved_) {}
    TerminalHandover& operator=(TerminalHandover&&) = delete;
    TerminalHandover(const TerminalHandover&) = delete;
    TerminalHandover& operator=(const TerminalHandover&) = delete;
    ~TerminalHandover();

    [[nodiscard]] int fd() const { return fd_; }
    /// The child was stopped by Ctrl-Z: memrb has no job control, so it goes on at once.
    void resume(const Child& child) const;

private:
    TerminalHandover(int fd, const termios& saved) : fd_(fd), saved_(saved) {}

    int fd_ = -1;
    termios saved_{};
};

}  // namespace memrb::system
