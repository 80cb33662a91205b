#include "system/child.h"

#include "system/spawn_failure.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memrb::system {

namespace {

class FileActions {
public:
    FileActions() { ::posix_spawn_file_actions_init(&actions_); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    FileActions(FileActions&&) = delete;
    FileActions& operator=(FileActions&&) = delete;
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }

    void fill(const Command& command, const ChildStreams& streams) {
        if (streams.terminal >= 0) {
            // In the child, before exec: it must not read the terminal from the background.
            ::posix_spawn_file_actions_addtcsetpgrp_np(&actions_, streams.terminal);
        } else if (streams.in >= 0) {
            ::posix_spawn_file_actions_adddup2(&actions_, streams.in, STDIN_FILENO);
        } else {
            ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        }
        if (streams.out >= 0) {
            ::posix_spawn_file_actions_adddup2(&actions_, streams.out, STDOUT_FILENO);
        }
        if (streams.err >= 0) {
            ::posix_spawn_file_actions_adddup2(&actions_, streams.err, STDERR_FILENO);
        }
        // All of memrb's descriptors are O_CLOEXEC; this is for those that a library opened without it.
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        if (!command.cwd.empty()) {
            ::posix_spawn_file_actions_addchdir_np(&actions_, command.cwd.c_str());
        }
    }
    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

class Attributes {
public:
    Attributes() {
        sigset_t defaults;
        sigset_t none;
        ::sigfillset(&defaults);
        ::sigemptyset(&none);
        // What memrb, or whoever started it, may have ignored. All of them: of one that is not named, posix_spawn asks
        // the kernel first, which is a further system call in each child.
        ::sigdelset(&defaults, SIGKILL);
        ::sigdelset(&defaults, SIGSTOP);
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setflags(&attributes_,
                                   POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    Attributes(Attributes&&) = delete;
    Attributes& operator=(Attributes&&) = delete;
    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
    [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

/// memrb's environment with the command's additions, which replace what has the same name.
class ChildEnvironment {
public:
    explicit ChildEnvironment(const Pairs& additions) {
        if (additions.empty()) {
            return;
        }
        owned_.reserve(additions.size());
        for (const auto& [name, value] : additions) {
            owned_.push_back(std::string(name).append("=").append(value));
        }
        for (char** entry = ::environ; *entry != nullptr; ++entry) {
            const std::string_view text(*entry);
            const std::string_view name = text.substr(0, text.find('='));
            if (std::none_of(additions.begin(), additions.end(),
                             [&](const auto& pair) { return pair.first == name; })) {
                entries_.push_back(*entry);
            }
        }
        for (auto& text : owned_) {
            entries_.push_back(text.data());
        }
        entries_.push_back(nullptr);
    }
    [[nodiscard]] char* const* get() const { return entries_.empty() ? ::environ : entries_.data(); }

private:
    std::vector<std::string> owned_;
    std::vector<char*> entries_;
};

}  // namespace

tl::expected<Child, NotStarted> Child::spawn(const Command& command, const ChildStreams& streams) {
    if (auto unfit = check_command(command); !unfit) {
        return tl::unexpected(std::move(unfit.error()));
    }
    FileActions actions;
    actions.fill(command, streams);
    const Attributes attributes;
    const ChildEnvironment environment(command.env);
    std::vector<char*> argv;
    argv.reserve(command.argv.size() + 1);
    for (const auto& word : command.argv) {
        argv.push_back(const_cast<char*>(word.c_str()));  // posix_spawn takes char* and does not write
    }
    argv.push_back(nullptr);

    pid_t pid = -1;
    const int error =
        ::posix_spawnp(&pid, argv.front(), actions.get(), attributes.get(), argv.data(), environment.get());
    if (error != 0) {
        return tl::unexpected(explain_spawn_failure(command, error));
    }
    return Child(pid);
}

Child::Child(pid_t pid) : pid_(pid), pidfd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      reaped_(other.reaped_),
      ending_(std::move(other.ending_)),
      pidfd_(std::move(other.pidfd_)) {}

Child::~Child() {
    if (pid_ < 0 || reaped_) {
        return;
    }
    if (!ended()) {
        signal_group(SIGKILL);
    }
    reap();
}

std::optional<Ending> Child::ended() {
    if (ending_) {
        return ending_;
    }
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
        if (errno == ECHILD) {
            ending_ = Unknown{"its exit status was taken by somebody else"};
            reaped_ = true;
        }
        return ending_;
    }
    if (info.si_pid == 0) {
        return std::nullopt;
    }
    if (info.si_code == CLD_EXITED) {
        ending_ = Exited{info.si_status};
    } else {
        ending_ = Signalled{info.si_status};
    }
    return ending_;
}

bool Child::stopped() {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WNOHANG) == 0 && info.si_pid != 0;
}

void Child::signal_group(int signal) const {
    if (pid_ > 0) {
        ::kill(-pid_, signal);
    }
}

void Child::reap() {
    if (pid_ < 0 || reaped_) {
        return;
    }
    siginfo_t info{};
    while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED) != 0 && errno == EINTR) {
    }
    reaped_ = true;
}

}  // namespace memrb::system
