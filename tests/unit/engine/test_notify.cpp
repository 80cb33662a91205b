#include "engine/notify.h"

#include "scripted_runner.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memrb;
using namespace memrb::test;
using namespace std::chrono_literals;
using engine::Channel;
using nlohmann::json;

namespace {

constexpr const char* secret_path = "services/T0001/B0002/aVerySecretWord99";
constexpr const char* routing_key = "0123456789abcdef0123456789abcdef";

Channel slack() {
    return {Channel::Kind::slack, std::string("https://hooks.example.com/") + secret_path, ""};
}
Channel pagerduty() {
    return {Channel::Kind::pagerduty, std::string(engine::pagerduty_events), routing_key};
}

engine::Message message() {
    return {"memory of backend: critical",
            "Incident k7f2\nState: CRITICAL <!channel> a & b\n",
            "backend",
            "critical",
            "memrb-k7f2",
            Timestamp{std::chrono::hours(480'000)}};
}

Outcome throttled(const std::string& seconds) {
    Outcome outcome = answered(429, "slow down");
    outcome.headers = {{"retry-after", seconds}};
    return outcome;
}

struct Sent {
    Notified told;
    std::vector<Milliseconds> waits;
    std::vector<std::string> said;
    std::size_t requests = 0;
};

Sent send(ScriptedRunner& runner, const Channel& channel, const engine::Patience& patience = {}) {
    const ManualStop stop;
    Sent sent;
    sent.told = engine::deliver(channel, message(), runner, stop, patience,
                                [&](const std::string& said) { sent.said.push_back(said); });
    for (const auto& call : runner.calls()) {
        if (const auto* wait = std::get_if<Wait>(&call.request)) {
            sent.waits.push_back(wait->duration);
        } else {
            ++sent.requests;
        }
    }
    CHECK(runner.unexpected().empty());
    CHECK(runner.unused().empty());
    const std::string all = sent.told.why + sent.told.dedup_key;
    CHECK(all.find("aVerySecretWord99") == std::string::npos);
    CHECK(all.find(routing_key) == std::string::npos);
    for (const auto& said : sent.said) {
        CHECK(said.find("aVerySecretWord99") == std::string::npos);
        CHECK(said.find(routing_key) == std::string::npos);
    }
    return sent;
}

using Waits = std::vector<Milliseconds>;

}  // namespace

TEST_CASE("Slack gets one text in which nothing calls a channel") {
    const auto request = engine::request_for(slack(), message());
    CHECK(request.method == "POST");
    CHECK(request.url == slack().url);
    CHECK(request.headers == Pairs{{"Content-Type", "application/json"}});
    const auto body = json::parse(request.body);
    CHECK(body.size() == 1);
    CHECK(body.at("text") == "Incident k7f2\nState: CRITICAL &lt;!channel&gt; a &amp; b\n");
}

TEST_CASE("PagerDuty gets a trigger with the incident as its dedup key") {
    const auto body = json::parse(engine::request_for(pagerduty(), message()).body);
    CHECK(body.at("routing_key") == routing_key);
    CHECK(body.at("event_action") == "trigger");
    CHECK(body.at("dedup_key") == "memrb-k7f2");
    CHECK(body.at("payload").at("summary") == "memory of backend: critical");
    CHECK(body.at("payload").at("source") == "backend");
    CHECK(body.at("payload").at("severity") == "critical");
    CHECK(body.at("payload").at("custom_details").at("handoff") == message().text);
}

TEST_CASE("the preview has the host and the text, and no secret") {
    const auto of_slack = engine::preview_of(slack(), message());
    CHECK(of_slack.find("hooks.example.com") != std::string::npos);
    CHECK(of_slack.find("State: CRITICAL <!channel>") != std::string::npos);
    CHECK(of_slack.find("services") == std::string::npos);
    CHECK(of_slack.find("aVerySecretWord99") == std::string::npos);
    const auto of_pagerduty = engine::preview_of(pagerduty(), message());
    CHECK(of_pagerduty.find("events.pagerduty.com") != std::string::npos);
    CHECK(of_pagerduty.find("trigger memrb-k7f2, severity critical, source backend") != std::string::npos);
    CHECK(of_pagerduty.find(routing_key) == std::string::npos);
}

TEST_CASE("a message that arrives at once is one request") {
    ScriptedRunner runner;
    runner.on("notify.slack", answered(200, "ok"));
    const auto sent = send(runner, slack());
    CHECK(sent.told.result == Notified::Result::delivered);
    CHECK(sent.told.channel == "slack");
    CHECK(sent.told.attempts == 1);
    CHECK(sent.told.status == 200);
    CHECK(sent.told.why.empty());
    CHECK(sent.told.dedup_key.empty());
    CHECK(sent.said.empty());
}

TEST_CASE("429 is waited out for as long as the server asks") {
    ScriptedRunner runner;
    runner.on("notify.slack", throttled("7")).on_wait("notify.slack", exited(0)).on("notify.slack", answered(200));
    const auto sent = send(runner, slack());
    CHECK(sent.told.result == Notified::Result::delivered);
    CHECK(sent.told.attempts == 2);
    CHECK(sent.waits == Waits{7s});
    REQUIRE(sent.said.size() == 1);
    CHECK(sent.said[0] == "HTTP 429: slow down; again in 7.0 s");
}

TEST_CASE("without a number, and after 5xx or no connection, the pauses double") {
    ScriptedRunner runner;
    runner.on("notify.slack", throttled("soon"))
        .on_wait("notify.slack", exited(0))
        .on("notify.slack", answered(503))
        .on_wait("notify.slack", exited(0))
        .on("notify.slack", ended(NotStarted{.why = "cannot connect to hooks.example.com: connection refused"}))
        .on_wait("notify.slack", exited(0))
        .on("notify.slack", answered(200));
    const auto sent = send(runner, slack());
    CHECK(sent.told.result == Notified::Result::delivered);
    CHECK(sent.told.attempts == 4);
    CHECK(sent.waits == Waits{1s, 2s, 4s});
}

TEST_CASE("it gives up after the last attempt, and says what was answered") {
    ScriptedRunner runner;
    for (int i = 0; i < 4; ++i) {
        runner.on("notify.slack", answered(500, "oops"));
    }
    for (int i = 0; i < 3; ++i) {
        runner.on_wait("notify.slack", exited(0));
    }
    const auto sent = send(runner, slack());
    CHECK(sent.told.result == Notified::Result::failed);
    CHECK(sent.told.attempts == 4);
    CHECK(sent.told.status == 500);
    CHECK(sent.told.why == "HTTP 500: oops (4 attempts)");
}

TEST_CASE("a server that asks for more patience than there is ends it at once") {
    ScriptedRunner runner;
    runner.on("notify.slack", throttled("3600"));
    const auto sent = send(runner, slack());
    CHECK(sent.told.result == Notified::Result::failed);
    CHECK(sent.told.attempts == 1);
    CHECK(sent.told.why == "HTTP 429: slow down (it asks to wait for 1h)");
}

TEST_CASE("what a 4xx says is told, and it is not tried again") {
    for (const int status : {400, 403, 404, 410}) {
        ScriptedRunner runner;
        runner.on("notify.slack", answered(status, "no_service\n"));
        const auto sent = send(runner, slack());
        CHECK(sent.told.result == Notified::Result::failed);
        CHECK(sent.told.attempts == 1);
        CHECK(sent.told.why == "HTTP " + std::to_string(status) + ": no_service");
    }
    ScriptedRunner runner;
    runner.on("notify.pagerduty",
              answered(400, R"({"status":"invalid event","message":"Event object is invalid","errors":["bad key"]})"));
    CHECK(send(runner, pagerduty()).told.why == "HTTP 400: Event object is invalid; bad key");
}

TEST_CASE("a redirect is no delivery") {
    ScriptedRunner runner;
    runner.on("notify.slack", answered(302));
    CHECK(send(runner, slack()).told.result == Notified::Result::failed);
}

TEST_CASE("an answer that repeats the secret does not bring it into the record, also where it is cut") {
    for (const std::string& lead : {std::string(), std::string(190, 'x'), std::string(170, 'x')}) {
        ScriptedRunner runner;
        runner.on("notify.slack", answered(404, lead + "no hook /" + secret_path + " nor aVerySecretWord99"));
        const auto sent = send(runner, slack());
        CHECK(sent.told.why.find("aVerySec") == std::string::npos);
        CHECK(sent.told.why.find("T0001") == std::string::npos);
    }
    ScriptedRunner runner;
    runner.on("notify.pagerduty", answered(400, std::string(185, 'x') + " key " + routing_key));
    CHECK(send(runner, pagerduty()).told.why.find("0123456789") == std::string::npos);
}

TEST_CASE("a message to Slack that was sent but not answered is not sent twice") {
    ScriptedRunner runner;
    runner.on("notify.slack", ended(Unknown{"no answer came in time"}));
    const auto sent = send(runner, slack());
    CHECK(sent.told.result == Notified::Result::unknown);
    CHECK(sent.told.attempts == 1);
    CHECK(sent.told.why == "no answer came in time: it may have arrived");
    CHECK_FALSE(sent.told.status);
}

TEST_CASE("to PagerDuty it is: the dedup key makes one alert of them") {
    ScriptedRunner runner;
    runner.on("notify.pagerduty", ended(Unknown{"the answer broke off"}))
        .on_wait("notify.pagerduty", exited(0))
        .on("notify.pagerduty", answered(202, R"({"status":"success"})"));
    const auto sent = send(runner, pagerduty());
    CHECK(sent.told.result == Notified::Result::delivered);
    CHECK(sent.told.dedup_key == "memrb-k7f2");
    CHECK(sent.told.attempts == 2);
}

TEST_CASE("an earlier attempt without an answer is not forgotten when a later one fails") {
    ScriptedRunner runner;
    runner.on("notify.pagerduty", ended(Unknown{"the answer broke off"}))
        .on_wait("notify.pagerduty", exited(0))
        .on("notify.pagerduty", ended(NotStarted{.why = "libcurl is not installed", .missing_tool = true}));
    CHECK(send(runner, pagerduty()).told.result == Notified::Result::unknown);
}

TEST_CASE("Ctrl-C ends it, before the message and in a pause") {
    ScriptedRunner before;
    before.on("notify.slack", ended(Interrupted{}));
    const auto first = send(before, slack());
    CHECK(first.told.result == Notified::Result::failed);
    CHECK(first.requests == 1);
    ScriptedRunner in_pause;
    in_pause.on("notify.slack", answered(503)).on_wait("notify.slack", ended(Interrupted{}));
    const auto second = send(in_pause, slack());
    CHECK(second.told.result == Notified::Result::failed);
    CHECK(second.told.why.find("interrupted before the next attempt") != std::string::npos);
}

TEST_CASE("a long handoff is cut at a line, with the way to the rest") {
    Standing standing;
    standing.incident = "k7f2";
    std::string text;
    for (int i = 0; i < 500; ++i) {
        text += "- line number " + std::to_string(i) + "\n";
    }
    const auto cut = engine::message_about(standing, text, {});
    CHECK(cut.text.size() < 3600);
    CHECK(cut.text.ends_with("\n... all of it: memrb escalate k7f2"));
    CHECK(engine::message_about(standing, "short\n", {}).text == "short\n");
}

TEST_CASE("summary and severity follow the level") {
    Standing standing;
    standing.incident = "k7f2";
    standing.target.emplace();
    standing.target->name = "backend";
    CHECK(engine::message_about(standing, "", {}).severity == "error");
    standing.assessment.emplace();
    standing.assessment->level = Level::critical;
    standing.assessment->ratio = 0.97;
    standing.assessment->oom.verdict = OomAssessment::Verdict::confirmed;
    standing.assessment->oom.count = 3;
    const auto message = engine::message_about(standing, "", {});
    CHECK(message.severity == "critical");
    CHECK(message.summary == "memory of backend: critical, 97 % of its limit, 3 OOM kills (incident k7f2)");
    CHECK(message.dedup_key == "memrb-k7f2");
    standing.assessment->level = Level::warning;
    CHECK(engine::message_about(standing, "", {}).severity == "warning");
    standing.assessment->level = Level::unknown;
    CHECK(engine::message_about(standing, "", {}).severity == "error");
    standing.assessment->level = Level::ok;
    CHECK(engine::message_about(standing, "", {}).severity == "info");
}
