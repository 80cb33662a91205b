// A drill played by keys in a pseudo-terminal.
#include "support/pty.h"

#include <catch2/catch.hpp>
#include <sstream>

using namespace memrb;
using namespace memrb::test;

namespace {

// The engine of the world needs a while in a build with sanitizers.
constexpr Milliseconds patience{60'000};

Run drill() {
    return run_memrb({"drill", "leak", "--seed", "7", "--speed", "max"});
}

/// Waits for a question and types the answer.
void answer(Pty& terminal, std::string_view question, std::string_view keys) {
    terminal.expect(question, patience);
    terminal.send(keys);
}

constexpr std::string_view menu = "[DRILL] Choose [1-";

}  // namespace

TEST_CASE("a drill is played by keys, with the mark before each line and before the prompt") {
    Pty terminal(drill(), 100, 40);
    terminal.expect("HighMemoryUsage", patience);
    answer(terminal, menu, "!cause leak\r");
    terminal.expect("Your verdict: leak in backend.");
    answer(terminal, menu, "restart\r");
    answer(terminal, "Type yes to run", "yes\r");
    terminal.expect("restart applied", patience);
    answer(terminal, "Watch whether it recovers", "\r");
    terminal.expect("RECOVERED", patience);
    answer(terminal, menu, "q\r");
    terminal.expect("Debrief: The backend climbs", patience);
    terminal.expect("Left as it is, it is OOM killed");
    CHECK(terminal.wait(patience) == exited(0));
    CHECK(terminal.what_is_not_restored() == "");
    CHECK(terminal.session().descendants().empty());
    std::istringstream screen(terminal.screen().text());
    for (std::string line; std::getline(screen, line);) {
        INFO(line);
        CHECK((line.empty() || line.starts_with("[DRILL]")));
    }
}

TEST_CASE("Ctrl-C at a drill's prompt is no answer: the debrief is shown, the terminal is as it was") {
    Pty terminal(drill(), 100, 40);
    answer(terminal, menu, "\x03");
    terminal.expect("You named no cause.", patience);
    terminal.expect("Score: 0 of 100");
    CHECK(terminal.wait(patience) == exited(130));
    CHECK(terminal.what_is_not_restored() == "");
    CHECK(terminal.transcript().find("memrb resume") == std::string::npos);
}

TEST_CASE("who leaves without a verdict is asked for one") {
    Pty terminal(drill(), 100, 40);
    answer(terminal, menu, "q\r");
    answer(terminal, "What was the cause? [", "leek\r");
    answer(terminal, "did you mean `leak`?", "leak\r");
    terminal.expect("You said: leak in backend: right.", patience);
    CHECK(terminal.wait(patience) == exited(0));
}

TEST_CASE("a record is decided anew by keys, and the terminal is as it was when it was left") {
    Pty terminal(run_memrb({"drill", "--from", "demo"}), 100, 40);
    answer(terminal, menu, "!cause leak\r");
    terminal.expect("Your verdict: leak in backend.");
    answer(terminal, menu, "restart\r");
    terminal.expect("This leads off the record.", patience);
    terminal.expect("Debrief: incident", patience);
    terminal.expect("You left the record.");
    CHECK(terminal.wait(patience) == exited(0));
    CHECK(terminal.what_is_not_restored() == "");
}
