#include "system/terminal_guard.h"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <string_view>

namespace memrb::system {

namespace {

constexpr std::array<int, 6> deadly{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT};

// Signal handlers and atexit() can reach nothing but statics; TerminalGuard is their only user.
std::atomic<int> guarded{-1};
termios found;
std::array<struct sigaction, deadly.size()> former;

// Only calls that POSIX allows in a signal handler.
void put_back() {
    if (const int fd = guarded.exchange(-1); fd >= 0) {
        ::tcsetattr(fd, TCSANOW, &found);
    }
}

void on_deadly(int signal, siginfo_t* info, void* /*context*/) {
    const int fd = guarded;
    put_back();
    constexpr std::string_view plain_again = "\x1b[0m\x1b[?25h";  // colours off, cursor visible
    if (fd >= 0) {
        [[maybe_unused]] const auto written = ::write(fd, plain_again.data(), plain_again.size());
    }
    for (std::size_t i = 0; i < deadly.size(); ++i) {
        if (deadly[i] == signal) {
            ::sigaction(signal, &former[i], nullptr);
        }
    }
    // A fault happens again when the handler returns, with its true cause for a core dump or a sanitizer; a signal that
    // was sent has to be sent again.
    const bool fault = signal != SIGABRT && signal != SIGQUIT && info->si_code > 0;
    if (!fault) {
        ::raise(signal);
    }
}

}  // namespace

TerminalGuard::TerminalGuard(int fd) {
    if (::tcgetattr(fd, &found) != 0) {
        return;
    }
    static const bool at_exit = std::atexit(put_back) == 0;
    static_cast<void>(at_exit);
    guarded = fd;
    for (std::size_t i = 0; i < deadly.size(); ++i) {
        struct sigaction action{};
        action.sa_sigaction = on_deadly;
        action.sa_flags = SA_SIGINFO;
        ::sigemptyset(&action.sa_mask);
        ::sigaction(deadly[i], &action, &former[i]);
    }
}

TerminalGuard::~TerminalGuard() {
    if (guarded < 0) {
        return;
    }
    put_back();
    for (std::size_t i = 0; i < deadly.size(); ++i) {
        ::sigaction(deadly[i], &former[i], nullptr);
    }
}

}  // namespace memrb::system
