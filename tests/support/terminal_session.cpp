#include "support/terminal_session.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace memrb::test {
namespace {

/// What the leader tells: first the program's pid, then each change of its state as wait(2) gives it.
struct Report {
    enum class Kind { started, not_started, state } kind = Kind::started;
    int value = 0;
};

constexpr int report_descriptor = 3;

void report(Report::Kind kind, int value) {
    const Report message{kind, value};
    if (::write(report_descriptor, &message, sizeof message) < 0) {
        ::_exit(1);
    }
}

void default_signals() {
    for (int number = 1; number < NSIG; ++number) {
        ::signal(number, SIG_DFL);  // NOLINT(cert-err33-c): some cannot be set
    }
    sigset_t none{};
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

struct Program {
    const char* path = nullptr;
    char* const* argv = nullptr;
    char* const* environment = nullptr;
    const char* cwd = nullptr;
};

[[noreturn]] void become_program(const Program& program, int terminal) {
    ::setpgid(0, 0);
    ::tcsetpgrp(terminal, ::getpid());
    default_signals();
    if (program.cwd != nullptr && ::chdir(program.cwd) != 0) {
        ::_exit(126);
    }
    ::close(report_descriptor);
    ::execve(program.path, program.argv, program.environment);
    ::_exit(127);
}

/// Runs in the fork of a process with threads: nothing but system calls.
[[noreturn]] void lead(const Program& program, const char* terminal_path, int report_to) {
    // TTOU would stop whoever gives the terminal away from the background.
    default_signals();
    ::signal(SIGTTOU, SIG_IGN);  // NOLINT(cert-err33-c)
    ::signal(SIGHUP, SIG_IGN);   // NOLINT(cert-err33-c)
    // A test that is killed takes the session with it.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setsid();
    ::dup2(report_to, report_descriptor);
    ::close_range(report_descriptor + 1, ~0U, 0);
    const int terminal = ::open(terminal_path, O_RDWR);
    ::ioctl(terminal, TIOCSCTTY, 0);
    for (int stream = 0; stream < 3; ++stream) {
        ::dup2(terminal, stream);
    }
    ::close(terminal);
    const pid_t child = ::fork();
    if (child == 0) {
        become_program(program, 0);
    }
    report(child < 0 ? Report::Kind::not_started : Report::Kind::started, child);
    int status = 0;
    while (::waitpid(child, &status, WUNTRACED) == child) {
        report(Report::Kind::state, status);
        if (!WIFSTOPPED(status)) {
            break;
        }
    }
    for (;;) {
        ::pause();
    }
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (auto& text : texts) {
        out.push_back(text.data());
    }
    out.push_back(nullptr);
    return out;
}

std::optional<Report> next_report(int from, Milliseconds limit) {
    pollfd waiting{from, POLLIN, 0};
    Report message;
    if (::poll(&waiting, 1, static_cast<int>(limit.count())) <= 0 ||
        ::read(from, &message, sizeof message) != sizeof message) {
        return std::nullopt;
    }
    return message;
}

}  // namespace

TerminalSession::TerminalSession(const Spawn& spawn, std::size_t columns, std::size_t rows) {
    master_ = Descriptor(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    std::array<char, 128> name{};
    std::array<int, 2> ends{};
    if (!master_.open() || ::grantpt(master_.get()) != 0 || ::unlockpt(master_.get()) != 0 ||
        ::ptsname_r(master_.get(), name.data(), name.size()) != 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error(std::string("no pseudo-terminal: ") + std::strerror(errno));
    }
    status_ = Descriptor(ends[0]);
    const Descriptor report_to(ends[1]);
    resize(columns, rows);
    before_ = settings();

    auto argv = spawn.argv;
    auto environment = spawn.env;
    const std::string path = find_program(argv.at(0), environment);
    const auto argv_pointers = pointers(argv);
    const auto environment_pointers = pointers(environment);
    const Program program{path.c_str(), argv_pointers.data(), environment_pointers.data(),
                          spawn.cwd.empty() ? nullptr : spawn.cwd.c_str()};
    leader_ = ::fork();
    if (leader_ == 0) {
        lead(program, name.data(), report_to.get());
    }
    const auto first = next_report(status_.get(), std::chrono::seconds(10));
    if (leader_ < 0 || !first || first->kind != Report::Kind::started) {
        throw std::runtime_error("cannot start " + path + " in a terminal");
    }
    program_ = first->value;
    ::fcntl(master_.get(), F_SETFL, O_NONBLOCK);
}

TerminalSession::~TerminalSession() {
    if (leader_ > 0) {
        kill_session(leader_);
        ::kill(leader_, SIGKILL);
        ::waitpid(leader_, nullptr, 0);
    }
}

std::optional<Ending> TerminalSession::wait(Milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!ending_) {
        const auto left = std::chrono::duration_cast<Milliseconds>(deadline - std::chrono::steady_clock::now());
        const auto message = next_report(status_.get(), std::max(left, Milliseconds(0)));
        if (!message) {
            return std::nullopt;
        }
        stopped_ = WIFSTOPPED(message->value);
        if (WIFSIGNALED(message->value)) {
            ending_ = signalled(WTERMSIG(message->value));
        } else if (WIFEXITED(message->value)) {
            ending_ = exited(WEXITSTATUS(message->value));
        }
    }
    return ending_;
}

void TerminalSession::resume() {
    // It is still the foreground group: nobody else wants the terminal.
    stopped_ = false;
    ::kill(-program_, SIGCONT);
}

void TerminalSession::signal(int number) const {
    if (!ending_) {
        ::kill(program_, number);
    }
}

void TerminalSession::resize(std::size_t columns, std::size_t rows) const {
    winsize size{};
    size.ws_col = static_cast<unsigned short>(columns);
    size.ws_row = static_cast<unsigned short>(rows);
    ::ioctl(master_.get(), TIOCSWINSZ, &size);
}

termios TerminalSession::settings() const {
    termios now{};
    if (::tcgetattr(master_.get(), &now) != 0) {
        throw std::runtime_error(std::string("cannot read the terminal's settings: ") + std::strerror(errno));
    }
    return now;
}

std::vector<pid_t> TerminalSession::descendants() const {
    auto members = session_members(leader_);
    std::erase(members, program_);
    return members;
}

}  // namespace memrb::test
