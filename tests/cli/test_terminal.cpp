// The interactive diagnosis in a pseudo-terminal, on the recorded incident that is shipped: what a person sees and
// types, and how the terminal is left behind, however it ends.
#include "support/pty.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <sstream>

using namespace memrb;
using namespace memrb::test;

namespace {

Run demo() {
    return run_memrb({"diagnose", "backend", "--replay", "demo"});
}

constexpr const char* prompt = "Choose [1-";

/// Columns of a line: everything that is shown here is one column wide.
std::size_t columns(const std::string& line) {
    return static_cast<std::size_t>(std::count_if(
        line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Lines of the text that are longer than this.
std::string longer_than(std::size_t limit, const std::string& text) {
    std::string found;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        found += columns(line) > limit ? std::to_string(columns(line)) + ": " + line + "\n" : "";
    }
    return found;
}

bool has_escapes(const std::string& bytes) {
    return bytes.find('\x1b') != std::string::npos;
}

bool is_ascii(const std::string& bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
}

/// It has ended like this, and the terminal is as it was.
void check_end(Pty& terminal, const Ending& wanted) {
    const Ending ending = terminal.wait();
    INFO(terminal.screen().everything());
    CHECK(ending == wanted);
    CHECK(terminal.what_is_not_restored() == "");
    CHECK(terminal.session().descendants().empty());
}

}  // namespace

TEST_CASE("the menu is shown, explains itself, and q leaves it with 5") {
    Pty terminal(demo());
    terminal.expect("Memory leak");
    terminal.expect("SUGGESTED");
    terminal.expect(prompt);
    terminal.send("?\n");
    terminal.expect("for");
    terminal.expect("after each restart it grows again");
    terminal.expect(prompt);
    terminal.send("h\n");
    terminal.expect("its exact commands");
    terminal.expect(prompt);
    terminal.send("1\n");
    terminal.expect("$ docker compose ");
    terminal.expect(prompt);
    terminal.send("quit\n");
    check_end(terminal, exited(5));
}

TEST_CASE("a wrong word is told, with what is possible, and asked again") {
    Pty terminal(demo());
    terminal.expect(prompt);
    terminal.send("restrat\n");
    terminal.expect("`restrat` is no answer here: did you mean `restart`?");
    terminal.expect(prompt);
    terminal.send("99\n");
    terminal.expect("there is no option `99`");
    terminal.expect(prompt);
    terminal.send("\n");  // Enter alone asks again
    terminal.expect(prompt);
    terminal.send("\x1b]0;pwned\x07zzz\n");
    terminal.expect("is no answer here");
    terminal.expect(prompt);
    terminal.send("q\n");
    check_end(terminal, exited(5));
}

TEST_CASE("Ctrl-C at the prompt is no answer: 130, also in the middle of a word") {
    for (const auto* typed : {"\x03", "rest\x03"}) {
        Pty terminal(demo());
        terminal.expect(prompt);
        terminal.send(typed);
        check_end(terminal, exited(130));
    }
}

TEST_CASE("Ctrl-D is q") {
    Pty terminal(demo());
    terminal.expect(prompt);
    terminal.send("\x04");
    check_end(terminal, exited(5));
}

TEST_CASE("Ctrl-Z stops it with the terminal as a shell wants it, and it goes on") {
    Pty terminal(demo());
    terminal.expect(prompt);
    terminal.send("\x1a");
    for (int round = 0; round < 200 && !terminal.session().stopped(); ++round) {
        CHECK(terminal.wait(Milliseconds(50)) == timed_out());
    }
    REQUIRE(terminal.session().stopped());
    CHECK(terminal.what_is_not_restored() == "");
    terminal.session().resume();
    terminal.send("h\n");
    terminal.expect("its exact commands");
    terminal.send("q\n");
    check_end(terminal, exited(5));
}

TEST_CASE("a signal while it waits ends it with 128 and its number") {
    for (const int signal : {SIGTERM, SIGHUP}) {
        INFO(signal);
        Pty terminal(demo());
        terminal.expect(prompt);
        terminal.session().signal(signal);
        check_end(terminal, exited(128 + signal));
    }
}

TEST_CASE("a deadly signal while it waits leaves the terminal as it was, too") {
    for (const int signal : {SIGQUIT, SIGABRT}) {
        INFO(signal);
        Pty terminal(demo());
        terminal.expect(prompt);
        terminal.session().signal(signal);
        check_end(terminal, signalled(signal));
    }
}

TEST_CASE("in 50 columns no line is longer than the window") {
    Pty terminal(demo(), 50, 40);
    terminal.expect(prompt);
    CHECK(longer_than(50, terminal.transcript()) == "");
    CHECK(terminal.transcript().find("512 MiB") != std::string::npos);
    const auto before = terminal.transcript().size();
    terminal.send("?\n");
    terminal.expect(prompt);
    CHECK(longer_than(50, terminal.transcript().substr(before)) == "");
    terminal.send("q\n");
    check_end(terminal, exited(5));
}

TEST_CASE("a window that becomes smaller while it waits is followed") {
    Pty terminal(demo(), 100, 40);
    terminal.expect(prompt);
    terminal.send("res");
    terminal.expect("res");
    terminal.resize(50, 30);
    terminal.send("tart\n");  // what was typed is kept
    terminal.expect("Restart the container");
    terminal.expect(prompt);
    const auto before = terminal.transcript().size();
    terminal.send("?\n");
    terminal.expect(prompt);
    CHECK(longer_than(50, terminal.transcript().substr(before)) == "");
    terminal.send("q\n");
    check_end(terminal, exited(5));
}

TEST_CASE("TERM=dumb gets plain lines and can answer") {
    Pty terminal(demo().env("TERM", "dumb"));
    terminal.expect(prompt);
    terminal.send("h\n");
    terminal.expect("its exact commands");
    terminal.expect(prompt);
    terminal.send("q\n");
    check_end(terminal, exited(5));
    CHECK_FALSE(has_escapes(terminal.raw()));
}

TEST_CASE("TERM=dumb: Ctrl-C and Ctrl-D do what they do elsewhere") {
    {
        Pty terminal(demo().env("TERM", "dumb"));
        terminal.expect(prompt);
        terminal.send("\x03");
        check_end(terminal, exited(130));
    }
    Pty terminal(demo().env("TERM", "dumb"));
    terminal.expect(prompt);
    terminal.send("\x04");
    check_end(terminal, exited(5));
}

TEST_CASE("a terminal that no one knows works as well") {
    Pty terminal(demo().env("TERM", "no-such-terminal"));
    terminal.expect(prompt);
    terminal.send("q\n");
    check_end(terminal, exited(5));
}

TEST_CASE("without a UTF-8 locale there is no byte of it") {
    for (const auto* term : {"xterm-256color", "dumb"}) {
        Pty terminal(demo().env("LANG", "C").env("TERM", term));
        terminal.expect(prompt);
        for (const auto* answer : {"?\n", "s\n", "h\n", "1\n", "nonsense\n"}) {
            terminal.send(answer);
            terminal.expect(prompt);
        }
        terminal.send("q\n");
        check_end(terminal, exited(5));
        CHECK(is_ascii(terminal.raw()));
    }
}

TEST_CASE("NO_COLOR leaves the menu without colours") {
    Pty terminal(demo().env("NO_COLOR", "1"));
    terminal.expect(prompt);
    terminal.send("q\n");
    check_end(terminal, exited(5));
    CHECK(terminal.raw().find("\x1b[1m") == std::string::npos);
    CHECK(terminal.raw().find("\x1b[3") == std::string::npos);
}

TEST_CASE("where nobody is to be asked there is no menu") {
    for (const bool by_flag : {true, false}) {
        Pty terminal(by_flag ? demo().arg("--no-input") : demo().env("CI", "true"));
        check_end(terminal, exited(0));
        CHECK(terminal.transcript().find("Memory leak") != std::string::npos);
        CHECK(terminal.transcript().find("Choose") == std::string::npos);
    }
}

TEST_CASE("into a file goes plain text, and the terminal gets no menu") {
    TempDir folder;
    Run shell = program({"sh", "-c", "\"$0\" diagnose backend --replay demo > out", memrb_binary().string()});
    Pty terminal(shell.cwd(folder.path()));
    check_end(terminal, exited(0));
    CHECK(terminal.transcript() == "");
    const auto text = folder.read("out");
    CHECK_FALSE(has_escapes(text));
    CHECK(text.find("Memory leak") != std::string::npos);
    CHECK(text.find("Choose") == std::string::npos);
    CHECK(longer_than(80, text) == "");
}
