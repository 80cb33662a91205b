// What fingers, cats and clipboards do at the question before a change: nothing but the whole word makes the change,
// and the terminal is left as it was. The tools are stand-ins that write down what they are asked.
#include "support/pty.h"
#include "watched_docker.h"

#include <catch2/catch.hpp>
#include <csignal>
#include <sstream>
#include <utility>

using namespace memrb::test;
using namespace std::chrono_literals;

namespace {

constexpr auto a_while = 60s;
constexpr std::string_view question = "Type yes to run";
constexpr std::string_view menu = "Choose [";

struct Turn {
    std::string keys;
    std::string_view then = question;  ///< what has to come before the next keys; empty: nothing is waited for
    bool asks_again = false;
};

struct Script {
    std::string name;
    std::vector<Turn> turns;
    Ending end = exited(5);
    std::size_t columns = 80;
    std::vector<std::pair<std::string, std::string>> environment{};
    std::string ahead{};  ///< typed before anything is asked
    bool from_menu = false;
};

Run run_on(const WatchedDocker& host, const Script& script) {
    std::vector<std::string> words{script.from_menu ? "diagnose" : "resolve", "backend"};
    if (!script.from_menu) {
        words.emplace_back("restart");
    }
    auto run = host.memrb(std::move(words));
    for (const auto& [name, value] : script.environment) {
        run.env(name, value);
    }
    return run;
}

void play(const WatchedDocker& host, const Script& script) {
    INFO(script.name);
    Pty terminal(run_on(host, script), script.columns, 40);
    terminal.send(script.ahead);
    if (script.from_menu) {
        terminal.expect(menu, a_while);
        terminal.send("restart\n");
    }
    terminal.expect(question, a_while);
    for (const auto& turn : script.turns) {
        terminal.send(turn.keys);
        if (!turn.then.empty()) {
            terminal.expect(turn.then, a_while);
        }
        if (turn.asks_again) {
            terminal.expect(question, a_while);  // keys that come before it are thrown away
        }
    }
    const auto ending = terminal.wait(a_while);
    INFO(terminal.transcript());
    CHECK(ending == script.end);
    CHECK(terminal.what_is_not_restored() == "");
    CHECK(terminal.session().descendants().empty());
    CHECK(host.changes().empty());
}

void play_all(const std::vector<Script>& scripts) {
    for (const auto& script : scripts) {
        play(WatchedDocker(), script);
    }
}

const Turn leave{"q\n", ""};
const std::pair<std::string, std::string> dumb{"TERM", "dumb"}, ascii{"LC_ALL", "C"};

}  // namespace

TEST_CASE("the whole word makes the change once: the other scripts could fail") {
    const WatchedDocker host;
    Pty terminal(run_on(host, {"yes", {}, exited(0), 80, {}, "", false}), 80, 40);
    terminal.expect(question, a_while);
    terminal.send("yes\n");
    host.await_change(terminal, a_while);
    terminal.session().signal(SIGTERM);
    (void)terminal.wait(a_while);
    CHECK(host.changes().size() == 1);
}

TEST_CASE("adverse keys: answers that are not the word") {
    play_all({
        {"Enter, Enter, Enter", {{"\n"}, {"\n"}, {"\n"}, leave}},
        {"a bare y", {{"y\n", "Type the whole word: yes", true}, leave}},
        {"a bare Y", {{"Y\n", "Type the whole word: yes", true}, leave}},
        {"capitals", {{"YES\n", "Type the whole word: yes", true}, leave}},
        {"too little", {{"ye\n", "Not understood", true}, leave}},
        {"too much", {{"yesyes\n", "Not understood", true}, leave}},
        {"more words", {{"yes please\n", "Not understood", true}, leave}},
        {"the name of the target", {{"backend\n", "Not understood", true}, leave}},
        {"a number of the menu", {{"1\n", "Not understood", true}, leave}},
        {"help", {{"?\n", "leave it out", true}, {"help\n", "leave it out", true}, leave}},
        {"bytes that are no text", {{"\xff\xfeyes\n"}, leave}},
    });
}

