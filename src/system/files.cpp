#include "system/files.h"

#include "base/text.h"
#include "base/unique_fd.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace memrb::system {

namespace {

tl::unexpected<Error> file_error(std::string_view what, const std::filesystem::path& path, int error) {
    const std::string hint = error == EACCES || error == EPERM ? "check who may read and write it" : "";
    return fail(
        Fault::failed,
        fmt::format("cannot {} {}: {}", what, base::printable(path.string()), std::generic_category().message(error)),
        hint);
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t done = ::write(fd, text.data(), text.size());
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
}

// Owner first: to change it takes away mode bits.
bool make_like(int fd, const struct stat& old) {
    struct stat now{};
    if (::fstat(fd, &now) != 0) {
        return false;
    }
    const bool same_owner = now.st_uid == old.st_uid && now.st_gid == old.st_gid;
    return (same_owner || ::fchown(fd, old.st_uid, old.st_gid) == 0) && ::fchmod(fd, old.st_mode & 07777U) == 0;
}

Result<void> write_as_new(const std::filesystem::path& path, std::string_view text, const struct stat* like) {
    std::string draft = path.string() + ".XXXXXX";
    base::UniqueFd file(::mkostemp(draft.data(), O_CLOEXEC));  // 0600 by itself
    if (!file) {
        return file_error("write", path, errno);
    }
    if (!write_all(file.get(), text) || (like != nullptr && !make_like(file.get(), *like)) ||
        ::fsync(file.get()) != 0 || ::rename(draft.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(draft.c_str());
        return file_error("write", path, error);
    }
    const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : ".";
    const base::UniqueFd folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder) {
        static_cast<void>(::fsync(folder.get()));  // the new name, too, outlives a power cut where the disk can do it
    }
    return {};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, Bytes largest) {
    const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) {
        return file_error("read", path, errno);
    }
    std::string text;
    std::array<char, 16 * 1024> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read fills it
    while (true) {
        const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return file_error("read", path, errno);
        }
        if (got == 0) {
            return text;
        }
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > largest) {
            return fail(Fault::failed,
                        fmt::format("{} is larger than {}", base::printable(path.string()), format_bytes(largest)));
        }
    }
}

Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view text) {
    return write_as_new(path, text, nullptr);
}

Result<void> replace_file_atomically(const std::filesystem::path& path, std::string_view text) {
    struct stat old{};
    if (::stat(path.c_str(), &old) != 0) {
        return file_error("write", path, errno);
    }
    return write_as_new(path, text, &old);
}

Result<void> make_private_folder(const std::filesystem::path& path) {
    std::filesystem::path built;
    for (const auto& part : path) {
        built /= part;
        if (::mkdir(built.c_str(), 0700) != 0 && errno != EEXIST && errno != EISDIR) {
            const int error = errno;
            struct stat info{};
            // Above it may be folders that may not be written to, but are there.
            if (::stat(built.c_str(), &info) != 0) {
                return file_error("make the folder", path, error);
            }
        }
    }
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
        return file_error("make the folder", path, ENOTDIR);
    }
    return {};
}

}  // namespace memrb::system
