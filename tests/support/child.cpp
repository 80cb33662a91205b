#include "support/child.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace memrb::test {
namespace {

/// posix_spawn's two option objects, with their ends.
struct SpawnOptions {
    posix_spawn_file_actions_t files{};
    posix_spawnattr_t attributes{};

    SpawnOptions() {
        posix_spawn_file_actions_init(&files);
        posix_spawnattr_init(&attributes);
    }
    SpawnOptions(const SpawnOptions&) = delete;
    SpawnOptions& operator=(const SpawnOptions&) = delete;
    SpawnOptions(SpawnOptions&&) = delete;
    SpawnOptions& operator=(SpawnOptions&&) = delete;
    ~SpawnOptions() {
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
    }

    void stream(int target, int source, int flags) {
        if (source < 0) {
            posix_spawn_file_actions_addopen(&files, target, "/dev/null", flags, 0);
        } else {
            posix_spawn_file_actions_adddup2(&files, source, target);
        }
    }
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (auto& text : texts) {
        out.push_back(text.data());
    }
    out.push_back(nullptr);
    return out;
}

/// The session of a process, from field 6 of /proc/PID/stat; -1 if it is gone or a zombie.
pid_t live_session_of(const std::filesystem::path& folder) {
    std::ifstream in(folder / "stat");
    std::string text;
    std::getline(in, text);
    // The name in brackets may hold anything, so reading starts behind the last bracket.
    const auto bracket = text.rfind(')');
    if (bracket == std::string::npos || bracket + 2 >= text.size()) {
        return -1;
    }
    std::istringstream fields(text.substr(bracket + 1));
    char state = ' ';
    pid_t parent = 0;
    pid_t group = 0;
    pid_t session = -1;
    fields >> state >> parent >> group >> session;
    return state == 'Z' || state == 'X' ? -1 : session;
}

}  // namespace

std::string to_string(const Ending& ending) {
    if (ending.exit) {
        return "exit " + std::to_string(*ending.exit);
    }
    if (ending.signal) {
        return "signal " + std::to_string(*ending.signal) + " (" + strsignal(*ending.signal) + ")";
    }
    return "timed out";
}

std::string find_program(const std::string& name, const std::vector<std::string>& environment) {
    if (name.find('/') != std::string::npos) {
        return name;
    }
    for (const auto& variable : environment) {
        if (!variable.starts_with("PATH=")) {
            continue;
        }
        for (std::size_t at = 5; at <= variable.size();) {
            const std::size_t end = std::min(variable.find(':', at), variable.size());
            const std::string candidate = variable.substr(at, end - at) + "/" + name;
            if (::access(candidate.c_str(), X_OK) == 0) {
                return candidate;
            }
            at = end + 1;
        }
    }
    return name;
}

std::ostream& operator<<(std::ostream& out, const Ending& ending) {
    return out << to_string(ending);
}

Child::Child(const Spawn& spawn) {
    if (spawn.argv.empty()) {
        throw std::runtime_error("a program to start has no name");
    }
    SpawnOptions options;
    if (!spawn.cwd.empty()) {
        posix_spawn_file_actions_addchdir_np(&options.files, spawn.cwd.c_str());
    }
    options.stream(0, spawn.in, O_RDONLY);
    options.stream(1, spawn.out, O_WRONLY);
    options.stream(2, spawn.err, O_WRONLY);
    // A test runner may ignore or block signals; the program starts with the usual ones.
    sigset_t all{};
    sigset_t none{};
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&options.attributes, &all);
    posix_spawnattr_setsigmask(&options.attributes, &none);
    posix_spawnattr_setflags(&options.attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

    auto argv = spawn.argv;
    auto environment = spawn.env;
    const std::string program = find_program(argv.front(), environment);
    const int error = posix_spawn(&pid_, program.c_str(), &options.files, &options.attributes, pointers(argv).data(),
                                  pointers(environment).data());
    if (error != 0) {
        pid_ = -1;
        throw std::runtime_error("cannot start " + program + ": " + std::strerror(error));
    }
    ended_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), ended_(std::move(other.ended_)), ending_(other.ending_) {}

Child::~Child() {
    if (pid_ < 0) {
        return;
    }
    kill_session(pid_);
    if (!ending_) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

std::optional<Ending> Child::wait(Milliseconds limit) {
    if (ending_) {
        return ending_;
    }
    pollfd waiting{ended_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(limit.count())) <= 0) {
        return std::nullopt;
    }
    int status = 0;
    if (::waitpid(pid_, &status, 0) != pid_) {
        throw std::runtime_error("somebody else took the ending of process " + std::to_string(pid_));
    }
    ending_ = WIFSIGNALED(status) ? signalled(WTERMSIG(status)) : exited(WEXITSTATUS(status));
    return ending_;
}

void Child::signal(int number) const {
    // Once reaped, the number may belong to another process.
    if (!ending_) {
        ::kill(pid_, number);
    }
}

std::vector<pid_t> session_members(pid_t session) {
    std::vector<pid_t> members;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
        const std::string name = entry.path().filename();
        pid_t pid = 0;
        const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (parsed.ec == std::errc() && parsed.ptr == name.data() + name.size() && pid != session &&
            live_session_of(entry.path()) == session) {
            members.push_back(pid);
        }
    }
    return members;
}

void kill_session(pid_t session) {
    // Twice: a process may have forked while the list was read.
    for (int round = 0; round < 2; ++round) {
        for (const pid_t member : session_members(session)) {
            ::kill(member, SIGKILL);
        }
    }
}

std::vector<std::string> own_environment() {
    std::vector<std::string> out;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        out.emplace_back(*variable);
    }
    return out;
}

void unset_variable(std::vector<std::string>& environment, const std::string& name) {
    std::erase_if(environment, [&](const std::string& variable) { return variable.starts_with(name + "="); });
}

void set_variable(std::vector<std::string>& environment, const std::string& name, const std::string& value) {
    unset_variable(environment, name);
    environment.push_back(name + "=" + value);
}

}  // namespace memrb::test
