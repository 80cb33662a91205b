#include "engine/interruption.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace std::chrono_literals;
using engine::Progress;

namespace {

constexpr Timestamp noon{std::chrono::hours(480'000)};

Step step(const std::string& id, Risk risk = Risk::disruptive) {
    Step made;
    made.id = id;
    made.risk = risk;
    return made;
}

/// Two options: `all` with a read, three changes, a check and an undo; `other` with one change.
Runbook runbook() {
    Runbook made;
    Option all;
    all.id = "all";
    all.steps = {step("all.look", Risk::read), step("all.c0"), step("all.c1"), step("all.c2")};
    all.verify = {step("all.check", Risk::read)};
    all.undo = {step("all.back")};
    Option other;
    other.id = "other";
    other.steps = {step("other.only")};
    made.options = {all, other};
    return made;
}

using Bodies = std::vector<EventBody>;

Decided run(const std::string& id) {
    return {id, "run", ""};
}

StepStarted begin(const std::string& id, Risk risk = Risk::disruptive) {
    return {id, "", "docker", risk, Command{}, 30s};
}

StepFinished end(const std::string& id, StepStatus status = StepStatus::ok, Ending ending = Exited{0},
                 Pairs captures = {}) {
    Outcome outcome;
    outcome.ending = std::move(ending);
    return {id, status, outcome, "", {}, std::move(captures)};
}

void append(Bodies& all, const Bodies& more) {
    all.insert(all.end(), more.begin(), more.end());
}

Bodies read_and(std::initializer_list<std::string> changes) {
    Bodies all{OptionChosen{"all"}, begin("all.look", Risk::read),
               end("all.look", StepStatus::ok, Exited{0}, {{"before", "7"}})};
    for (const auto& id : changes) {
        append(all, {run(id), begin(id), end(id)});
    }
    return all;
}

std::vector<Event> events(const Bodies& bodies) {
    std::vector<Event> all;
    for (const auto& body : bodies) {
        all.push_back({all.size() + 1, noon + std::chrono::seconds(all.size()), body});
    }
    return all;
}

// `look=done c0=unknown ...` of the option that is found.
std::string told(const Bodies& bodies) {
    const Runbook book = runbook();
    const auto found = engine::find_interruption(events(bodies), book);
    if (!found) {
        return "none";
    }
    std::string text = found->undo ? "undo" : found->option->id;
    text += found->complete ? "!" : ":";
    for (const auto& one : found->steps) {
        text += " " + one.step->id.substr(one.step->id.find('.') + 1) + "=" + std::string(to_string(one.progress));
    }
    return text;
}

}  // namespace

TEST_CASE("an incident without an option has nothing to go on with") {
    CHECK(told({}) == "none");
    CHECK(told({NoteAdded{"x"}, begin("usage.now", Risk::read), end("usage.now")}) == "none");
    CHECK(told({OptionChosen{"gone"}}) == "none");
}

TEST_CASE("how far each step is") {
    CHECK(told({OptionChosen{"all"}}) == "all: look=open c0=open c1=open c2=open");
    Bodies bodies = read_and({"all.c0"});
    CHECK(told(bodies) == "all: look=done c0=done c1=open c2=open");
    append(bodies, {run("all.c1")});
    CHECK(told(bodies) == "all: look=done c0=done c1=open c2=open");
    append(bodies, {begin("all.c1")});
    CHECK(told(bodies) == "all: look=done c0=done c1=unknown c2=open");
    const Bodies begun = bodies;
    const auto ends = [&](StepStatus status, Ending ending) {
        Bodies all = begun;
        append(all, {end("all.c1", status, std::move(ending))});
        return told(all);
    };
    CHECK(ends(StepStatus::ok, Exited{0}) == "all: look=done c0=done c1=done c2=open");
    CHECK(ends(StepStatus::failed, Exited{1}) == "all: look=done c0=done c1=failed c2=open");
    CHECK(ends(StepStatus::failed, NotStarted{"no docker"}) == "all: look=done c0=done c1=open c2=open");
    CHECK(ends(StepStatus::failed, Signalled{9}) == "all: look=done c0=done c1=unknown c2=open");
    CHECK(ends(StepStatus::unknown, Interrupted{}) == "all: look=done c0=done c1=unknown c2=open");
    CHECK(ends(StepStatus::unknown, TimedOut{30s}) == "all: look=done c0=done c1=unknown c2=open");
}

TEST_CASE("what a person has said stands, a quit and a refusal leave a step open") {
    Bodies bodies = read_and({});
    append(bodies, {Decided{"all.c0", "skip", "too busy"}, StepSkipped{"all.c0", "", StepStatus::skipped, "too busy"},
                    Decided{"all.c1", "by hand", ""}, StepSkipped{"all.c1", "", StepStatus::ok, "done by hand"}});
    CHECK(told(bodies) == "all: look=done c0=left out c1=done c2=open");
    append(bodies,
           {Decided{"all.c2", "quit", ""}, StepSkipped{"all.c2", "", StepStatus::skipped, "not done: you quit"}});
    CHECK(told(bodies) == "all: look=done c0=left out c1=done c2=open");
    append(bodies, {Decided{"all.c2", "refused", "moved"}, StepSkipped{"all.c2", "", StepStatus::blocked, "moved"}});
    CHECK(told(bodies) == "all: look=done c0=left out c1=done c2=open");
}

TEST_CASE("what was read before a change is kept, behind the last one it is read anew") {
    CHECK(told(read_and({})) == "all: look=open c0=open c1=open c2=open");
    const Runbook book = runbook();
    const auto found = engine::find_interruption(events(read_and({"all.c0"})), book);
    REQUIRE(found);
    const auto settled = found->settled();
    REQUIRE(settled.contains("all.look"));
    CHECK(settled.at("all.look").captures == Pairs{{"before", "7"}});
    // A secret is not on record: what a step took of it has to be read again.
    Bodies masked = read_and({"all.c0"});
    masked[2] = end("all.look", StepStatus::ok, Exited{0}, {{"token", "\"*******\""}});
    CHECK(told(masked) == "all: look=open c0=done c1=open c2=open");
}

TEST_CASE("a second run of an option forgets the first, going on with it does not") {
    Bodies bodies = read_and({"all.c0", "all.c1", "all.c2"});
    CHECK(told(bodies) == "all: look=done c0=done c1=done c2=done");
    append(bodies, {begin("all.check", Risk::read), end("all.check")});
    CHECK(told(bodies) == "all! look=done c0=done c1=done c2=done");
    append(bodies, {begin("all.look", Risk::read), end("all.look"), run("all.c0"), begin("all.c0")});
    CHECK(told(bodies) == "all: look=done c0=unknown c1=open c2=open");
    append(bodies, {IncidentOpened{}, Decided{"all.c0", "found done", "said by you"}, run("all.c1"), begin("all.c1"),
                    end("all.c1")});
    CHECK(told(bodies) == "all: look=done c0=done c1=done c2=open");
    append(bodies, {OptionChosen{"other"}, run("other.only"), begin("other.only")});
    CHECK(told(bodies) == "other: only=unknown");
    append(bodies, {IncidentOpened{}, Decided{"other.only", "found done", "its limit"}});
    CHECK(told(bodies) == "other! only=done");
    const Runbook book = runbook();
    const auto found = engine::find_interruption(events(bodies), book);
    CHECK(found->changed);
}

TEST_CASE("an answer that it was not done opens a step again") {
    Bodies bodies = read_and({"all.c0"});
    append(bodies,
           {run("all.c1"), begin("all.c1"), IncidentOpened{}, Decided{"all.c1", "found not done", "said by you"}});
    CHECK(told(bodies) == "all: look=done c0=done c1=open c2=open");
}

TEST_CASE("an undo that was interrupted is the undo, with what the steps had left") {
    Bodies bodies = read_and({"all.c0", "all.c1", "all.c2"});
    append(bodies, {run("all.back"), begin("all.back")});
    CHECK(told(bodies) == "undo: back=unknown");
    const Runbook book = runbook();
    const auto found = engine::find_interruption(events(bodies), book);
    REQUIRE(found->before.size() == 4);
    CHECK(found->before[0].captures == Pairs{{"before", "7"}});
    CHECK(found->before[1].step->id == "all.c0");
}

TEST_CASE("where an option began is what its values come from, and what the runbook lost is told") {
    Target first;
    first.name = "backend";
    first.limit = Bytes{100};
    Target later = first;
    later.limit = Bytes{200};
    Assessment offered;
    offered.level = Level::critical;
    Assessment after;
    after.level = Level::ok;
    Bodies bodies{TargetPinned{first}, Assessed{offered}};
    append(bodies, read_and({"all.c0"}));
    append(bodies, {TargetPinned{later}, begin("all.lost"), Assessed{after}});
    const Runbook book = runbook();
    const auto found = engine::find_interruption(events(bodies), book);
    REQUIRE(found);
    CHECK(found->first->limit == Limit(Bytes{100}));
    CHECK(found->target->limit == Limit(Bytes{200}));
    CHECK(found->offered->level == Level::critical);
    CHECK(found->gone == std::vector<std::string>{"all.lost"});
}
