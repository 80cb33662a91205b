#include "incident/writer_lock.h"

#include "base/text.h"
#include "incident/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/core.h>
#include <array>
#include <cerrno>

namespace memrb::incident {

namespace {

// What the owner wrote: `process 4711 since 2026-11-21T21:22:00Z`. It may have been unable to.
std::string owner(int fd) {
    std::array<char, 128> text{};
    const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
    const std::string_view line(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    return line.starts_with("process ") ? base::printable(base::trim(line)) : "another memrb";
}

}  // namespace

Result<WriterLock> WriterLock::take(const std::filesystem::path& folder, Timestamp now) {
    const auto path = folder / "journal.lock";
    base::UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!fd) {
        return fail_errno("write", path, errno);
    }
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return fail_errno("lock", path, errno);
        }
        return fail(
            Fault::stale,
            fmt::format("the incident in {} is being written by {}", base::printable(folder.native()), owner(fd.get())),
            "wait until that memrb has ended, or end it");
    }
    // For the message above only: a full disk must not keep anyone from diagnosing.
    const std::string line = fmt::format("process {} since {}\n", ::getpid(), format_rfc3339(now));
    if (::ftruncate(fd.get(), 0) == 0) {
        (void)write_all(fd.get(), line);
    }
    return WriterLock(std::move(fd));
}

}  // namespace memrb::incident
