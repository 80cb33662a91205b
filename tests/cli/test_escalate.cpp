// `memrb escalate` and `x`, through the real binary: handoffs of a record that another process left, and messages to
// servers on this machine. Wherever a message is sent, its secret must be nowhere but in the request.
#include "fake_docker.h"
#include "incident_home.h"
#include "support/http_server.h"
#include "support/pty.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace memrb;
using namespace memrb::test;
using nlohmann::json;

namespace {

constexpr const char* secret_word = "aVerySecretWord99";
constexpr const char* secret_path = "/services/T0001/B0002/aVerySecretWord99";
constexpr const char* routing_key = "0123456789abcdef0123456789abcdef";

constexpr const char* slack_config =
    "contacts:\n  backend_lead: {reach: \"Slack @maria\", slack: {webhook_env: HOOK}}\n";

std::string pagerduty_config(const HttpServer& server) {
    return fmt::format(
        "contacts:\n  on_call:\n    reach: Pager\n"
        "    pagerduty: {{routing_key_file: secret, url: \"{}/v2/enqueue\"}}\n",
        server.url());
}

/// Nothing that memrb said or wrote has the secret.
void check_secrecy(const Ran& ran, const IncidentHome& home) {
    for (const char* secret : {secret_word, routing_key}) {
        CHECK(ran.out.find(secret) == std::string::npos);
        CHECK(ran.err.find(secret) == std::string::npos);
        CHECK(home.files_with(secret).empty());
    }
}

Run notify(const IncidentHome& home, const HttpServer& server, std::vector<std::string> flags) {
    std::vector<std::string> words{"escalate", "a2b3", "--notify", "backend_lead"};
    words.insert(words.end(), flags.begin(), flags.end());
    return home.memrb(std::move(words)).env("HOOK", server.url() + secret_path);
}

}  // namespace

TEST_CASE("the handoff of a recorded incident is printed, and nothing is written") {
    const IncidentHome home;
    const auto before = read_file(home.folder() / "journal.jsonl");
    for (const auto& words : {std::vector<std::string>{"escalate"}, {"escalate", "a2b3"}, {"escalate", "a2"}}) {
        const auto ran = home.memrb(words).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(0));
        const auto has = [&](const std::string& text) { return ran.out.find(text) != std::string::npos; };
        CHECK(has("Incident: a2b3, backend on docker, container 1416a0c808b4\n"));
        CHECK(has("Since: 2026-11-21T23:40:02Z ("));
        CHECK(has("OOM: confirmed: "));
        CHECK(has("Trend: "));
        CHECK(has("Likely:\n- "));
        CHECK(has(" confidence: "));
        CHECK(has("Evidence: " + home.folder().string() + "\n"));
        CHECK(has("Tried: nothing yet\n"));
        CHECK(has("T+30m is due"));
        CHECK(has("Escalate when: memory keeps growing after a restart"));
        CHECK(has("- Backend team lead (backend_lead): not configured\n"));
    }
    CHECK(read_file(home.folder() / "journal.jsonl") == before);
}

TEST_CASE("without an incident, or with a wrong one, it says so") {
    const TempDir empty;
    const auto none = run_memrb({"escalate"}).home(empty.path()).run();
    CHECK(none.ending == exited(2));
    CHECK(none.err.find("no incident is recorded yet") != std::string::npos);
    const IncidentHome home;
    const auto wrong = home.memrb({"escalate", "zzzz"}).run();
    CHECK(wrong.ending == exited(2));
}

