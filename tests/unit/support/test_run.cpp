#include "support/run.h"

#include <csignal>
#include <sstream>

#include <catch2/catch.hpp>

using namespace memrb::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("stdout, stderr and the exit code are captured apart") {
    const Ran ran = program({"sh", "-c", "echo out; echo err >&2; exit 3"}).run();
    CHECK(ran.out == "out\n");
    CHECK(ran.err == "err\n");
    CHECK(ran.ending == exited(3));
    CHECK(ran.left_behind.empty());
}

TEST_CASE("a signal is not an exit code") {
    CHECK(program({"sh", "-c", "kill -TERM $$"}).run().ending == signalled(SIGTERM));
}

TEST_CASE("text goes to stdin, without it there is the null device") {
    CHECK(program({"cat"}).in("a\nb").run().out == "a\nb");
    CHECK(program({"sh", "-c", "readlink /proc/self/fd/0"}).run().out == "/dev/null\n");
}

TEST_CASE("a program that does not read its stdin does no harm") {
    const Ran ran = program({"true"}).in(std::string(1 << 20, 'x')).run();
    CHECK(ran.ending == exited(0));
}

TEST_CASE("much output on both streams is captured whole") {
    const Ran ran = program({"sh", "-c", "yes 0123456 | head -c 3000000; yes 0123456 | head -c 2000000 >&2"}).run();
    CHECK(ran.out.size() == 3000000);
    CHECK(ran.err.size() == 2000000);
    CHECK(ran.ending == exited(0));
}

TEST_CASE("a program that takes too long times out and is killed") {
    const Ran ran = program({"sh", "-c", "echo begun; exec sleep 60"}).timeout(milliseconds(300)).run();
    CHECK(ran.ending == timed_out());
    CHECK(ran.out == "begun\n");
    CHECK(ran.elapsed >= milliseconds(300));
    CHECK(ran.elapsed < seconds(5));
}

TEST_CASE("a child that holds the pipes open is told and not waited for") {
    const Ran ran = program({"sh", "-c", "sleep 60 & echo done"}).run();
    CHECK(ran.ending == exited(0));
    CHECK(ran.out == "done\n");
    CHECK(ran.left_behind.size() == 1);
    CHECK(ran.elapsed < seconds(5));
}

TEST_CASE("nothing of the person who runs the tests is seen") {
    setenv("MEMRB_TEST_LEAK", "1", 1);
    const Ran ran = program({"env"}).run();
    CHECK(ran.out.find("MEMRB_TEST_LEAK") == std::string::npos);
    CHECK(ran.out.find("DOCKER_HOST=unix:///nonexistent/docker.sock\n") != std::string::npos);
    const char* home = std::getenv("HOME");
    CHECK(ran.out.find(std::string("HOME=") + (home == nullptr ? "/root" : home) + "\n") == std::string::npos);
    unsetenv("MEMRB_TEST_LEAK");
}

TEST_CASE("variables, the folder and the home can be chosen") {
    const TempDir home;
    const Ran ran = program({"sh", "-c", "echo $A $HOME $XDG_STATE_HOME; pwd; echo ${LANG-none}"})
                        .env("A", "b c")
                        .home(home.path())
                        .cwd("/usr")
                        .unset("LANG")
                        .run();
    CHECK(ran.out == "b c " + home.str() + " " + home.str() + "/state\n/usr\nnone\n");
}

TEST_CASE("a stand-in for a tool goes first in PATH") {
    const TempDir tools;
    (void)tools.write_script("docker", "#!/bin/sh\necho fake $1\n");
    CHECK(program({"sh", "-c", "docker ps"}).path_first(tools.path()).run().out == "fake ps\n");
    CHECK(program({"/bin/sh", "-c", "docker ps; cat /dev/null"}).path_only(tools.str()).run().ending == exited(127));
}

TEST_CASE("a started program can be talked to and sent signals") {
    auto running =
        program({"sh", "-c", "trap 'echo got INT >&2; exit 9' INT; while read line; do echo \"<$line>\"; done"})
            .start();
    running.send("one\n");
    running.wait_for_out("<one>\n");
    running.send("two\n");
    running.wait_for_out("<two>\n");
    running.signal(SIGINT);
    running.send("wake\n");
    running.wait_for_err("got INT");
    CHECK(running.finish().ending == exited(9));
}

TEST_CASE("the end of stdin is seen when a started program is finished") {
    auto running = program({"cat"}).start();
    running.send("last");
    const Ran ran = running.finish();
    CHECK(ran.out == "last");
    CHECK(ran.ending == exited(0));
}

TEST_CASE("a closed stdout breaks the program's pipe") {
    auto running = program({"yes"}).start();
    running.wait_for_out("y\n");
    running.close_out();
    CHECK(running.finish().ending == signalled(SIGPIPE));
}

TEST_CASE("a failure message has all there is") {
    const Ran ran = program({"sh", "-c", "echo o; echo e >&2; exit 1"}).run();
    CHECK(ran.describe().starts_with("exit 1 after "));
    CHECK(ran.describe().ends_with("ms\n--- stdout\no\n\n--- stderr\ne\n"));
}
