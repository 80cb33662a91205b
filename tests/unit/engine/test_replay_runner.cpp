#include "engine/replay_runner.h"

#include "wire/assessment_json.h"
#include "world.h"

#include <map>

using namespace memrb;
using engine::ReplayRunner;
using memrb::test::exited;
using memrb::test::told;
using memrb::test::World;
using Texts = std::vector<std::string>;

namespace {

ReplayRunner replay_of(const std::vector<Event>& events) {
    std::map<std::string, Outcome> recorded;
    for (const auto& finished : test::bodies<StepFinished>(events)) {
        recorded.insert_or_assign(finished.step, finished.outcome);
    }
    return ReplayRunner([recorded](const std::string& step) -> std::optional<Outcome> {
        const auto found = recorded.find(step);
        return found == recorded.end() ? std::nullopt : std::optional(found->second);
    });
}

void add_steps(World& world) {
    world.add({.id = "a.memory", .argv = {"read"}});
    world.add({.id = "a.giver", .argv = {"find"}, .captures = {{"pid", ".pid"}}});
    world.add({.id = "a.user", .argv = {"${pid}"}, .needs = {"a.giver"}});
    world.add({.id = "a.fails", .argv = {"x"}, .retry = Retry{Milliseconds{1}, Milliseconds{3'600'000}}});
    world.add({.id = "a.deep", .argv = {"x"}, .when = ".memory.ratio > 0.5", .needs_assessment = true});
}

}  // namespace

TEST_CASE("a step that the record does not hold did not happen") {
    ReplayRunner runner([](const std::string&) { return std::nullopt; });
    test::ManualStop stop;
    const Outcome outcome = runner.run(test::command({"x"}), test::context_of("a.one"), stop);
    CHECK(outcome.ending == Ending{NotStarted{"the record does not hold this step"}});
}

TEST_CASE("a step is answered by its id, with all that was recorded") {
    ReplayRunner runner([](const std::string& step) { return std::optional(exited(step == "a.one" ? 7 : 0, "text")); });
    test::ManualStop stop;
    const Outcome outcome = runner.run(test::command({"x"}), test::context_of("a.one"), stop);
    CHECK(outcome.ending == Ending{Exited{7}});
    CHECK(outcome.out.text() == "text");
}

TEST_CASE("a replay does not wait, and so does not try again") {
    ReplayRunner runner([](const std::string&) { return std::optional(exited(0)); });
    test::ManualStop stop;
    const Outcome outcome = runner.run(Wait{Milliseconds{60'000}}, test::context_of("a.one"), stop);
    CHECK(outcome.ending == Ending{NotStarted{"a replay does not wait"}});
}

TEST_CASE("a replay gives the same diagnosis as the live run") {
    World live;
    live.jobs = 4;
    add_steps(live);
    live.runner.on("a.memory", exited(0, "memory 60 100\nnote measured\nwarning rounded"));
    live.runner.on("a.giver", exited(0, R"({"pid": 42})")).on("a.user", exited(0)).on("a.deep", exited(0));
    live.runner.on("a.fails", [&](const Request&, const RunContext&, const Stop&) {
        Outcome outcome = exited(1, "", "refused");
        outcome.elapsed = Milliseconds{3'600'000};  // no time is left for another attempt
        return outcome;
    });
    const auto original = live.diagnose();

    World again;
    add_steps(again);
    ReplayRunner runner = replay_of(live.journal.events());
    const auto replayed = again.diagnose(runner);

    CHECK(told(replayed.steps) == told(original.steps));
    CHECK(told(replayed.steps) == Texts{"ok", "ok", "ok", "failed: exit 1: refused", "ok"});
    for (std::size_t i = 0; i < original.steps.size(); ++i) {
        CHECK(replayed.steps[i].request == original.steps[i].request);
        CHECK(replayed.steps[i].captures == original.steps[i].captures);
        CHECK(replayed.steps[i].note == original.steps[i].note);
        CHECK(replayed.steps[i].warnings == original.steps[i].warnings);
        CHECK(replayed.steps[i].readings.size() == original.steps[i].readings.size());
        CHECK(replayed.steps[i].outcome.ending == original.steps[i].outcome.ending);
    }
    CHECK(wire::to_json(replayed.assessment).dump() == wire::to_json(original.assessment).dump());
}

TEST_CASE("a replay of a step that failed after many attempts ends at once") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .retry = Retry{Milliseconds{1}, Milliseconds{3'600'000}}});
    std::size_t asked = 0;
    ReplayRunner runner([&](const std::string&) {
        ++asked;
        return std::optional(exited(1));
    });
    CHECK(told(world.run(runner)) == Texts{"failed: exit 1"});
    CHECK(asked == 1);
}
