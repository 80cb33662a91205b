#include "engine/standing.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon{std::chrono::hours(480'000)};

Standing after(std::vector<EventBody> bodies) {
    std::vector<Event> events;
    for (auto& body : bodies) {
        const auto seq = events.size() + 1;
        events.push_back({seq, noon + std::chrono::seconds(seq), std::move(body)});
    }
    return engine::standing_of(events, "/state/k7f2");
}

IncidentOpened opened() {
    return {"k7f2", "live", "0.1.0", "container-high-memory", "d1", "shipped", {}};
}

StepStarted begin(const std::string& step, Risk risk) {
    return {step, "Title of " + step, "docker", risk, Command{}, 30s};
}

StepFinished end(const std::string& step, StepStatus status, int code, const std::string& note = {}) {
    Outcome outcome;
    outcome.ending = Exited{code};
    return {step, status, outcome, note, {}, {}};
}

// `step answer status said` of each.
std::vector<std::string> told(const Standing& standing) {
    std::vector<std::string> all;
    for (const auto& step : standing.tried) {
        all.push_back(step.step + "|" + step.answer + "|" +
                      (step.status  ? std::string(to_string(*step.status))
                       : step.begun ? "begun"
                                    : "-") +
                      "|" + step.said);
    }
    return all;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("what a record begins with is kept, and a second opening keeps the first moment") {
    const auto standing = after({opened(), NoteAdded{"TODO x"}, opened(), IncidentClosed{5, "quit"}});
    CHECK(standing.incident == "k7f2");
    CHECK(standing.opened == noon + 1s);
    CHECK(standing.runbook_id == "container-high-memory");
    CHECK(standing.runbook_digest == "d1");
    CHECK(standing.folder == "/state/k7f2");
    REQUIRE(standing.notes.size() == 1);
    CHECK(standing.notes[0].at == noon + 2s);
    REQUIRE(standing.closed);
    CHECK(standing.closed->exit_code == 5);
}

TEST_CASE("reads of a diagnosis are not what was tried") {
    CHECK(told(after({opened(), begin("usage.stats", Risk::read), end("usage.stats", StepStatus::ok, 0)})).empty());
}

TEST_CASE("a change that was agreed to, its end, and the checks that followed") {
    const auto standing =
        after({opened(), Decided{"restart.compose", "run", ""}, begin("restart.compose", Risk::disruptive),
               end("restart.compose", StepStatus::ok, 0, "restarted"), begin("restart.running", Risk::read),
               end("restart.running", StepStatus::failed, 1)});
    CHECK(told(standing) == Lines{"restart.compose|run|ok|restarted", "restart.running|check|failed|exit 1"});
    CHECK(standing.tried[0].title == "Title of restart.compose");
}

TEST_CASE("a change whose end is not on record is not called done") {
    CHECK(told(after({opened(), Decided{"restart.a", "run", ""}, begin("restart.a", Risk::disruptive)})) ==
          Lines{"restart.a|run|begun|"});
    CHECK(told(after({opened(), Decided{"restart.a", "run", ""}})) == Lines{"restart.a|run|-|"});
}

TEST_CASE("a change without a recorded decision is told all the same") {
    CHECK(told(after({opened(), begin("restart.a", Risk::reversible), end("restart.a", StepStatus::failed, 2)})) ==
          Lines{"restart.a|run|failed|exit 2"});
}

TEST_CASE("the same change twice is two") {
    const auto standing = after({opened(), Decided{"restart.a", "run", ""}, begin("restart.a", Risk::disruptive),
                                 end("restart.a", StepStatus::failed, 1), Decided{"restart.a", "run", ""},
                                 begin("restart.a", Risk::disruptive), end("restart.a", StepStatus::ok, 0)});
    CHECK(told(standing) == Lines{"restart.a|run|failed|exit 1", "restart.a|run|ok|"});
}

TEST_CASE("what was left out, refused or done by hand, with its reason") {
    const auto standing =
        after({opened(), Decided{"restart.a", "skip", "traffic is high"},
               StepSkipped{"restart.a", "Restart", StepStatus::skipped, "skipped: traffic is high"},
               Decided{"raise-limit.b", "edit", "update x -> update y"},
               Decided{"raise-limit.b", "refused", "--max-risk"}, Decided{"rollback.c", "by hand", "by the deploy job"},
               begin("rollback.seen", Risk::read), end("rollback.seen", StepStatus::ok, 0, "gone")});
    CHECK(told(standing) == Lines{"restart.a|skip|skipped|skipped: traffic is high", "raise-limit.b|refused|-|",
                                  "rollback.c|by hand|-|", "rollback.seen|check|ok|gone"});
    CHECK(standing.tried[0].why == "traffic is high");
}

TEST_CASE("a read of an option of which nothing was done is no check") {
    CHECK(told(after({opened(), Decided{"restart.a", "skip", ""}, begin("restart.seen", Risk::read),
                      end("restart.seen", StepStatus::ok, 0)})) == Lines{"restart.a|skip|-|"});
}

TEST_CASE("messages, tasks and the last watch are kept") {
    WatchEnded watched;
    watched.result.recovery = Recovery::relapsed;
    const auto standing = after({opened(), Escalated{"menu", {"lead"}},
                                 Notified{"lead", "slack", Notified::Result::delivered, 1, 200, "", ""}, watched,
                                 TaskSet{"document", true, ""}, TaskSet{"document", false, "not yet"}});
    REQUIRE(standing.escalated.size() == 1);
    REQUIRE(standing.messages.size() == 1);
    CHECK(standing.messages[0].at == noon + 3s);
    REQUIRE(standing.watched);
    CHECK(standing.watched->recovery == Recovery::relapsed);
    REQUIRE(standing.tasks.size() == 1);
    CHECK_FALSE(standing.tasks.at("document").done);
    CHECK(standing.tasks.at("document").note == "not yet");
}
