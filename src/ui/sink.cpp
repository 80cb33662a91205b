#include "ui/sink.h"

#include <poll.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>
#include <ostream>

namespace memrb::ui {

namespace {

// A descriptor that a parent has set to non-blocking: wait instead of losing text.
bool wait_writable(int fd) {
    pollfd entry{fd, POLLOUT, 0};
    while (true) {
        const int ready = ::poll(&entry, 1, -1);
        if (ready > 0) {
            return (entry.revents & POLLOUT) != 0;
        }
        if (ready < 0 && errno != EINTR) {
            return false;
        }
    }
}

}  // namespace

bool FdSink::write(std::string_view text) {
    while (!broken_ && !text.empty()) {
        const ssize_t written = ::write(fd_, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            broken_ = !wait_writable(fd_);
        } else if (errno != EINTR) {
            broken_ = true;
        }
    }
    return !broken_;
}

bool StreamSink::write(std::string_view text) {
    if (!broken_) {
        stream_.write(text.data(), static_cast<std::streamsize>(text.size())).flush();
        broken_ = !stream_.good();
    }
    return !broken_;
}

}  // namespace memrb::ui
