#pragma once

#include "base/unique_fd.h"
#include "memrb/ports.h"

#include <array>
#include <csignal>
#include <string_view>

namespace memrb::system {

/// SIGINT, SIGTERM and SIGHUP as a Stop. At most one object at a time: signal dispositions belong to the process, and
/// are put back at the end. While it lives
/// - SIGPIPE and SIGXFSZ are ignored: a closed pipe and a file that may not grow are errors of write();
/// - SIGCHLD has its default, whatever memrb was started with: else the kernel would throw exit codes away.
/// Children start with the defaults all the same.
class SignalStop final : public Stop {
public:
    SignalStop();
    ~SignalStop() override;
    SignalStop(const SignalStop&) = delete;
    SignalStop& operator=(const SignalStop&) = delete;
    SignalStop(SignalStop&&) = delete;
    SignalStop& operator=(SignalStop&&) = delete;

    [[nodiscard]] bool requested() const override;
    [[nodiscard]] int poll_fd() const override { return event_.get(); }

    /// The signal to end with (exit 128 + n): SIGTERM or SIGHUP if one came, else SIGINT; 0: none.
    [[nodiscard]] int signal() const;
    /// Ctrl-C presses since the last reset.
    [[nodiscard]] int presses() const;
    /// While a change runs: the first Ctrl-C only writes `notice` to stderr, the second one asks to stop; SIGTERM and
    /// SIGHUP ask to stop when patience ends. `notice` outlives it.
    void begin_patience(std::string_view notice);
    void end_patience();
    /// Back to the prompt: what was asked to stop has stopped. SIGTERM and SIGHUP stay.
    void reset();

private:
    static constexpr std::array<int, 3> ending{SIGINT, SIGTERM, SIGHUP};
    static void change(int signal, void (*handler)(int), struct sigaction& former);

    base::UniqueFd event_;
    std::array<struct sigaction, ending.size() + 3> former_{};
};

}  // namespace memrb::system
