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

}  // namespace

TEST_CASE("a drill is played by keys, with the mark before each line and before the prompt") {
    Pty terminal(drill(), 100, 40);
    terminal.expect("HighMemoryUsage", patience);
    terminal.expect("[DRILL] Choose [1-", patience);
    terminal.send("!cause leak\r");
    terminal.expect("Your verdict: leak in backend.");
    terminal.expect("[DRILL] Choose [1-", patience);
    terminal.send("restart\r");
    terminal.expect("Type yes to run", patience);
    terminal.send("yes\r");
    terminal.expect("restart applied", patience);
    terminal.expect("Watch whether it recovers", patience);
    terminal.send("\r");
    terminal.expect("RECOVERED", patience);
    terminal.expect("[DRILL] Choose [1-", patience);
    terminal.send("q\r");
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
    terminal.expect("[DRILL] Choose [1-", patience);
    terminal.send("\x03");
    terminal.expect("You named no cause.", patience);
    terminal.expect("Score: 0 of 100");
    CHECK(terminal.wait(patience) == exited(130));
    CHECK(terminal.what_is_not_restored() == "");
    CHECK(terminal.transcript().find("memrb resume") == std::string::npos);
}

TEST_CASE("who leaves without a verdict is asked for one") {
    Pty terminal(drill(), 100, 40);
    terminal.expect("[DRILL] Choose [1-", patience);
    terminal.send("q\r");
    terminal.expect("What was the cause? [", patience);
    terminal.send("leek\r");
    terminal.expect("did you mean `leak`?", patience);
    terminal.send("leak\r");
    terminal.expect("You said: leak in backend: right.", patience);
    CHECK(terminal.wait(patience) == exited(0));
}
