#include "incident/files.h"

#include "base/text.h"
#include "memrb/units.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <fmt/core.h>
#include <cerrno>
#include <system_error>

namespace memrb::incident {

namespace {

std::string reason(int error) {
    switch (error) {
        case ENOSPC: return "the disk is full";
        case EDQUOT: return "your disk quota is used up";
        case EROFS: return "the file system is read-only";
        case EACCES:
        case EPERM: return "permission denied";
        case ENOENT: return "there is no such file";
        case ELOOP: return "it is a symbolic link, which a record does not have";
        default: return std::generic_category().message(error);
    }
}

std::string hint(int error) {
    switch (error) {
        case ENOSPC:
        case EDQUOT: return "free some space, or let XDG_STATE_HOME name a folder on another disk";
        case EROFS:
        case EACCES:
        case EPERM: return "let XDG_STATE_HOME name a folder that you may write";
        default: return {};
    }
}

}  // namespace

tl::unexpected<Error> fail_errno(std::string_view what, const std::filesystem::path& path, int error) {
    return fail(Fault::failed, fmt::format("cannot {} {}: {}", what, base::printable(path.native()), reason(error)),
                what == "read" ? std::string() : hint(error));
}

Result<void> make_private_folder(const std::filesystem::path& path) {
    if (::mkdir(path.c_str(), 0700) == 0) {
        return {};
    }
    if (errno == ENOENT && path.has_parent_path() && path.parent_path() != path) {
        if (auto parent = make_private_folder(path.parent_path()); !parent) {
            return parent;
        }
        if (::mkdir(path.c_str(), 0700) == 0) {
            return {};
        }
    }
    if (errno != EEXIST) {
        return fail_errno("make the folder", path, errno);
    }
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0) {
        return fail_errno("make the folder", path, errno);
    }
    if (!S_ISDIR(info.st_mode)) {
        return fail_errno("make the folder", path, ENOTDIR);
    }
    return {};
}

Result<base::UniqueFd> open_regular(const std::filesystem::path& path) {
    base::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat info{};
    if (!fd || ::fstat(fd.get(), &info) != 0) {
        return fail_errno("read", path, errno);
    }
    if (!S_ISREG(info.st_mode)) {
        return fail(Fault::failed, fmt::format("cannot read {}: it is no file", base::printable(path.native())));
    }
    return fd;
}

Result<std::uint64_t> size_of(const base::UniqueFd& fd, const std::filesystem::path& path) {
    struct stat info{};
    if (::fstat(fd.get(), &info) != 0) {
        return fail_errno("read", path, errno);
    }
    return static_cast<std::uint64_t>(info.st_size);
}

Result<std::string> read_at(const base::UniqueFd& fd, std::uint64_t from, std::size_t count,
                            const std::filesystem::path& path) {
    std::string bytes(count, '\0');
    std::size_t done = 0;
    while (done < count) {
        const ssize_t got = ::pread(fd.get(), bytes.data() + done, count - done, static_cast<off_t>(from + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return fail_errno("read", path, errno);
        }
        if (got == 0) {
            return fail(Fault::failed, fmt::format("{} ends after {} bytes, {} are missing",
                                                   base::printable(path.native()), from + done, count - done));
        }
        done += static_cast<std::size_t>(got);
    }
    return bytes;
}

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t most) {
    const auto fd = open_regular(path);
    if (!fd) {
        return tl::unexpected(fd.error());
    }
    const auto size = size_of(*fd, path);
    if (!size) {
        return tl::unexpected(size.error());
    }
    if (*size > most) {
        return fail(Fault::failed,
                    fmt::format("{} is larger than {}", base::printable(path.native()), format_bytes(most)));
    }
    return read_at(*fd, 0, static_cast<std::size_t>(*size), path);
}

int write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t done = ::write(fd, bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return done < 0 ? errno : EIO;
        }
        bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return 0;
}

}  // namespace memrb::incident
