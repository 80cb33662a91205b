#include "support/run.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#ifndef MEMRB_BINARY
#define MEMRB_BINARY "memrb"
#endif

namespace memrb::test {
namespace {

using Clock = std::chrono::steady_clock;

Milliseconds since(Clock::time_point began) {
    return std::chrono::duration_cast<Milliseconds>(Clock::now() - began);
}

/// What sanitizers and coverage need to work in the program under test, too.
constexpr std::array kept_variables = {"PATH",         "ASAN_OPTIONS",      "UBSAN_OPTIONS", "LSAN_OPTIONS",
                                       "TSAN_OPTIONS", "LLVM_PROFILE_FILE", "MEMRB_LAB_DIR"};

void add_pipe(Descriptor& read_end, Descriptor& write_end) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    read_end = Descriptor(ends[0]);
    write_end = Descriptor(ends[1]);
}

/// Appends what is there, at most some blocks, so that a flood does not keep the caller from looking at the clock.
/// Closes at the end of file. Tells whether more may be there.
bool drain(Descriptor& from, std::string& to) {
    std::array<char, 65536> block{};
    for (int round = 0; round < 16 && from.open(); ++round) {
        const ssize_t got = ::read(from.get(), block.data(), block.size());
        if (got > 0) {
            to.append(block.data(), static_cast<std::size_t>(got));
        } else if (got == 0 || errno != EINTR) {
            if (got == 0 || errno != EAGAIN) {
                from.close();
            }
            return false;
        }
    }
    return from.open();
}

}  // namespace

std::string Ran::describe() const {
    return to_string(ending) + " after " + std::to_string(elapsed.count()) + " ms\n--- stdout\n" + out +
           "\n--- stderr\n" + err;
}

Run::Run(std::vector<std::string> argv) : home_(std::make_shared<TempDir>()) {
    spawn_.argv = std::move(argv);
    for (const char* name : kept_variables) {
        if (const char* value = std::getenv(name)) {
            env(name, value);
        }
    }
    env("LANG", "C.UTF-8").env("TZ", "UTC").env("TERM", "xterm-256color");
    env("DOCKER_HOST", "unix:///nonexistent/docker.sock");
    home(home_->path());
}

Run& Run::arg(std::string value) {
    spawn_.argv.push_back(std::move(value));
    return *this;
}

Run& Run::args(std::initializer_list<std::string> values) {
    spawn_.argv.insert(spawn_.argv.end(), values);
    return *this;
}

Run& Run::env(const std::string& name, const std::string& value) {
    set_variable(spawn_.env, name, value);
    return *this;
}

Run& Run::env(const std::vector<std::pair<std::string, std::string>>& variables) {
    for (const auto& [name, value] : variables) {
        env(name, value);
    }
    return *this;
}

Run& Run::unset(const std::string& name) {
    unset_variable(spawn_.env, name);
    return *this;
}

Run& Run::path_first(const std::filesystem::path& folder) {
    const char* rest = std::getenv("PATH");
    return env("PATH", folder.string() + ":" + (rest == nullptr ? "/usr/bin:/bin" : rest));
}

Run& Run::path_only(const std::string& path) {
    return env("PATH", path);
}

Run& Run::in(std::string text) {
    in_ = std::move(text);
    has_in_ = true;
    return *this;
}

Run& Run::cwd(const std::filesystem::path& folder) {
    spawn_.cwd = folder.string();
    return *this;
}

Run& Run::home(const std::filesystem::path& folder) {
    env("HOME", folder.string());
    for (const auto& [name, sub] : {std::pair{"XDG_CONFIG_HOME", "config"},
                                    {"XDG_STATE_HOME", "state"},
                                    {"XDG_DATA_HOME", "data"},
                                    {"XDG_CACHE_HOME", "cache"}}) {
        env(name, (folder / sub).string());
    }
    return *this;
}

Run& Run::timeout(Milliseconds limit) {
    timeout_ = limit;
    return *this;
}

Run::Plan Run::plan() const {
    return {spawn_, home_, in_, has_in_, has_in_, timeout_};
}

Running Run::start() {
    auto wanted = plan();
    wanted.pipe_in = true;
    return Running(wanted);
}

Ran Run::run() {
    return Running(plan()).finish();
}

std::filesystem::path memrb_binary() {
    const char* given = std::getenv("MEMRB_BINARY");
    return given != nullptr ? given : MEMRB_BINARY;
}

