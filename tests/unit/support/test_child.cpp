#include "support/child.h"

#include "support/run.h"

#include <csignal>

#include <catch2/catch.hpp>

using namespace memrb::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

Spawn shell(const std::string& script) {
    return {.argv = {"/bin/sh", "-c", script}, .env = {"PATH=/usr/bin:/bin"}};
}

}  // namespace

TEST_CASE("an exit code and a signal stay apart") {
    CHECK(Child(shell("exit 137")).wait(seconds(5)) == exited(137));
    CHECK(Child(shell("kill -KILL $$")).wait(seconds(5)) == signalled(SIGKILL));
    CHECK(to_string(exited(137)) == "exit 137");
    CHECK(to_string(signalled(SIGKILL)) == "signal 9 (Killed)");
    CHECK(to_string(timed_out()) == "timed out");
}

TEST_CASE("waiting ends with the time, and the program runs on") {
    Child child(shell("exec sleep 60"));
    CHECK(child.wait(milliseconds(20)) == std::nullopt);
    child.signal(SIGTERM);
    CHECK(child.wait(seconds(5)) == signalled(SIGTERM));
}

TEST_CASE("an ending can be asked for again") {
    Child child(shell("exit 3"));
    CHECK(child.wait(seconds(5)) == exited(3));
    CHECK(child.wait(milliseconds(0)) == exited(3));
}

TEST_CASE("a program that is not there is told by its name") {
    CHECK_THROWS_WITH(Child({.argv = {"no-such-program"}, .env = {}}),
                      "cannot start no-such-program: No such file or directory");
}

TEST_CASE("the program is looked up in the PATH that it gets") {
    const TempDir folder;
    const auto tool = folder.write_script("sort", "#!/bin/sh\nexit 42\n");
    CHECK(find_program("sort", {"PATH=" + folder.str()}) == tool);
    Child child({.argv = {"sort"}, .env = {"PATH=" + folder.str()}});
    CHECK(child.wait(seconds(5)) == exited(42));
}

TEST_CASE("signals that the test ignores are not ignored by the program") {
    std::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c)
    CHECK(Child(shell("kill -PIPE $$; exit 0")).wait(seconds(5)) == signalled(SIGPIPE));
}

TEST_CASE("nothing of a program's session outlives it") {
    pid_t session = 0;
    {
        Run run({"/bin/sh", "-c", "sleep 60 & (sleep 61 &) ; echo started; wait"});
        auto running = run.start();
        running.wait_for_out("started");
        session = running.child().pid();
        CHECK(session_members(session).size() == 2);
    }
    CHECK(session_members(session).empty());
}

TEST_CASE("variables are set once and unset wholly") {
    std::vector<std::string> environment = {"A=1", "AB=2"};
    set_variable(environment, "A", "3");
    CHECK(environment == std::vector<std::string>{"AB=2", "A=3"});
    unset_variable(environment, "A");
    CHECK(environment == std::vector<std::string>{"AB=2"});
}
