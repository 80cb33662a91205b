#include "engine/execute.h"

#include "world.h"

#include <algorithm>

using namespace memrb;
using memrb::test::ended;
using memrb::test::exited;
using memrb::test::Meeting;
using memrb::test::told;
using memrb::test::World;
using Texts = std::vector<std::string>;

namespace {

std::ptrdiff_t place(const Texts& order, const std::string& step) {
    const auto found = std::find(order.begin(), order.end(), step);
    REQUIRE(found != order.end());
    return found - order.begin();
}

// An answer that comes only when `meeting` is complete.
test::ScriptedRunner::Answer after(Meeting& meeting) {
    return [&meeting](const Request&, const RunContext&, const Stop&) {
        return meeting.arrive() ? exited(0) : ended(NotStarted{"ran alone"});
    };
}

}  // namespace

TEST_CASE("reads run side by side, as many as jobs allow and no more") {
    World world;
    world.jobs = 3;
    Meeting first(3);
    Meeting second(3);
    for (int i = 0; i < 6; ++i) {
        const std::string id = "a.s" + std::to_string(i);
        world.add({.id = id, .argv = {"read"}});
        world.runner.on(id, after(i < 3 ? first : second));
    }
    CHECK(told(world.run()) == Texts(6, "ok"));
    CHECK(world.runner.most_at_once() == 3);
}

TEST_CASE("with one job steps run one after the other in the runbook's order") {
    World world;
    world.jobs = 1;
    Texts ids;
    for (const std::string id : {"b.one", "b.two", "b.three", "b.four"}) {
        world.add({.id = id, .argv = {"read"}});
        world.runner.on(id, exited(0));
        ids.push_back(id);
    }
    CHECK(told(world.run()) == Texts(4, "ok"));
    CHECK(world.runner.order() == ids);
    CHECK(world.runner.most_at_once() == 1);
}

TEST_CASE("jobs beyond the number of steps, and none at all, do no harm") {
    for (const std::size_t jobs : {std::size_t{0}, std::size_t{1'000'000}}) {
        World world;
        world.jobs = jobs;
        world.add({.id = "a.one", .argv = {"read"}});
        world.runner.on("a.one", exited(0));
        CHECK(told(world.run()) == Texts{"ok"});
    }
}

TEST_CASE("a runbook without steps ends at once") {
    World world;
    CHECK(world.run().empty());
    CHECK(world.journal.events().empty());
    CHECK(world.assessed == 0);
}

