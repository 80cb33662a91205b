#include "system/terminal_handover.h"

#include <unistd.h>

#include <csignal>

namespace memrb::system {

namespace {

/// A process that touches the terminal from the background is stopped by SIGTTOU, unless it blocks it.
class WithoutTtou {
public:
    WithoutTtou() {
        sigset_t set;
        ::sigemptyset(&set);
        ::sigaddset(&set, SIGTTOU);
        ::pthread_sigmask(SIG_BLOCK, &set, &former_);
    }
    WithoutTtou(const WithoutTtou&) = delete;
    WithoutTtou& operator=(const WithoutTtou&) = delete;
    WithoutTtou(WithoutTtou&&) = delete;
    WithoutTtou& operator=(WithoutTtou&&) = delete;
    ~WithoutTtou() { ::pthread_sigmask(SIG_SETMASK, &former_, nullptr); }

private:
    sigset_t former_{};
};

}  // namespace

std::optional<TerminalHandover> TerminalHandover::take() {
    termios saved{};
    if (::tcgetattr(STDIN_FILENO, &saved) != 0 || ::tcgetpgrp(STDIN_FILENO) != ::getpgrp()) {
        return std::nullopt;
    }
    return TerminalHandover(STDIN_FILENO, saved);
}

TerminalHandover::~TerminalHandover() {
    if (fd_ < 0) {
        return;
    }
    const WithoutTtou guard;
    ::tcsetpgrp(fd_, ::getpgrp());
    ::tcsetattr(fd_, TCSADRAIN, &saved_);
}

void TerminalHandover::resume(const Child& child) const {
    const WithoutTtou guard;
    ::tcsetpgrp(fd_, child.group());
    child.signal_group(SIGCONT);
}

}  // namespace memrb::system
