// The option fix-leak: a person hunts a leak with the application's own endpoint.
#include "shop.h"
#include "support/pty.h"

#include <catch2/catch.hpp>

using namespace memrb::test;

namespace {

constexpr std::chrono::seconds a_while(60);

}  // namespace

TEST_CASE("a leak hunt shows the line that allocated most") {
    const auto lab = DockerLab::open({"python", "redis"});
    if (!lab) {
        return;
    }
    const Shop shop(lab);
    Pty terminal(shop.ask("fix-leak"), 100, 60);
    terminal.expect("until the memory has clearly grown", a_while);
    terminal.expect("Done?", a_while);
    (void)shop.tell("/leak?bytes=30000000");
    terminal.send("done\n");
    terminal.expect("app.py", a_while);  // the line that leaks, before anybody is asked what was found
    for (const char* task : {"Compare two snapshots", "Fix the code", "Watch the memory"}) {
        terminal.expect(task, a_while);
        terminal.expect("Done?", a_while);
        terminal.send("done\n");
    }
    (void)terminal.wait(a_while);
    INFO(terminal.transcript());
    CHECK(terminal.transcript().find("fix-leak.snapshot says:\n  28.8 MiB in ") != std::string::npos);
    CHECK(terminal.transcript().find(" blocks: /app/app.py:") != std::string::npos);
    CHECK(terminal.what_is_not_restored() == "");
}