TEST_CASE("adverse keys: keys that edit") {
    play_all({
        {"erased with backspace", {{"yes\x7f\x7f\x7f\n"}, leave}},
        {"erased as a line", {{"yes\x15\n"}, leave}},
        {"erased as a word", {{"yes\x17\n"}, leave}},
        {"Ctrl-A and a letter before it", {{"es\x01x\n", "Not understood", true}, leave}},
        {"arrow up finds no earlier yes", {{"\x1b[A\n"}, leave}},
        {"Tab completes nothing", {{"ye\t\n"}, leave}},
        {"Ctrl-L draws again", {{"\x0c"}, leave}},
        {"a very long line", {{std::string(3000, 'y') + "\n", "Not understood", true}, leave}, exited(5), 120},
        {"Escape", {{"\x1b\x1b\n"}, leave}},
    });
}

TEST_CASE("adverse keys: what was typed or pasted before it was asked for") {
    play_all({
        {"typed ahead", {leave}, exited(5), 80, {}, "yes\n"},
        {"typed ahead, often", {leave}, exited(5), 80, {}, "\nyes\nyes\nyes\nyes\n"},
        {"pasted lines with the word in them", {{"ls -la\nyes\nyes\n", "Not understood", true}, leave}},
        {"a pasted paragraph", {{"first\nsecond\nyes\nthird\n", "Not understood", true}, leave}},
        {"typed ahead in the menu", {{"q\n", menu}, leave}, exited(5), 80, {}, "", true},
        {"typed ahead on a dumb terminal", {leave}, exited(5), 80, {dumb}, "yes\nyes\n"},
    });
}

TEST_CASE("adverse keys: ends of all kinds") {
    play_all({
        {"Ctrl-C", {{"\x03", ""}}, exited(130)},
        {"Ctrl-C twice", {{"\x03\x03", ""}}, exited(130)},
        {"Ctrl-C behind the word", {{"yes\x03", ""}}, exited(130)},
        {"Ctrl-D", {{"\x04", ""}}},
        {"Ctrl-D in the menu's question", {{"\x04", menu}, {"\x04", ""}}, exited(5), 80, {}, "", true},
        {"Ctrl-C in the menu's question", {{"\x03", ""}}, exited(130), 80, {}, "", true},
        {"quit", {{"quit\n", ""}}},
        {"skip, with a reason that says yes", {{"n\n", "Why not?"}, {"yes\n", ""}}},
        {"skip, and Ctrl-C at the reason", {{"n\n", "Why not?"}, {"\x03", ""}}, exited(130)},
    });
}

TEST_CASE("adverse keys: narrow, plain and ASCII terminals") {
    play_all({
        {"50 columns", {{"\n"}, {"y\n", "whole word", true}, leave}, exited(5), 50},
        {"50 columns, typed ahead", {{"\x03", ""}}, exited(130), 50, {}, "yes\n"},
        {"no UTF-8", {{"y\xc3\xa9s\n"}, leave}, exited(5), 80, {ascii}},
        {"dumb", {{"\n"}, {"y\n", "whole word", true}, leave}, exited(5), 80, {dumb}},
        {"dumb, Ctrl-C", {{"yes\x03", ""}}, exited(130), 80, {dumb}},
        {"dumb, no UTF-8, 50 columns", {{"ja\n", "Not understood", true}, {"\x04", ""}}, exited(5), 50, {dumb, ascii}},
    });
}

TEST_CASE("adverse keys: resized, stopped, hung up and ended from outside") {
    for (const int signal : {SIGHUP, SIGTERM}) {
        const WatchedDocker host;
        Pty terminal(run_on(host, {"signal", {}, {}, 80, {}, "", false}), 80, 40);
        terminal.expect(question, a_while);
        terminal.send("yes");
        terminal.session().signal(signal);
        CHECK(terminal.wait(a_while) == exited(128 + signal));
        CHECK(terminal.what_is_not_restored() == "");
        CHECK(host.changes().empty());
    }
    const WatchedDocker host;
    Pty terminal(run_on(host, {"resize", {}, {}, 100, {}, "", false}), 100, 40);
    terminal.expect(question, a_while);
    terminal.send("yes");
    terminal.resize(50, 20);
    terminal.send("\x15");
    terminal.resize(120, 30);
    terminal.send("q\n");
    CHECK(terminal.wait(a_while) == exited(5));
    CHECK(terminal.what_is_not_restored() == "");
    CHECK(host.changes().empty());
}