TEST_CASE("a step runs after the one whose capture it uses, wherever it stands, and gets the value") {
    World world;
    world.add({.id = "a.user", .argv = {"show", "${pid}", "--of=${name}"}, .needs = {"a.giver"}});
    world.add({.id = "a.giver", .argv = {"find"}, .captures = {{"pid", ".pid"}, {"name", ".name"}}});
    world.runner.on("a.giver", exited(0, R"({"pid": 42, "name": "web \"1\""})"));
    world.runner.on("a.user", exited(0));

    const auto results = world.run();
    CHECK(told(results) == Texts{"ok", "ok"});
    CHECK(world.runner.order() == Texts{"a.giver", "a.user"});
    CHECK(results[1].captures == Pairs{{"pid", "42"}, {"name", R"("web \"1\"")"}});
    const auto command = std::get<Command>(world.runner.calls()[1].request);
    CHECK(command.argv == Texts{"show", "42", R"(--of=web "1")"});  // one word each, bare strings
}

TEST_CASE("while a step waits for a capture others run") {
    World world;
    world.jobs = 2;
    Meeting meeting(2);
    world.add({.id = "a.giver", .argv = {"find"}, .captures = {{"pid", ".pid"}}});
    world.add({.id = "a.user", .argv = {"${pid}"}, .needs = {"a.giver"}});
    world.add({.id = "a.other", .argv = {"read"}});
    world.runner.on("a.giver", [&](const Request&, const RunContext&, const Stop&) {
        return meeting.arrive() ? exited(0, R"({"pid": 1})") : ended(NotStarted{"a.other did not run beside it"});
    });
    world.runner.on("a.other", after(meeting));
    world.runner.on("a.user", exited(0));
    CHECK(told(world.run()) == Texts{"ok", "ok", "ok"});
}

TEST_CASE("a capture that is not there blocks those that use it, and says why") {
    World world;
    world.add({.id = "a.failed", .argv = {"x"}, .captures = {{"one", ".one"}}});
    world.add({.id = "a.empty", .argv = {"x"}, .captures = {{"two", ".two"}}});
    world.add({.id = "a.nothing", .argv = {"x"}, .captures = {{"three", ".three"}}});
    world.add({.id = "a.skipped", .argv = {"x"}, .when = "false", .captures = {{"four", ".four"}}});
    world.runner.on("a.failed", exited(1, "", "no such container\n"));
    world.runner.on("a.empty", exited(0, R"({"other": 1})"));
    world.runner.on("a.nothing", exited(0, "nothing no samples"));
    int number = 0;
    for (const auto& [id, name] :
         Pairs{{"a.failed", "one"}, {"a.empty", "two"}, {"a.nothing", "three"}, {"a.skipped", "four"}}) {
        world.add({.id = "b.user" + std::to_string(++number), .argv = {"${" + name + "}"}, .needs = {id}});
    }
    world.add({.id = "b.user5", .argv = {"x"}, .needs = {"b.user1"}});  // for a condition, say
    world.runner.on("b.user5", exited(0));

    CHECK(told(world.run()) == Texts{"failed: exit 1: no such container", "ok", "no data: no samples",
                                     "skipped: only when false",
                                     "blocked: needs `one` of a.failed, which failed: exit 1: no such container",
                                     "blocked: needs `two` of a.empty, whose output does not hold it",
                                     "blocked: needs `three` of a.nothing, which gave no data: no samples",
                                     "blocked: needs `four` of a.skipped, which was skipped: only when false", "ok"});
}

TEST_CASE("what is blocked blocks those after it") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .captures = {{"one", ".one"}}});
    world.add({.id = "a.two", .argv = {"${one}"}, .captures = {{"two", ".two"}}, .needs = {"a.one"}});
    world.add({.id = "a.three", .argv = {"${two}"}, .needs = {"a.two"}});
    world.runner.on("a.one", ended(TimedOut{Milliseconds{30'000}}));
    CHECK(told(world.run()) == Texts{"failed: timed out after 30 s",
                                     "blocked: needs `one` of a.one, which failed: timed out after 30 s",
                                     "blocked: needs `two` of a.two, which was blocked: needs `one` of a.one, which "
                                     "failed: timed out after 30 s"});
}

TEST_CASE("only the capture that is used must be there") {
    World world;
    world.add({.id = "a.giver", .argv = {"x"}, .captures = {{"here", ".here"}, {"gone", ".gone"}}});
    world.add({.id = "a.user", .argv = {"${here}"}, .needs = {"a.giver"}});
    world.add({.id = "a.shell", .action = &test::script, .text = "echo $here", .needs = {"a.giver"}});
    world.add({.id = "a.lost", .action = &test::script, .text = "echo ${gone:-0}", .needs = {"a.giver"}});
    world.runner.on("a.giver", exited(0, R"({"here": 1})"));
    world.runner.on("a.user", exited(0));
    world.runner.on("a.shell", exited(0));

    const auto results = world.run();
    CHECK(told(results) == Texts{"ok", "ok", "ok", "blocked: needs `gone` of a.giver, whose output does not hold it"});
    CHECK(results[0].warnings == Texts{"nothing to capture as `gone`: the output does not hold it"});
}

TEST_CASE("a condition sees the steps that it names, whoever was faster") {
    World world;
    world.jobs = 1;
    world.add({.id = "a.first", .argv = {"x"}, .captures = {{"n", ".n"}}});
    world.add({.id = "a.second", .argv = {"x"}});
    world.add(
        {.id = "b.names",
         .argv = {"x"},
         .when = R"(.steps.a.first == {"status": "ok", "captures": {"n": 7}} and (.steps.a | has("second") | not))",
         .needs = {"a.first"}});
    world.runner.on("a.first", exited(0, R"({"n": 7})")).on("a.second", exited(0)).on("b.names", exited(0));
    CHECK(told(world.run()) == Texts{"ok", "ok", "ok"});
}

TEST_CASE("steps that look at the assessment run after all others, which is made once") {
    World world;
    world.assess = [] {
        Assessment assessment;
        assessment.memory = MemoryReading{};
        assessment.ratio = 0.97;
        return assessment;
    };
    world.add({.id = "a.deep", .argv = {"x"}, .when = ".memory.ratio > 0.9", .needs_assessment = true});
    world.add({.id = "a.not", .argv = {"x"}, .when = ".memory.ratio > 0.99", .needs_assessment = true});
    world.add({.id = "a.one", .argv = {"x"}});
    world.add({.id = "a.two", .argv = {"x"}});
    world.runner.on("a.one", exited(0)).on("a.two", exited(1)).on("a.deep", exited(0));

    CHECK(told(world.run()) == Texts{"ok", "skipped: only when .memory.ratio > 0.99", "ok", "failed: exit 1"});
    CHECK(world.assessed == 1);
    const auto order = world.runner.order();
    CHECK(place(order, "a.deep") == 2);
}

TEST_CASE("no step looks at the assessment: none is made") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}});
    world.runner.on("a.one", exited(0));
    world.run();
    CHECK(world.assessed == 0);
}

TEST_CASE("a step that needs one of the second wave belongs to it, and nothing hangs") {
    World world;
    world.add({.id = "a.user", .argv = {"${n}"}, .needs = {"a.deep"}});
    world.add({.id = "a.deep",
               .argv = {"x"},
               .when = ".memory == null",
               .captures = {{"n", ".n"}},
               .needs_assessment = true});
    world.add({.id = "a.after",
               .argv = {"x"},
               .when = R"(.memory == null and .steps.a.user.status == "ok" and .steps.a.one.status == "ok")",
               .needs = {"a.user"},
               .needs_assessment = true});
    world.add({.id = "a.one", .argv = {"x"}});
    world.runner.on("a.one", exited(0))
        .on("a.deep", exited(0, R"({"n":1})"))
        .on("a.user", exited(0))
        .on("a.after", exited(0));
    CHECK(told(world.run()) == Texts(4, "ok"));
    CHECK(world.runner.order() == Texts{"a.one", "a.deep", "a.user", "a.after"});
    CHECK(world.assessed == 1);
}