TEST_CASE("a message is previewed, sent once with --yes, and recorded: exit 8") {
    HttpServer server;
    server.on(fmt::format("POST {}", secret_path), {200, "ok"});
    const IncidentHome home;
    home.config(slack_config);
    const auto ran = notify(home, server, {"--yes"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(8));
    CHECK(ran.err.find("To backend_lead by slack") != std::string::npos);
    CHECK(ran.err.find("Incident: a2b3, backend on docker") != std::string::npos);
    CHECK(ran.err.find("backend_lead by slack: delivered") != std::string::npos);
    check_secrecy(ran, home);
    REQUIRE(server.requests().size() == 1);
    const auto sent = json::parse(server.requests()[0].body);
    CHECK(server.requests()[0].headers.at("content-type") == "application/json");
    CHECK(sent.at("text").get<std::string>().find("Incident: a2b3, backend on docker") == 0);
    CHECK(sent.at("text").get<std::string>().find("(backend_lead): Slack @maria") != std::string::npos);
    REQUIRE(home.events("escalated").size() == 1);
    CHECK(home.events("escalated")[0].at("from") == "command");
    CHECK(home.events("escalated")[0].at("contacts") == json({"backend_lead"}));
    REQUIRE(home.events("notified").size() == 1);
    const auto told = home.events("notified")[0];
    CHECK(told.at("result") == "delivered");
    CHECK(told.at("channel") == "slack");
    CHECK(told.at("status") == 200);
    const auto later = home.memrb({"escalate"}).run();
    CHECK(later.out.find("backend_lead by Slack: delivered") != std::string::npos);
    const auto history = home.memrb({"history", "-o", "json"}).run();
    CHECK(json::parse(history.out).at("incidents").at(0).at("outcome") == "escalated");
}

TEST_CASE("with -o json the handoff is one document, and it tells what became of the messages") {
    HttpServer server;
    server.on(fmt::format("POST {}", secret_path), {200, "ok"});
    const IncidentHome home;
    home.config(slack_config);
    const auto shown = home.memrb({"escalate", "-o", "json"}).run();
    INFO(shown.describe());
    CHECK(shown.ending == exited(0));
    const auto handoff = json::parse(shown.out);
    CHECK(handoff.at("schema") == "memrb/handoff/v1");
    CHECK(handoff.at("incident") == "a2b3");
    CHECK(handoff.at("target").at("name") == "backend");
    CHECK(handoff.at("judged").at("level") == "high");
    CHECK(handoff.at("ladder").size() == 4);
    CHECK(handoff.at("ladder")[1].at("after_ms") == 300'000);
    CHECK(handoff.at("notified").empty());
    CHECK(handoff.at("text").get<std::string>().find("Incident: a2b3, backend on docker") == 0);

    const auto sent = notify(home, server, {"--yes", "-o", "json"}).run();
    INFO(sent.describe());
    CHECK(sent.ending == exited(8));
    check_secrecy(sent, home);
    const auto notified = json::parse(sent.out).at("notified");
    REQUIRE(notified.size() == 1);
    CHECK(notified[0].at("contact") == "backend_lead");
    CHECK(notified[0].at("result") == "delivered");
    CHECK(server.requests().size() == 1);

    const auto dry = notify(home, server, {"--dry-run", "-o", "json"}).run();
    INFO(dry.describe());
    CHECK(dry.ending == exited(0));
    CHECK(json::parse(dry.out).at("notified").size() == 1);  // that of before
    const auto previewed = json::parse(dry.out).at("previewed");
    REQUIRE(previewed.size() == 1);
    CHECK(previewed[0].at("contact") == "backend_lead");
    CHECK(previewed[0].at("status") == "previewed");
    CHECK(previewed[0].at("text").get<std::string>().find("Slack webhook") != std::string::npos);
    CHECK(dry.err.find("A dry run: nothing was sent.") != std::string::npos);
    CHECK(server.requests().size() == 1);

    const auto wrong = home.memrb({"escalate", "--notify", "nobody", "--yes", "-o", "json"}).run();
    CHECK(wrong.ending == exited(2));
    CHECK(wrong.out.empty());
}

TEST_CASE("PagerDuty gets the incident as dedup key, and is tried again when it is busy") {
    HttpServer server;
    server.on("POST /v2/enqueue", {429, "", {{"Retry-After", "0"}}});
    server.on("POST /v2/enqueue", answer_ending(Answer::Ending::close));
    server.on("POST /v2/enqueue", json_answer(R"({"status":"success","message":"Event processed"})", 202));
    const IncidentHome home;
    home.config(pagerduty_config(server));
    std::ofstream(home.path() / "config/memrb/secret") << routing_key << "\n";
    const auto ran = home.memrb({"escalate", "--notify", "on_call", "--yes"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(8));
    check_secrecy(ran, home);
    REQUIRE(server.requests().size() == 3);
    for (const auto& request : server.requests()) {
        const auto body = json::parse(request.body);
        CHECK(body.at("routing_key") == routing_key);
        CHECK(body.at("dedup_key") == "memrb-a2b3");
        CHECK(body.at("event_action") == "trigger");
        CHECK(body.at("payload").at("source") == "backend");
    }
    REQUIRE(home.events("notified").size() == 1);
    CHECK(home.events("notified")[0].at("attempts") == 3);
    CHECK(home.events("notified")[0].at("dedup_key") == "memrb-a2b3");
    CHECK(ran.err.find("HTTP 429; again in 0.0 s") != std::string::npos);
}

TEST_CASE("a dry run shows the message on stdout, sends nothing and records nothing") {
    HttpServer server;  // any request would fail the test
    const IncidentHome home;
    home.config(slack_config);
    const auto before = read_file(home.folder() / "journal.jsonl");
    const auto ran = notify(home, server, {"--dry-run"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    CHECK(ran.out.find("POST to a Slack webhook at 127.0.0.1:") != std::string::npos);
    CHECK(ran.out.find("State: ") != std::string::npos);
    CHECK(ran.out.find("A dry run: nothing was sent.") != std::string::npos);
    check_secrecy(ran, home);
    CHECK(server.requests().empty());
    CHECK(read_file(home.folder() / "journal.jsonl") == before);
}

TEST_CASE("nobody there to agree: exit 4 names the flag, nothing is sent") {
    HttpServer server;
    const IncidentHome home;
    home.config(slack_config);
    const auto ran = notify(home, server, {}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(4));
    CHECK(ran.err.find("agree with --yes") != std::string::npos);
    CHECK(server.requests().empty());
    CHECK(home.events("escalated").empty());
    check_secrecy(ran, home);
}

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

TEST_CASE("what a server refuses is told in one line, recorded, and not tried again") {
    HttpServer server;
    server.on(fmt::format("POST {}", secret_path), {404, std::string("no_service for ") + secret_path});
    const IncidentHome home;
    home.config(slack_config);
    const auto ran = notify(home, server, {"--yes"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(1));
    CHECK(ran.err.find("backend_lead by slack: NOT delivered: HTTP 404: no_service for ") != std::string::npos);
    check_secrecy(ran, home);
    REQUIRE(home.events("notified").size() == 1);
    CHECK(home.events("notified")[0].at("result") == "failed");
    CHECK(home.events("notified")[0].at("status") == 404);
    CHECK(home.memrb({"escalate"}).run().out.find("backend_lead by Slack: failed, HTTP 404") != std::string::npos);
}

TEST_CASE("a server that is down for good is given up, and nothing is lost") {
    HttpServer server;
    for (int i = 0; i < 4; ++i) {
        server.on(fmt::format("POST {}", secret_path), {503, "later", {{"Retry-After", "0"}}});
    }
    const IncidentHome home;
    home.config(slack_config);
    const auto ran = notify(home, server, {"--yes"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(1));
    CHECK(ran.err.find("NOT delivered: HTTP 503: later (4 attempts)") != std::string::npos);
    CHECK(server.requests().size() == 4);
    CHECK(home.events("notified").size() == 1);
    check_secrecy(ran, home);
}

TEST_CASE("a server that takes the message and never answers: nobody says that it was not delivered") {
    HttpServer server;
    server.on(fmt::format("POST {}", secret_path), answer_ending(Answer::Ending::hang));
    const IncidentHome home;
    home.config(slack_config);
    const auto ran = notify(home, server, {"--yes", "--timeout", "2s"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(1));
    CHECK(ran.err.find("not known whether it was delivered: no answer came in\n  time: it may have arrived") !=
          std::string::npos);
    CHECK(home.events("notified").at(0).at("result") == "unknown");
    check_secrecy(ran, home);
}

TEST_CASE("a secret that is missing or none is told by its place, before anything is sent") {
    const IncidentHome home;
    home.config(slack_config);
    const auto unset = home.memrb({"escalate", "--notify", "backend_lead", "--yes"}).run();
    CHECK(unset.ending == exited(2));
    CHECK(unset.err.find("the environment variable HOOK is not set") != std::string::npos);
    for (const std::string& value : {std::string("http://hooks.example.com/") + secret_word, std::string(secret_word),
                                     std::string("https://user@x/") + secret_word}) {
        const auto ran = home.memrb({"escalate", "--notify", "backend_lead", "--yes"}).env("HOOK", value).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(2));
        CHECK(ran.err.find("$HOOK holds no address that begins with https://") != std::string::npos);
        check_secrecy(ran, home);
    }
    home.config("contacts: {on_call: {reach: x, pagerduty: {routing_key_file: secret}}}\n");
    const auto gone = home.memrb({"escalate", "--notify", "on_call", "--yes"}).run();
    CHECK(gone.ending == exited(2));
    CHECK(gone.err.find("config/memrb/secret") != std::string::npos);
    std::ofstream(home.path() / "config/memrb/secret") << "two words " << secret_word;
    const auto odd = home.memrb({"escalate", "--notify", "on_call", "--yes"}).run();
    CHECK(odd.ending == exited(2));
    CHECK(odd.err.find("holds no routing key") != std::string::npos);
    check_secrecy(odd, home);
    CHECK(home.events("escalated").empty());
}

TEST_CASE("a secret that stands in the config by mistake is not shown by the message about it") {
    const IncidentHome home;
    home.config(
        fmt::format("contacts:\n  lead: {{reach: x, slack: {{webhook: \"https://hooks.example.com{}\"}}}}\n"
                    "  pager:\n    reach: x\n    pagerduty:\n      key: {}\n",
                    secret_path, routing_key));
    const auto ran = home.memrb({"escalate", "--notify", "lead"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(2));
    CHECK(ran.err.find("config.yaml:2:28: error: unknown key `webhook`") != std::string::npos);
    CHECK(ran.err.find("^~~~~~~") != std::string::npos);
    CHECK(ran.err.find(secret_word) == std::string::npos);
    CHECK(ran.err.find(routing_key) == std::string::npos);
}

TEST_CASE("a contact that does not exist, or has no channel, is told with what is possible") {
    const IncidentHome home;
    home.config("contacts: {backend_lead: {reach: \"Slack @maria\"}}\n");
    const auto typo = home.memrb({"escalate", "--notify", "backend_laed", "--yes"}).run();
    CHECK(typo.ending == exited(2));
    CHECK(typo.err.find("there is no contact `backend_laed`: did you mean `backend_lead`?") != std::string::npos);
    const auto mute = home.memrb({"escalate", "--notify", "backend_lead", "--yes"}).run();
    CHECK(mute.ending == exited(2));
    CHECK(mute.err.find("memrb has no channel to backend_lead: call them yourself, Slack @maria") != std::string::npos);
    const auto alone = home.memrb({"escalate", "--yes"}).run();
    CHECK(alone.ending == exited(2));
    CHECK(alone.err.find("--yes belongs to --notify") != std::string::npos);
}

TEST_CASE("while another memrb has the record nothing is sent, but the handoff can be read") {
    HttpServer server;
    const IncidentHome home;
    home.config(slack_config);
    const Descriptor lock(::open((home.folder() / "journal.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    REQUIRE(::flock(lock.get(), LOCK_EX | LOCK_NB) == 0);
    const auto ran = notify(home, server, {"--yes"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(7));
    CHECK(ran.err.find("nothing was sent: ") != std::string::npos);
    CHECK(server.requests().empty());
    CHECK(home.memrb({"escalate"}).run().ending == exited(0));
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
