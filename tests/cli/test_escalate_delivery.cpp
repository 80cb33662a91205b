// What becomes of messages that `memrb escalate` sends to servers on this machine. Wherever a message is sent, its
// secret must be nowhere but in the request.
#include "slack_contact.h"

#include <fmt/core.h>

#include <catch2/catch.hpp>
#include <fstream>

using namespace memrb;
using namespace memrb::test;
using nlohmann::json;

namespace {

std::string pagerduty_config(const HttpServer& server) {
    return fmt::format(
        "contacts:\n  on_call:\n    reach: Pager\n"
        "    pagerduty: {{routing_key_file: secret, url: \"{}/v2/enqueue\"}}\n",
        server.url());
}

}  // namespace

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
