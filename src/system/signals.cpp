#include "system/signals.h"

#include <sys/eventfd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

#include <unistd.h>

namespace memrb::system {

namespace {

// A signal handler can reach nothing but statics; SignalStop is their only user.
std::atomic<int> event_fd{-1};
std::atomic<int> final_signal{0};  ///< SIGTERM or SIGHUP, the first that came
std::atomic<int> interrupts{0};
std::atomic<bool> patient{false};
std::atomic<const char*> notice_text{nullptr};
std::atomic<std::size_t> notice_size{0};
static_assert(std::atomic<int>::is_always_lock_free, "the handler may only touch lock-free atomics");

void make_readable() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(event_fd, &one, sizeof one);  // can only fail when already readable
}

void on_signal(int signal) {
    const int saved_errno = errno;
    if (signal == SIGINT) {
        if (++interrupts == 1 && patient) {
            [[maybe_unused]] const auto written = ::write(STDERR_FILENO, notice_text.load(), notice_size);
            errno = saved_errno;
            return;
        }
    } else {
        int none = 0;
        final_signal.compare_exchange_strong(none, signal);
        if (patient) {
            errno = saved_errno;
            return;
        }
    }
    make_readable();
    errno = saved_errno;
}

}  // namespace

SignalStop::SignalStop() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    event_fd = event_.get();
    final_signal = 0;
    interrupts = 0;
    std::size_t index = 0;
    for (const int signal : ending) {
        ::sigaction(signal, nullptr, &former_[index]);
        // nohup and `&` of a script ask for a signal to be ignored: that is their word.
        if (former_[index].sa_handler != SIG_IGN) {
            change(signal, on_signal, former_[index]);
        }
        ++index;
    }
    change(SIGPIPE, SIG_IGN, former_[index++]);
    change(SIGXFSZ, SIG_IGN, former_[index++]);
    change(SIGCHLD, SIG_DFL, former_[index]);
}

SignalStop::~SignalStop() {
    std::size_t index = 0;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ, SIGCHLD}) {
        ::sigaction(signal, &former_[index++], nullptr);
    }
    event_fd = -1;
}

void SignalStop::change(int signal, void (*handler)(int), struct sigaction& former) {
    struct sigaction action{};
    action.sa_handler = handler;
    ::sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;  // what waits, waits in poll(), which always returns
    ::sigaction(signal, &action, &former);
}

bool SignalStop::requested() const {
    return patient ? interrupts > 1 : signal() != 0;
}

void SignalStop::begin_patience(std::string_view notice) {
    notice_text = notice.data();
    notice_size = notice.size();
    reset();
    patient = true;
}

void SignalStop::end_patience() {
    patient = false;
    notice_size = 0;
    if (requested()) {
        make_readable();
    }
}

int SignalStop::signal() const {
    if (const int last = final_signal; last != 0) {
        return last;
    }
    return interrupts > 0 ? SIGINT : 0;
}

int SignalStop::presses() const {
    return interrupts;
}

void SignalStop::reset() {
    interrupts = 0;
    std::uint64_t drained = 0;
    [[maybe_unused]] const auto got = ::read(event_.get(), &drained, sizeof drained);
    if (requested()) {
        make_readable();  // SIGTERM stays, and a Ctrl-C that came just now is not lost
    }
}

}  // namespace memrb::system
