// `memrb escalate` and `x` at the menu, typed in a pseudo-terminal.
#include "fake_docker.h"
#include "slack_contact.h"
#include "support/pty.h"

#include <fmt/core.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

using namespace memrb;
using namespace memrb::test;

TEST_CASE("in a terminal nothing but the whole word sends it") {
    HttpServer server;
    server.on(fmt::format("POST {}", secret_path), {200, "ok"});
    const IncidentHome home;
    home.config(slack_config);
    Pty terminal(notify(home, server, {}));
    terminal.expect("Type yes to send it [yes, n]: ");
    CHECK(server.requests().empty());
    terminal.send("y\n");
    terminal.expect("Nothing was sent. Type the whole word");
    terminal.expect("Type yes to send it");
    terminal.send("\n");
    terminal.expect("Type yes to send it");
    CHECK(server.requests().empty());
    terminal.send("yes\n");
    terminal.expect("backend_lead by slack: delivered");
    CHECK(terminal.wait() == exited(8));
    CHECK(terminal.what_is_not_restored() == "");
    CHECK(terminal.raw().find(secret_word) == std::string::npos);
}

TEST_CASE("declined is 5, Ctrl-C is 130, and neither is recorded as an escalation") {
    for (const auto& [keys, code] : {std::pair{"n\n", 5}, {"\x04", 5}, {"\x03", 130}}) {
        HttpServer server;
        const IncidentHome home;
        home.config(slack_config);
        Pty terminal(notify(home, server, {}));
        terminal.expect("Type yes to send it");
        terminal.send(keys);
        CHECK(terminal.wait() == exited(code));
        CHECK(terminal.what_is_not_restored() == "");
        CHECK(server.requests().empty());
        CHECK(home.events("escalated").empty());
    }
}

TEST_CASE("x at the menu of a replay shows the handoff, notifies nobody, and leaving is 8") {
    Pty terminal(run_memrb({"diagnose", "backend", "--replay", "demo"}));
    terminal.expect("T+5m is due now (the limit may be reached in ");
    terminal.expect("Choose [1-");
    terminal.send("x\n");
    terminal.expect("Incident: 5arb, backend on docker");
    terminal.expect("(replay)");
    terminal.expect("Call:");
    terminal.expect("This is a replay: nobody is notified.");
    terminal.expect("Choose [1-");
    terminal.send("q\n");
    CHECK(terminal.wait() == exited(8));
    CHECK(terminal.what_is_not_restored() == "");
}

TEST_CASE("x at the menu notifies whom the person names, and the ladder forgets that rung") {
    HttpServer prometheus;
    answer_as_healthy(prometheus);
    HttpServer slack;
    slack.on(fmt::format("POST {}", secret_path), {200, "ok"});
    const FakeDocker docker;
    const TempDir home;
    home.write("config/memrb/config.yaml", slack_config);
    std::ifstream shipped("runbooks/container-high-memory.yaml");
    std::string runbook{std::istreambuf_iterator<char>(shipped), {}};
    const std::string above = "{at: 80%, for: 5m, level: warning}";
    REQUIRE(runbook.find(above) != std::string::npos);
    runbook.replace(runbook.find(above), above.size(), "{at: 72%, for: 5m, level: warning}");  // the engine says 74 %
    home.write("runbook.yaml", runbook);
    Pty terminal(docker.diagnose({"-r", home.path() / "runbook.yaml", "--set", "prometheus=" + prometheus.url()})
                     .home(home.path())
                     .env("HOOK", slack.url() + secret_path));
    terminal.expect("T+0 is due: relieve it", std::chrono::seconds(60));
    terminal.expect("Choose [");
    terminal.send("# TODO look at the cache\n");
    terminal.expect("Noted.");
    terminal.send("x\n");
    terminal.expect("Incident: ");
    terminal.expect("TODO look at the cache");
    terminal.expect("Notify [backend_lead, Enter: nobody]: ");
    terminal.send("backend_lead\n");
    terminal.expect("Type yes to send it");
    terminal.send("yes\n");
    terminal.expect("backend_lead by slack: delivered");
    terminal.expect("Choose [");
    terminal.send("x nobody_knows\n");
    terminal.expect("there is no contact `nobody_knows`");
    terminal.expect("Choose [");
    terminal.send("q\n");
    CHECK(terminal.wait() == exited(8));
    CHECK(terminal.raw().find(secret_word) == std::string::npos);
    CHECK(slack.requests().size() == 1);
}