TEST_CASE("all steps may look at the assessment") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .when = ".memory == null", .needs_assessment = true});
    world.runner.on("a.one", exited(0));
    CHECK(told(world.run()) == Texts{"ok"});
    CHECK(world.assessed == 1);
}

TEST_CASE("a circle, which no compiled runbook has, blocks its steps and does not hang") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .needs = {"a.two"}});
    world.add({.id = "a.two", .argv = {"x"}, .needs = {"a.one"}});
    world.add({.id = "a.self", .argv = {"x"}, .needs = {"a.self"}});
    world.add({.id = "a.deep", .argv = {"x"}, .when = "true", .needs_assessment = true});
    world.add({.id = "a.free", .argv = {"x"}});
    world.runner.on("a.free", exited(0));
    const std::string why = "blocked: it waits for steps that wait for each other";
    CHECK(told(world.run()) == Texts{why, why, why, why, "ok"});
}

TEST_CASE("needs of steps elsewhere are not waited for") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .needs = {"other.step"}});
    world.runner.on("a.one", exited(0));
    CHECK(told(world.run()) == Texts{"ok"});
}

TEST_CASE("Ctrl-C ends what runs and starts nothing more") {
    World world;
    world.jobs = 2;
    Meeting both(2);
    const auto interrupted = [&](const Request&, const RunContext&, const Stop& stop) {
        both.arrive();
        world.stop.pull();
        return stop.requested() ? ended(Interrupted{}) : exited(0);
    };
    world.add({.id = "a.one", .argv = {"x"}, .captures = {{"n", ".n"}}});
    world.add({.id = "a.two", .argv = {"x"}});
    world.add({.id = "a.three", .argv = {"x"}});
    world.add({.id = "a.user", .argv = {"${n}"}, .needs = {"a.one"}});
    world.add({.id = "a.deep", .argv = {"x"}, .when = "true", .needs_assessment = true});
    world.runner.on("a.one", interrupted).on("a.two", interrupted);

    const auto results = world.run();
    const std::string not_started = "interrupted: not started: interrupted";
    CHECK(told(results) ==
          Texts{"interrupted: interrupted", "interrupted: interrupted", not_started, not_started, not_started});
    const auto skipped = test::bodies<StepSkipped>(world.journal.events());
    REQUIRE(skipped.size() == 3);
    CHECK(skipped[0].status == StepStatus::interrupted);
    CHECK(skipped[0].why == "not started: interrupted");
}

TEST_CASE("a step that changes something is never run in a diagnosis") {
    World world;
    world.add({.id = "a.restart", .argv = {"docker", "restart"}, .risk = Risk::disruptive});
    world.add({.id = "a.limit", .argv = {"docker", "update"}, .risk = Risk::reversible});
    CHECK(told(world.run()) ==
          Texts{"blocked: is disruptive: a diagnosis only reads", "blocked: is reversible: a diagnosis only reads"});
}

TEST_CASE("results stand in the runbook's order, whatever ended first") {
    World world;
    world.jobs = 3;
    Meeting meeting(3);
    for (const std::string id : {"a.one", "b.two", "c.three"}) {
        world.add({.id = id, .argv = {id}});
        world.runner.on(id, [&, id](const Request&, const RunContext&, const Stop&) {
            meeting.arrive();
            return exited(0, "note of " + id);
        });
    }
    const auto results = world.run();
    REQUIRE(results.size() == 3);
    CHECK(results[0].step->id == "a.one");
    CHECK(results[0].note == "of a.one");
    CHECK(results[2].step->id == "c.three");
    CHECK(results[2].note == "of c.three");
}

TEST_CASE("hundreds of steps in chains, fans and a second wave all end, each once") {
    World world;
    world.jobs = 8;
    constexpr int chains = 40;
    constexpr int length = 10;
    for (int chain = 0; chain < chains; ++chain) {
        for (int link = 0; link < length; ++link) {
            const std::string id = "c" + std::to_string(chain) + ".l" + std::to_string(link);
            test::StepSpec spec{.id = id, .argv = {"x"}};
            if (link > 0) {
                spec.needs = {"c" + std::to_string(chain) + ".l" + std::to_string(link - 1), "c0.l0"};
            }
            spec.needs_assessment = chain % 4 == 1 && link == 5;
            world.add(spec);
            world.runner.on(id, exited(0));
        }
    }
    const auto results = world.run();
    CHECK(told(results) == Texts(chains * length, "ok"));
    CHECK(world.assessed == 1);
    CHECK(test::bodies<StepStarted>(world.journal.events()).size() == chains * length);
    CHECK(test::bodies<StepFinished>(world.journal.events()).size() == chains * length);
}
