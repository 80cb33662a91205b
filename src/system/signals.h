#pragma once

#include "memrb/ports.h"
#include "system/unique_fd.h"

namespace memrb::system {

/// SIGINT, SIGTERM and SIGHUP as a Stop. At most one object at a time: signal dispositions belong to the process.
/// SIGPIPE is ignored while it lives (a closed pipe is an error of write()); children start with the defaults all the
/// same.
class SignalStop final : public Stop {
public:
    SignalStop();
    ~SignalStop() override;
    SignalStop(const SignalStop&) = delete;
    SignalStop& operator=(const SignalStop&) = delete;

    [[nodiscard]] bool requested() const override;
    [[nodiscard]] int poll_fd() const override { return event_.get(); }

    /// The signal that came last, 0: none.
    [[nodiscard]] int signal() const;
    /// Ctrl-C presses since the last reset.
    [[nodiscard]] int presses() const;
    /// Back to the prompt: what was asked to stop has stopped. SIGTERM and SIGHUP stay.
    void reset();

private:
    UniqueFd event_;
};

}  // namespace memrb::system
