#include "system/signals.h"

#include <sys/eventfd.h>
#include <unistd.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>

namespace memrb::system {

namespace {

constexpr std::array<int, 3> ending_signals{SIGINT, SIGTERM, SIGHUP};

// A signal handler can reach nothing but statics; SignalStop is their only user.
std::atomic<int> event_fd{-1};
std::atomic<int> last_signal{0};
std::atomic<int> interrupts{0};
static_assert(std::atomic<int>::is_always_lock_free, "the handler may only touch lock-free atomics");

void on_signal(int signal) {
    const int saved_errno = errno;
    last_signal = signal;
    if (signal == SIGINT) {
        ++interrupts;
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(event_fd, &one, sizeof one);  // can only fail when already readable
    errno = saved_errno;
}

void set_action(int signal, void (*handler)(int)) {
    struct sigaction action{};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(signal, &action, nullptr);
}

}  // namespace

SignalStop::SignalStop() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    event_fd = event_.get();
    last_signal = 0;
    interrupts = 0;
    for (const int signal : ending_signals) {
        struct sigaction before{};
        // nohup and `&` of a script ask for a signal to be ignored: that is their word.
        if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) {
            set_action(signal, on_signal);
        }
    }
    set_action(SIGPIPE, SIG_IGN);
}

SignalStop::~SignalStop() {
    for (const int signal : ending_signals) {
        set_action(signal, SIG_DFL);
    }
    set_action(SIGPIPE, SIG_DFL);
    event_fd = -1;
}

bool SignalStop::requested() const {
    return last_signal != 0;
}

int SignalStop::signal() const {
    return last_signal;
}

int SignalStop::presses() const {
    return interrupts;
}

void SignalStop::reset() {
    int interrupt = SIGINT;
    if (last_signal.compare_exchange_strong(interrupt, 0) || last_signal == 0) {
        std::uint64_t drained = 0;
        [[maybe_unused]] const auto got = read(event_.get(), &drained, sizeof drained);
        interrupts = 0;
    }
}

}  // namespace memrb::system
