#include "system/pause.h"

#include <poll.h>

#include <algorithm>
#include <chrono>

namespace memrb::system {

void pause_for(Milliseconds duration, const Stop& stop) {
    const auto until = std::chrono::steady_clock::now() + duration;
    while (!stop.requested()) {
        const auto left = std::chrono::ceil<Milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            return;
        }
        pollfd waiting{stop.poll_fd(), POLLIN, 0};
        constexpr Milliseconds longest{60'000};
        poll(&waiting, stop.poll_fd() >= 0 ? 1 : 0, static_cast<int>(std::min(left, longest).count()));
    }
}

}  // namespace memrb::system
