#include "system/terminal_guard.h"

#include "support/pty.h"

#include <fcntl.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <string>

using memrb::test::exited;
using memrb::test::Pty;
using memrb::test::signalled;

namespace {

memrb::test::Run child(std::vector<std::string> args) {
    args.insert(args.begin(), MEMRB_TERMINAL_CHILD);
    return memrb::test::program(std::move(args));
}

}  // namespace

TEST_CASE("the terminal is put back however the program ends") {
    const std::vector<std::pair<std::string, memrb::test::Ending>> ways{
        {"return", exited(0)}, {"exit", exited(3)}, {"abort", signalled(SIGABRT)}, {"fault", signalled(SIGSEGV)}};
    for (const auto& [mode, ending] : ways) {
        INFO(mode);
        Pty terminal(child({mode}));
        terminal.expect("spoilt");
        CHECK(terminal.wait() == ending);
        CHECK(terminal.what_is_not_restored() == "");
    }
}

TEST_CASE("a guarded program still dies of Ctrl-backslash, and leaves the terminal right") {
    Pty terminal(child({"wait"}));
    terminal.expect("spoilt");
    terminal.send("\x1c");
    CHECK(terminal.wait() == signalled(SIGQUIT));
    CHECK(terminal.what_is_not_restored() == "");
}

TEST_CASE("what is no terminal is left alone") {
    const memrb::system::TerminalGuard guard(-1);
    struct sigaction now{};
    ::sigaction(SIGQUIT, nullptr, &now);
    CHECK(now.sa_handler == SIG_DFL);
}

TEST_CASE("an interactive program has the terminal, and gives it back as it was") {
    Pty terminal(child({"interactive", "stty -echo -icanon; echo ready; read answer; echo \"got $answer\"; exit 5"}));
    terminal.expect("ready");
    terminal.send("hello\n");
    terminal.expect("got hello");
    terminal.expect("ended 5, foreground back");
    CHECK(terminal.wait() == exited(0));
    CHECK(terminal.what_is_not_restored() == "");
}

TEST_CASE("Ctrl-C in an interactive program is its own") {
    Pty terminal(
        child({"interactive", "trap 'echo interrupted; exit 9' INT; echo ready; while :; do sleep 0.05; done"}));
    terminal.expect("ready");
    terminal.send("\x03");
    terminal.expect("interrupted");
    terminal.expect("ended 9, foreground back");
    CHECK(terminal.wait() == exited(0));
}

TEST_CASE("Ctrl-Z does not leave an interactive program hanging") {
    Pty terminal(child({"interactive", "echo ready; read answer; echo \"got $answer\""}));
    terminal.expect("ready");
    terminal.send("\x1a");
    terminal.send("hello\n");
    terminal.expect("got hello");
    terminal.expect("ended 0, foreground back");
    CHECK(terminal.wait() == exited(0));
}
