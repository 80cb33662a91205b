#pragma once

#include "base/unique_fd.h"
#include "memrb/ports.h"

#include <sys/eventfd.h>

#include <atomic>
#include <cstdint>

namespace memrb::system {

/// Is never requested.
class NoStop final : public Stop {
public:
    [[nodiscard]] bool requested() const override { return false; }
    [[nodiscard]] int poll_fd() const override { return -1; }
};

/// Requested by the test, from any thread.
class ManualStop final : public Stop {
public:
    void request() {
        requested_ = true;
        const std::uint64_t one = 1;
        static_cast<void>(::write(fd_.get(), &one, sizeof one) == 0);
    }
    [[nodiscard]] bool requested() const override { return requested_; }
    [[nodiscard]] int poll_fd() const override { return fd_.get(); }

private:
    std::atomic<bool> requested_ = false;
    memrb::base::UniqueFd fd_{::eventfd(0, EFD_CLOEXEC)};
};

}  // namespace memrb::system
