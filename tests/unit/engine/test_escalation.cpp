// The ladder on a virtual clock: nothing here asks what time it is.
#include "engine/escalation.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace memrb;
using namespace std::chrono_literals;
using engine::LadderFacts;

namespace {

constexpr Timestamp noon{std::chrono::hours(480'000)};

std::vector<Rung> ladder() {
    return {{0min, "relieve it", ""},
            {5min, "bring in the team", "lead"},
            {15min, "ask for memory", "infra"},
            {30min, "hand over", "on_call"}};
}

LadderFacts facts() {
    LadderFacts facts;
    facts.began = noon;
    return facts;
}

// `+` due, `-` not yet, `x` done, `!` pulled forward; for each rung.
std::string marks(const LadderFacts& facts, Milliseconds after) {
    std::string text;
    for (const auto& rung : engine::climb(ladder(), facts, noon + after)) {
        text += rung.done ? 'x' : !rung.due ? '-' : rung.pulled.empty() ? '+' : '!';
    }
    return text;
}

Milliseconds present(const LadderFacts& facts, Milliseconds after) {
    const auto rungs = engine::climb(ladder(), facts, noon + after);
    const RungState* rung = engine::present_rung(rungs);
    return rung == nullptr ? -1ms : rung->rung.after;
}

}  // namespace

TEST_CASE("a rung is due when its time has come, not a moment before") {
    CHECK(marks(facts(), 0min) == "+---");
    CHECK(marks(facts(), 5min - 1ms) == "+---");
    CHECK(marks(facts(), 5min) == "++--");
    CHECK(marks(facts(), 15min) == "+++-");
    CHECK(marks(facts(), 10h) == "++++");
}

TEST_CASE("before the incident began nothing is due") {
    CHECK(marks(facts(), -1ms) == "----");
}

TEST_CASE("the highest due rung is shown, and when it is done the next") {
    LadderFacts now = facts();
    CHECK(present(now, 1min) == 0min);
    CHECK(present(now, 16min) == 15min);
    now.notified = {"infra"};
    CHECK(present(now, 16min) == 5min);  // the lead was never called
    now.notified = {"infra", "lead"};
    now.acted = true;
    CHECK(marks(now, 16min) == "xxx-");
    CHECK(present(now, 16min) == 30min);
    now.notified.insert("on_call");
    CHECK(present(now, 16min) == -1ms);
}

TEST_CASE("a limit that may be reached before pulls the next rung forward, and only that one") {
    LadderFacts now = facts();
    now.limit_at = noon + 4min;
    CHECK(marks(now, 1min) == "+!--");
    CHECK(engine::climb(ladder(), now, noon + 1min)[1].pulled == "the limit may be reached in 3 min, before T+5m");
    CHECK(engine::climb(ladder(), now, noon + 4min)[1].pulled ==
          "the limit may have been reached already, before T+5m");
    now.notified = {"lead"};
    CHECK(marks(now, 1min) == "+x--");  // those above wait for their time
    CHECK(marks(now, 6min) == "+x!-");
}

TEST_CASE("a limit at or behind the time of the next rung pulls nothing") {
    LadderFacts now = facts();
    now.limit_at = noon + 5min;
    CHECK(marks(now, 1min) == "+---");
    now.limit_at = noon + 7min;
    CHECK(marks(now, 1min) == "+---");
    CHECK(marks(now, 5min) == "++!-");
}

TEST_CASE("an empty ladder has nothing to show") {
    const std::vector<Rung> none;
    CHECK(engine::climb(none, facts(), noon).empty());
    CHECK(engine::present_rung({}) == nullptr);
}

TEST_CASE("the low end of the time to limit counts from the moment of the judgement") {
    Standing standing;
    standing.opened = noon;
    standing.assessed = noon + 10s;
    CHECK_FALSE(engine::ladder_facts(standing).limit_at);
    Assessment known;
    standing.assessment = known;
    CHECK_FALSE(engine::ladder_facts(standing).limit_at);
    standing.assessment->trend.seconds_to_limit = Interval{420, 600, std::numeric_limits<double>::infinity()};
    CHECK(engine::ladder_facts(standing).limit_at == noon + 430s);
    for (const double odd :
         {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN(), 1e300}) {
        standing.assessment->trend.seconds_to_limit = Interval{odd, odd, odd};
        CHECK_FALSE(engine::ladder_facts(standing).limit_at);
    }
    standing.assessment->level = Level::oom;
    CHECK(engine::ladder_facts(standing).limit_at == noon + 10s);
}

TEST_CASE("only a message that arrived makes a rung done") {
    Standing standing;
    standing.messages = {{noon, {"lead", "slack", Notified::Result::failed, 4, 500, "HTTP 500", ""}},
                         {noon, {"infra", "slack", Notified::Result::unknown, 1, std::nullopt, "lost", ""}}};
    CHECK(engine::ladder_facts(standing).notified.empty());
    standing.messages.push_back({noon, {"lead", "slack", Notified::Result::delivered, 1, 200, "", ""}});
    CHECK(engine::ladder_facts(standing).notified == std::set<std::string>{"lead"});
}

TEST_CASE("a change that was agreed to or done by hand is an act, a skipped one is none") {
    Standing standing;
    standing.tried.push_back({noon, "restart.a", "", "skip", "", false, std::nullopt, ""});
    CHECK_FALSE(engine::ladder_facts(standing).acted);
    standing.tried.push_back({noon, "restart.b", "", "by hand", "", false, std::nullopt, ""});
    CHECK(engine::ladder_facts(standing).acted);
}

TEST_CASE("a service that is known to be well needs no ladder, one that is not known does") {
    Standing standing;
    CHECK_FALSE(engine::calls_for_help(standing));
    standing.assessment.emplace();
    CHECK(engine::calls_for_help(standing));  // level unknown
    for (const Level calm : {Level::ok, Level::watch}) {
        standing.assessment->level = calm;
        CHECK_FALSE(engine::calls_for_help(standing));
    }
    standing.assessment->oom.verdict = OomAssessment::Verdict::confirmed;
    CHECK(engine::calls_for_help(standing));
    standing.assessment->oom.verdict = OomAssessment::Verdict::none;
    standing.assessment->level = Level::warning;
    CHECK(engine::calls_for_help(standing));
}

TEST_CASE("which notes are tasks") {
    CHECK(engine::todo_of("TODO fix the cache") == "fix the cache");
    CHECK(engine::todo_of("# TODO fix the cache") == "fix the cache");
    CHECK(engine::todo_of("  #TODO: fix the cache ") == "fix the cache");
    for (const char* note : {"", "TODO", "# TODO: ", "TODOs are many", "fix it, TODO", "todo lower", "looked at it"}) {
        INFO(note);
        CHECK_FALSE(engine::todo_of(note));
    }
}

TEST_CASE("the checklist comes first, then the notes, each task once and with its state") {
    Standing standing;
    standing.notes = {
        {noon, "seen"}, {noon, "TODO tell the team"}, {noon, "TODO tell the team"}, {noon, "TODO right-size"}};
    standing.tasks["right-size"] = {noon + 1h, true, "768 MiB"};
    standing.tasks["an old item"] = {noon, false, ""};
    const std::vector<std::string> checklist{"document", "right-size"};
    const auto tasks = engine::tasks_of(checklist, standing);
    REQUIRE(tasks.size() == 4);
    CHECK(tasks[0].text == "document");
    CHECK_FALSE(tasks[0].done);
    CHECK_FALSE(tasks[0].at);
    CHECK(tasks[1].text == "right-size");
    CHECK(tasks[1].done);
    CHECK(tasks[1].at == noon + 1h);
    CHECK(tasks[1].note == "768 MiB");
    CHECK_FALSE(tasks[1].from_note);
    CHECK(tasks[2].text == "tell the team");
    CHECK(tasks[2].from_note);
    CHECK(tasks[3].text == "an old item");
}
