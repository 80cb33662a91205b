#include "support/pty.h"

#include <csignal>

#include <catch2/catch.hpp>

using namespace memrb::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("a program in a terminal is asked and answers") {
    Pty terminal(program({"sh", "-c", "printf 'Choose: '; read answer; echo \"you chose $answer\"; exit 5"}));
    terminal.expect("Choose: ");
    terminal.send("q\n");
    terminal.expect("you chose q");
    CHECK(terminal.wait() == exited(5));
    CHECK(terminal.screen().text() == "Choose: q\nyou chose q");
    CHECK(terminal.restored());
}

TEST_CASE("all three streams are the terminal, and it controls the session") {
    Pty terminal(program({"sh", "-c", "test -t 0 && test -t 1 && test -t 2 && echo yes >/dev/tty"}));
    terminal.expect("yes");
    CHECK(terminal.wait() == exited(0));
}

TEST_CASE("Ctrl-C is a signal to the foreground") {
    Pty terminal(program({"sh", "-c", "echo ready; exec sleep 60"}));
    terminal.expect("ready");
    terminal.send("\x03");
    CHECK(terminal.wait() == signalled(SIGINT));
}

TEST_CASE("Ctrl-Z stops the program as under a shell, and it can go on") {
    Pty terminal(program({"sh", "-c", "echo ready; read a; echo back"}));
    terminal.expect("ready");
    terminal.send("\x1a");
    for (int round = 0; round < 200 && !terminal.session().stopped(); ++round) {
        CHECK(terminal.wait(milliseconds(50)) == timed_out());
    }
    REQUIRE(terminal.session().stopped());
    terminal.session().resume();
    terminal.send("x\n");
    terminal.expect("back");
    CHECK(terminal.wait() == exited(0));
}

TEST_CASE("the size is known and its change is told") {
    Pty terminal(
        program({"sh", "-c", "stty size; trap 'stty size; exit 0' WINCH; echo set; while :; do sleep 0.05; done"}), 100,
        30);
    terminal.expect("30 100\n");
    terminal.expect("set");
    terminal.resize(60, 20);
    terminal.expect("20 60\n");
    CHECK(terminal.wait() == exited(0));
}

TEST_CASE("a terminal that was not restored is told, as the program left it") {
    Pty raw(program({"sh", "-c", "stty -echo -icanon -isig; printf '\\033[?25l\\033[31m'"}));
    CHECK(raw.wait() == exited(0));
    CHECK_FALSE(raw.restored());
    CHECK(raw.what_is_not_restored() == "echo, line mode, signals, local flags, cursor, colour");
    Pty killed(program({"sh", "-c", "stty -echo; kill -KILL $$"}));
    CHECK(killed.wait() == signalled(SIGKILL));
    CHECK(killed.what_is_not_restored() == "echo, local flags");
}

TEST_CASE("what is expected is searched behind the last match, without escape sequences") {
    Pty terminal(program({"printf", "\\033[1mone\\033[0m two one"}));
    terminal.expect("one two");
    terminal.expect("one");
    CHECK(terminal.wait() == exited(0));
    CHECK(terminal.raw().find("\x1b[1m") != std::string::npos);
    CHECK(terminal.transcript() == "one two one");
}

TEST_CASE("redrawn lines are seen as a person sees them") {
    Pty terminal(program({"sh", "-c", "printf 'step 1\\r\\033[Kstep 2\\r\\033[Kdone\\n'; sleep 60"}));
    terminal.expect_on_screen("done");
    CHECK(terminal.screen().text() == "done");
    CHECK(terminal.wait(milliseconds(50)) == timed_out());
}

TEST_CASE("children of the program are known") {
    Pty terminal(program({"sh", "-c", "sleep 60 & echo started; read a"}));
    terminal.expect("started");
    CHECK(terminal.session().descendants().size() == 1);
    terminal.session().signal(SIGKILL);
    CHECK(terminal.wait() == signalled(SIGKILL));
}
