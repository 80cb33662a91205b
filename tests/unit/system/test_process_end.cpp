// How a program is made to end: timeouts, Ctrl-C, and those that it left behind.
#include "run_sh.h"
#include "support/temp_dir.h"
#include "system/process.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>

using namespace memrb;
using namespace memrb::system;
using memrb::test::TempDir;

namespace {

/// Far more than is needed, for a busy machine; far less than the programs would take by themselves.
constexpr Milliseconds patience{20'000};

bool runs(pid_t pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    return std::getline(stat, text) && text.find(") Z ") == std::string::npos;
}

/// Runs a script and requests the stop when the script says, by opening `ready`, that it is prepared for it.
Outcome run_and_stop(const TempDir& folder, const std::string& script) {
    const std::string ready = folder / "ready";
    REQUIRE(::mkfifo(ready.c_str(), 0600) == 0);
    ManualStop stop;
    std::thread presser([&] {
        const memrb::base::UniqueFd fifo(::open(ready.c_str(), O_RDONLY | O_CLOEXEC));  // waits for the script
        stop.request();
    });
    const Outcome outcome = run_command(sh("ready() { : > '" + ready + "'; }; " + script), {}, stop);
    presser.join();
    return outcome;
}

}  // namespace

TEST_CASE("what there is to do meanwhile is done when the program was started, before its end is waited for") {
    const TempDir folder;
    const std::string go = folder / "go";
    REQUIRE(::mkfifo(go.c_str(), 0600) == 0);
    RunContext context = timeout(20'000);
    int launched = 0;
    context.launched = [&] {
        ++launched;
        std::ofstream(go) << "on\n";  // waits for the program, which waits for it
    };
    const Outcome outcome = run(sh("read word < '" + go + "'; echo $word"), context);
    CHECK(outcome.ending == Ending(Exited{0}));
    CHECK(outcome.out.head == "on\n");
    CHECK(launched == 1);

    context.launched = [&] { ++launched; };
    CHECK(std::holds_alternative<NotStarted>(run(command({"no-such-program-here"}), context).ending));
    CHECK(launched == 1);
}

TEST_CASE("a timeout ends the program and says so, whatever its exit code") {
    const Outcome outcome = run(sh("trap 'echo bye; exit 0' TERM; echo ready; sleep 60 & wait"), timeout(1000));
    CHECK(outcome.ending == Ending(TimedOut{Milliseconds{1000}}));
    CHECK(outcome.out.head == "ready\nbye\n");
    CHECK(outcome.elapsed >= Milliseconds{1000});
    CHECK(outcome.elapsed < patience);
}

TEST_CASE("a program that ignores TERM is killed two seconds later") {
    const Outcome outcome = run(sh("trap '' TERM; echo ready; sleep 60"), timeout(200));
    CHECK(outcome.ending == Ending(TimedOut{Milliseconds{200}}));
    CHECK(outcome.elapsed >= Milliseconds{2200});
    CHECK(outcome.elapsed < patience);
}

TEST_CASE("a stopped program is killed after its timeout") {
    const Outcome outcome = run(sh("kill -STOP $$"), timeout(100));
    CHECK(outcome.ending == Ending(TimedOut{Milliseconds{100}}));
    CHECK(outcome.elapsed < patience);
}

TEST_CASE("a timeout reaches the whole group") {
    const Outcome outcome =
        run(sh("(trap 'echo child; exit' TERM; echo; while :; do sleep 0.05; done) & trap 'wait; exit' TERM; wait"),
            timeout(1000));
    CHECK(outcome.ending == Ending(TimedOut{Milliseconds{1000}}));
    CHECK(outcome.out.head == "\nchild\n");
}

TEST_CASE("a grandchild that ignores TERM does not survive its group's timeout") {
    const Outcome outcome =
        run(sh("(trap '' TERM; exec sleep 62) > /dev/null 2>&1 & echo $!; exec sleep 63"), timeout(1000));
    CHECK(outcome.ending == Ending(TimedOut{Milliseconds{1000}}));
    CHECK(outcome.elapsed >= Milliseconds{3000});
    CHECK(outcome.elapsed < patience);
    CHECK_FALSE(runs(std::stoi(outcome.out.head)));
}

TEST_CASE("a grandchild that holds the pipe is neither waited for nor killed") {
    const Outcome outcome = run(sh("sleep 60 & echo $!"));
    CHECK(outcome.ending == Ending(Exited{0}));
    CHECK(outcome.elapsed < patience);
    CHECK(outcome.err.note ==
          "a process that the program left behind still holds its output open: it was not waited for");
    const pid_t left = std::stoi(outcome.out.head);
    CHECK(runs(left));
    ::kill(left, SIGKILL);
}

TEST_CASE("a flood from a grandchild does not keep a finished program alive") {
    const TempDir folder;
    const Outcome outcome = run(sh("yes & echo $! > " + folder.str() + "/pid"));
    ::kill(std::stoi(folder.read("pid")), SIGKILL);
    CHECK(outcome.ending == Ending(Exited{0}));
    CHECK(outcome.elapsed < patience);
}

TEST_CASE("a grandchild that writes within the grace is heard") {
    const Outcome outcome = run(sh("(sleep 0.05; echo late) & echo early"));
    CHECK(outcome.out.head == "early\nlate\n");
    CHECK(outcome.err.note.empty());
}

TEST_CASE("a timeout of zero is none") {
    CHECK(run(command({"sleep", "0.05"}), timeout(0)).ending == Ending(Exited{0}));
}

TEST_CASE("a stop sends INT first") {
    const TempDir folder;
    const Outcome outcome =
        run_and_stop(folder, "trap 'echo got INT; exit 3' INT; ready; while :; do sleep 0.05; done");
    CHECK(outcome.ending == Ending(Interrupted{}));
    CHECK(outcome.out.head == "got INT\n");
    CHECK(outcome.elapsed < patience);
}

TEST_CASE("a stop sends TERM two seconds after INT") {
    const TempDir folder;
    const Outcome outcome =
        run_and_stop(folder, "trap '' INT; trap 'echo got TERM; exit 3' TERM; ready; while :; do sleep 0.05; done");
    CHECK(outcome.ending == Ending(Interrupted{}));
    CHECK(outcome.out.head == "got TERM\n");
    CHECK(outcome.elapsed >= Milliseconds{2000});
    CHECK(outcome.elapsed < patience);
}

TEST_CASE("a stop sends KILL to what ignores both") {
    const TempDir folder;
    const Outcome outcome = run_and_stop(folder, "trap '' INT TERM; ready; while :; do sleep 0.05; done");
    CHECK(outcome.ending == Ending(Interrupted{}));
    CHECK(outcome.elapsed >= Milliseconds{4000});
    CHECK(outcome.elapsed < patience);
}

TEST_CASE("a stop that was requested before starts nothing") {
    const TempDir folder;
    ManualStop stop;
    stop.request();
    const Outcome outcome = run_command(sh("echo ran > " + folder.str() + "/ran"), {}, stop);
    CHECK(outcome.ending == Ending(Interrupted{}));
    CHECK_FALSE(std::filesystem::exists(folder / "ran"));
}
