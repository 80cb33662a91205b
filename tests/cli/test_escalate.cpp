// `memrb escalate` through the real binary: handoffs of a record that another process left, and what is shown and asked
// before a message is sent.
#include "slack_contact.h"
#include "support/descriptor.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::test;
using nlohmann::json;

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

TEST_CASE("a dry run without a contact is what is shown anyway, and writes nothing") {
    const IncidentHome home;
    const auto journal = home.folder() / "journal.jsonl";
    const auto size = std::filesystem::file_size(journal);
    const auto shown = home.memrb({"escalate"}).run();
    const auto dry = home.memrb({"escalate", "--dry-run"}).run();
    INFO(dry.describe());
    CHECK(dry.ending == exited(0));
    CHECK(dry.out.find("backend") != std::string::npos);
    CHECK(dry.out == shown.out);
    CHECK(std::filesystem::file_size(journal) == size);
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
