// What a run of memrb's costs above the least that a run can cost: posix_spawn, one pipe, wait.
//   bench_spawn [RUNS [PROGRAM]]
#include "memrb/ports.h"
#include "system/process.h"

#include <fmt/core.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

class NoStop final : public memrb::Stop {
public:
    [[nodiscard]] bool requested() const override { return false; }
    [[nodiscard]] int poll_fd() const override { return -1; }
};

void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

void minimal_run(const std::string& program) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
        fail("pipe");
    }
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    ::posix_spawn_file_actions_addclose(&actions, ends[0]);
    ::posix_spawn_file_actions_addclose(&actions, ends[1]);
    std::array<char*, 2> argv{const_cast<char*>(program.c_str()), nullptr};
    pid_t pid = 0;
    if (::posix_spawnp(&pid, program.c_str(), &actions, nullptr, argv.data(), ::environ) != 0) {
        fail("posix_spawn");
    }
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    std::array<char, 4096> buffer{};
    while (::read(ends[0], buffer.data(), buffer.size()) > 0) {
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(pid, &status, 0);
}

void our_run(const memrb::Command& command) {
    const memrb::Outcome outcome = memrb::system::run_command(command, {}, NoStop());
    if (outcome.ending != memrb::Ending(memrb::Exited{0})) {
        fail("run_command");
    }
}

template <class Run>
double milliseconds_of(int runs, Run run) {
    const auto begun = Clock::now();
    for (int i = 0; i < runs; ++i) {
        run();
    }
    return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
}

}  // namespace

int main(int argc, char** argv) {
    const int runs = argc > 1 ? static_cast<int>(std::strtol(argv[1], nullptr, 10)) : 1000;
    const std::string program = argc > 2 ? argv[2] : "/bin/true";
    memrb::Command command;
    command.argv = {program};
    // Turn and turn about, so that a busy moment of the machine meets both.
    constexpr int turns = 10;
    const int share = std::max(1, runs / turns);
    double floor_ms = 0;
    double ours_ms = 0;
    for (int turn = 0; turn < turns; ++turn) {
        floor_ms += milliseconds_of(share, [&] { minimal_run(program); });
        ours_ms += milliseconds_of(share, [&] { our_run(command); });
    }
    fmt::print("{} runs of {}: floor {:.1f} ms, memrb {:.1f} ms, ratio {:.2f}\n", share * turns, program, floor_ms,
               ours_ms, ours_ms / floor_ms);
    return 0;
}
