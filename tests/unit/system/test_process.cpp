#include "system/process.h"

#include "run_sh.h"
#include "support/temp_dir.h"

#include <fcntl.h>
#include <sys/wait.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

using namespace memrb;
using namespace memrb::system;
using memrb::test::TempDir;

namespace {

std::string why(const Outcome& outcome) {
    const auto* not_started = std::get_if<NotStarted>(&outcome.ending);
    return not_started == nullptr ? "it was started" : not_started->why;
}

Command in_folder(std::vector<std::string> argv, std::string folder) {
    Command made = command(std::move(argv));
    made.cwd = std::move(folder);
    return made;
}

Command fed(std::vector<std::string> argv, std::string text) {
    Command made = command(std::move(argv));
    made.stdin_text = std::move(text);
    return made;
}

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator entries("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace

TEST_CASE("a program's exit code and its signal stay apart") {
    CHECK(run(command({"true"})).ending == Ending(Exited{0}));
    CHECK(run(command({"false"})).ending == Ending(Exited{1}));
    CHECK(run(sh("exit 137")).ending == Ending(Exited{137}));
    CHECK(run(sh("kill -9 $$")).ending == Ending(Signalled{SIGKILL}));
    CHECK(run(sh("kill -TERM $$")).ending == Ending(Signalled{SIGTERM}));
}

TEST_CASE("no program inherits an ignored signal") {
    std::vector<std::pair<int, void (*)(int)>> before;
    for (const int signal : {SIGXFSZ, SIGPIPE, SIGUSR2, SIGRTMIN}) {
        before.emplace_back(signal, std::signal(signal, SIG_IGN));
    }
    const Outcome outcome = run(command({"grep", "SigIgn", "/proc/self/status"}));
    for (const auto& [signal, handler] : before) {
        std::signal(signal, handler);
    }
    CHECK(outcome.out.head == "SigIgn:\t0000000180000000\n");  // 32 and 33 are glibc's own
}

TEST_CASE("stdout and stderr are kept apart and counted") {
    const Outcome outcome = run(sh("printf one; printf three >&2"));
    CHECK(outcome.out.head == "one");
    CHECK(outcome.out.total == 3);
    CHECK(outcome.err.head == "three");
    CHECK(outcome.err.total == 5);
    CHECK_FALSE(outcome.out.truncated());
    CHECK(outcome.out.note.empty());
}

TEST_CASE("arguments reach the program as they are: no shell takes part") {
    const Outcome outcome = run(command({"printf", "%s|", "a b", "$HOME", "; rm -rf /", "*", ""}));
    CHECK(outcome.out.head == "a b|$HOME|; rm -rf /|*||");
}

TEST_CASE("the environment is memrb's own with the command's additions") {
    ::setenv("MEMRB_TEST_KEPT", "kept", 1);
    ::setenv("MEMRB_TEST_REPLACED", "old", 1);
    Command script = sh("printf '%s %s %s' \"$MEMRB_TEST_KEPT\" \"$MEMRB_TEST_REPLACED\" \"$MEMRB_TEST_NEW\"");
    script.env = {{"MEMRB_TEST_REPLACED", "new value"}, {"MEMRB_TEST_NEW", "$added"}};
    CHECK(run(script).out.head == "kept new value $added");
    ::unsetenv("MEMRB_TEST_KEPT");
    ::unsetenv("MEMRB_TEST_REPLACED");
}

TEST_CASE("a program runs in the folder that is asked for") {
    const TempDir folder;
    CHECK(run(in_folder({"pwd", "-P"}, folder.str())).out.head ==
          std::filesystem::canonical(folder.path()).string() + "\n");
}

TEST_CASE("stdin is /dev/null unless there is text for it") {
    CHECK(run(command({"readlink", "/proc/self/fd/0"})).out.head == "/dev/null\n");
    CHECK(run(fed({"cat"}, "echo\nthis")).out.head == "echo\nthis");
}

TEST_CASE("stdin text larger than a pipe neither blocks nor kills, read or not") {
    const std::string text(3'000'000, 'x');
    CHECK(run(fed({"cat"}, text), keep(8U << 20U)).out.text() == text);
    CHECK(run(fed({"true"}, text)).ending == Ending(Exited{0}));
    CHECK(run(fed({"sh", "-c", "head -c 2000000 /dev/zero; cat"}, text)).out.total == 5'000'000);
}

TEST_CASE("the child leads a process group of its own") {
    const Outcome outcome = run(sh("read pid comm state ppid pgrp rest < /proc/$$/stat; echo $(( pgrp == $$ ))"));
    CHECK(outcome.out.head == "1\n");
}

TEST_CASE("the child starts with default signals and an empty mask") {
    sigset_t blocked;
    sigset_t former;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGUSR1);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &former);
    auto* const handler = std::signal(SIGPIPE, SIG_IGN);
    const Outcome outcome = run(command({"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"}));
    std::signal(SIGPIPE, handler);
    ::pthread_sigmask(SIG_SETMASK, &former, nullptr);
    // glibc's posix_spawn ignores 32 and 33, which are its own and no program's.
    CHECK(outcome.out.head == "SigBlk:\t0000000000000000\nSigIgn:\t0000000180000000\n");
}

