// The floor of tests/bench/run: starts a program N times, one after the other, with nothing but posix_spawn, a pipe for
// its output and waitpid. Prints the milliseconds it took.
//
//   bench_floor N PROGRAM [ARG...]
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

bool run_once(char** argv) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        return false;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    pid_t child = 0;
    const int error = posix_spawnp(&child, argv[0], &actions, nullptr, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    std::array<char, 4096> buffer{};
    while (error == 0 && (read(ends[0], buffer.data(), buffer.size()) > 0 || errno == EINTR)) {
    }
    close(ends[0]);
    int status = 0;
    return error == 0 && waitpid(child, &status, 0) == child;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fputs("usage: bench_floor N PROGRAM [ARG...]\n", stderr);
        return 2;
    }
    const long count = std::strtol(argv[1], nullptr, 10);
    const auto begin = std::chrono::steady_clock::now();
    for (long i = 0; i < count; ++i) {
        errno = 0;
        if (!run_once(argv + 2)) {
            std::perror(argv[2]);
            return 1;
        }
    }
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    std::printf("%.3f\n", took.count());
    return 0;
}
