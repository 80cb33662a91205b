#include "system/pipe.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <array>
#include <cerrno>

namespace memrb::system {

namespace {

constexpr int wide_pipe_bytes = 1 << 20;

void lift_above_standard(base::UniqueFd& fd) {
    if (fd && fd.get() <= STDERR_FILENO) {
        fd = base::UniqueFd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    }
}

}  // namespace

Pipe make_pipe() {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return {};
    }
    Pipe pipe{.read = base::UniqueFd(ends[0]), .write = base::UniqueFd(ends[1])};
    lift_above_standard(pipe.read);
    lift_above_standard(pipe.write);
    if (!pipe.read || !pipe.write) {
        return {};
    }
    return pipe;
}

void widen_pipe(int fd) {
    static_cast<void>(::fcntl(fd, F_SETPIPE_SZ, wide_pipe_bytes));  // refused beyond the user's quota: slower, no harm
}

base::UniqueFd readable_text(std::string_view text) {
    base::UniqueFd file(::memfd_create("stdin", MFD_CLOEXEC));
    lift_above_standard(file);
    while (file && !text.empty()) {
        const ssize_t done = ::write(file.get(), text.data(), text.size());
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return {};
        }
        text.remove_prefix(static_cast<std::size_t>(done));
    }
    if (file && ::lseek(file.get(), 0, SEEK_SET) != 0) {
        return {};
    }
    return file;
}

}  // namespace memrb::system