TEST_CASE("no descriptor but the standard three is inherited") {
    const memrb::base::UniqueFd careless(::open("/dev/null", O_RDONLY));  // without O_CLOEXEC, as a library might
    const Outcome outcome = run(sh("for fd in $(seq 0 99); do test -e /proc/$$/fd/$fd && echo $fd; done"));
    CHECK(outcome.out.head == "0\n1\n2\n");
}

TEST_CASE("a program that is not installed is told as such") {
    const Outcome outcome = run(command({"memrb-no-such-tool", "ps"}));
    CHECK(outcome.ending ==
          Ending(NotStarted{.why = "memrb-no-such-tool is not installed (not on PATH)", .missing_tool = true}));
    CHECK(run(command({"/no/such/tool"})).ending ==
          Ending(NotStarted{.why = "/no/such/tool does not exist", .missing_tool = true}));
}

TEST_CASE("a name from outside cannot write to the terminal through a message") {
    CHECK(why(run(command({"\x1b[2Jtool"}))) == "\\x1b[2Jtool is not installed (not on PATH)");
}

TEST_CASE("a file that may not be run is told as such") {
    const TempDir folder;
    const auto file = folder.write("plain", "#!/bin/sh\necho no\n");
    CHECK(run(command({file.string()})).ending ==
          Ending(NotStarted{.why = "no permission to run " + file.string(), .denied = true}));
}

TEST_CASE("a script whose interpreter is missing is told as such") {
    const TempDir folder;
    const auto script = folder.write_script("tool", "#!/no/such/interpreter\n");
    CHECK(run(command({script.string()})).ending ==
          Ending(NotStarted{.why = script.string() + " cannot run: the interpreter that it asks for is not installed",
                            .missing_tool = true}));
}

TEST_CASE("a file that is no program is not handed to a shell") {
    const TempDir folder;
    const auto file = folder.write_script("tool", "echo a shell ran this\n");
    CHECK(why(run(command({file.string()}))) == file.string() + " is not a program that this machine can run");
}

TEST_CASE("a folder that does not exist is not confused with a missing program") {
    CHECK(run(in_folder({"true"}, "/no/such/folder")).ending ==
          Ending(NotStarted{.why = "the folder /no/such/folder does not exist"}));
}

TEST_CASE("what no program can be given is refused, not cut") {
    Command odd = command({"true"});
    odd.env = {{"A=B", "c"}};
    CHECK(why(run({})) == "no program is named");
    CHECK(why(run(command({"echo", std::string("a\0b", 3)}))) == "an argument contains a zero byte");
    CHECK(why(run(odd)) == "`A=B` cannot be an environment variable");
}

TEST_CASE("an interactive command without a terminal is not started") {
    const memrb::base::UniqueFd stdin_kept(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
    const memrb::base::UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    REQUIRE((stdin_kept && null));
    ::dup2(null.get(), STDIN_FILENO);
    Command interactive = command({"true"});
    interactive.interactive = true;
    const Outcome outcome = run(interactive);
    ::dup2(stdin_kept.get(), STDIN_FILENO);
    CHECK(why(outcome) == "it needs a terminal, and there is none here");
}

TEST_CASE("a child that exits leaves its last words, also when they fill the pipe") {
    const Outcome outcome = run(sh("head -c 65536 /dev/zero; kill -9 $$"));
    CHECK(outcome.ending == Ending(Signalled{SIGKILL}));
    CHECK(outcome.out.total == 65536);
}

TEST_CASE("many runs leave neither descriptors nor zombies") {
    run(command({"true"}));
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 20; ++i) {
        run(sh("echo out; echo err >&2"));
        run(command({"memrb-no-such-tool"}));
        run(command({"sleep", "60"}), timeout(1));
    }
    CHECK(open_descriptors() == before);
    siginfo_t info{};
    CHECK(::waitid(P_ALL, 0, &info, WEXITED | WNOHANG) == -1);
    CHECK(errno == ECHILD);
}

TEST_CASE("several threads run programs at once") {
    std::vector<std::thread> threads;
    std::vector<std::string> outputs(8);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        threads.emplace_back([i, &outputs] {
            for (int round = 0; round < 20; ++round) {
                outputs[i] += run(command({"echo", std::to_string(i)})).out.head;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        std::string expected;
        for (int round = 0; round < 20; ++round) {
            expected += std::to_string(i) + "\n";
        }
        CHECK(outputs[i] == expected);
    }
}

TEST_CASE("an outcome tells when it began and how long it took") {
    const auto before = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    const Outcome outcome = run(command({"sleep", "0.05"}));
    CHECK(outcome.started >= before);
    CHECK(outcome.started <= std::chrono::system_clock::now());
    CHECK(outcome.elapsed >= Milliseconds{50});
    CHECK(outcome.elapsed < Milliseconds{5000});
}