Run run_memrb(std::vector<std::string> args) {
    args.insert(args.begin(), memrb_binary().string());
    return Run(std::move(args));
}

Run program(std::vector<std::string> argv) {
    return Run(std::move(argv));
}

Running::Running(const Run::Plan& plan)
    : Running(plan, [&] {
          Pipes pipes;
          add_pipe(pipes.out_read, pipes.out_write);
          add_pipe(pipes.err_read, pipes.err_write);
          if (plan.pipe_in) {
              add_pipe(pipes.in_read, pipes.in_write);
          }
          return pipes;
      }()) {}

Running::Running(const Run::Plan& plan, Pipes pipes)
    : home_(plan.home),
      began_(Clock::now()),
      timeout_(plan.timeout),
      unsent_(plan.in),
      close_after_sending_(plan.close_in),
      in_(std::move(pipes.in_write)),
      out_pipe_(std::move(pipes.out_read)),
      err_pipe_(std::move(pipes.err_read)),
      child_([&] {
          Spawn spawn = plan.spawn;
          spawn.in = pipes.in_read.get();
          spawn.out = pipes.out_write.get();
          spawn.err = pipes.err_write.get();
          return spawn;
      }()) {
    for (const Descriptor* end : {&in_, &out_pipe_, &err_pipe_}) {
        if (end->open()) {
            ::fcntl(end->get(), F_SETFL, O_NONBLOCK);
        }
    }
    // A program that ends without reading its stdin must not end the test.
    std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c)
}

bool Running::pump(Milliseconds limit) {
    if (unsent_.empty() && close_after_sending_) {
        in_.close();
    }
    std::array<pollfd, 4> waiting{{{out_pipe_.get(), POLLIN, 0},
                                   {err_pipe_.get(), POLLIN, 0},
                                   {unsent_.empty() ? -1 : in_.get(), POLLOUT, 0},
                                   {child_.pid_descriptor(), POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), static_cast<int>(std::max<Milliseconds::rep>(limit.count(), 0)));
    if (waiting[2].revents != 0) {
        const ssize_t sent = ::write(in_.get(), unsent_.data(), unsent_.size());
        if (sent > 0) {
            unsent_.erase(0, static_cast<std::size_t>(sent));
        } else if (errno != EAGAIN && errno != EINTR) {
            unsent_.clear();
            in_.close();
        }
    }
    const bool more_out = drain(out_pipe_, out_);
    const bool more_err = drain(err_pipe_, err_);
    return more_out || more_err;
}

void Running::wait_for(const std::string& where, std::string_view text, Milliseconds limit) {
    const auto deadline = Clock::now() + limit;
    while (where.find(text) == std::string::npos) {
        const auto left = std::chrono::duration_cast<Milliseconds>(deadline - Clock::now());
        const bool ended = child_.wait(Milliseconds(0)).has_value();
        pump(ended ? Milliseconds(0) : left);
        if (where.find(text) == std::string::npos && (ended || left.count() <= 0)) {
            FAIL("waited in vain for \"" << text << "\"\n--- stdout\n" << out_ << "\n--- stderr\n" << err_);
        }
    }
}

void Running::wait_for_out(std::string_view text, Milliseconds limit) {
    wait_for(out_, text, limit);
}

void Running::wait_for_err(std::string_view text, Milliseconds limit) {
    wait_for(err_, text, limit);
}

void Running::send(std::string_view text) {
    if (!in_.open()) {
        throw std::runtime_error("stdin is closed already");
    }
    unsent_ += text;
    pump(Milliseconds(0));
}

Ran Running::finish() {
    close_after_sending_ = true;
    Ran ran;
    for (;;) {
        const auto left = timeout_ - since(began_);
        if (const auto ending = child_.wait(Milliseconds(0))) {
            ran.ending = *ending;
            break;
        }
        if (left.count() <= 0) {
            break;
        }
        pump(left);
    }
    // What it wrote is in the pipes; a descendant that still holds them open is not waited for.
    for (int round = 0; round < 1000 && pump(Milliseconds(0)); ++round) {
    }
    ran.elapsed = since(began_);
    ran.left_behind = child_.descendants();
    if (ran.ending == timed_out()) {
        child_.signal(SIGKILL);
        child_.wait(std::chrono::seconds(5));
    }
    for (const pid_t pid : ran.left_behind) {
        ::kill(pid, SIGKILL);
    }
    ran.out = std::move(out_);
    ran.err = std::move(err_);
    return ran;
}

}  // namespace memrb::test
