#include "system/process_group.h"

#include "base/unique_fd.h"

#include <dirent.h>
#include <fcntl.h>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace memrb::system {

namespace {

struct Closer {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

struct Member {
    char state = 'X';
    pid_t group = -1;
};

/// From `/proc/PID/stat`: `PID (NAME) STATE PPID PGRP ...`. The name may contain anything, so it is read from behind.
std::optional<Member> read_stat(int proc, const char* pid) {
    const base::UniqueFd file(::openat(proc, (std::string(pid) + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 512> buffer{};
    const ssize_t got = file ? ::read(file.get(), buffer.data(), buffer.size()) : -1;
    if (got <= 0) {
        return std::nullopt;
    }
    std::string_view text(buffer.data(), static_cast<std::size_t>(got));
    const auto name_end = text.rfind(") ");
    if (name_end == std::string_view::npos || name_end + 4 >= text.size()) {
        return std::nullopt;
    }
    Member member;
    member.state = text[name_end + 2];
    text.remove_prefix(name_end + 4);
    const auto parent_end = text.find(' ');
    if (parent_end == std::string_view::npos) {
        return std::nullopt;
    }
    text.remove_prefix(parent_end + 1);
    std::from_chars(text.data(), text.data() + text.size(), member.group);
    return member;
}

}  // namespace

bool group_alive(pid_t group) {
    const std::unique_ptr<DIR, Closer> proc(::opendir("/proc"));
    if (!proc) {
        return false;
    }
    while (const dirent* entry = ::readdir(proc.get())) {  // NOLINT(concurrency-mt-unsafe): the folder is ours alone
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9') {
            continue;
        }
        const auto member = read_stat(::dirfd(proc.get()), entry->d_name);
        if (member && member->group == group && member->state != 'Z' && member->state != 'X') {
            return true;
        }
    }
    return false;
}

}  // namespace memrb::system
