#include "engine/preview_runner.h"

#include "engine/diagnose.h"
#include "world.h"

using namespace memrb;
using engine::PreviewRunner;
using memrb::test::told;
using memrb::test::World;
using Texts = std::vector<std::string>;

TEST_CASE("a dry run answers every request with `previewed` and nothing else") {
    PreviewRunner runner;
    test::ManualStop stop;
    for (const Request& request : std::vector<Request>{test::command({"reboot"}), HttpRequest{}, SampleMemory{},
                                                       HumanTask{"x"}, Wait{Milliseconds{60'000}}}) {
        const Outcome outcome = runner.run(request, {}, stop);
        CHECK(outcome.ending == Ending{Previewed{}});
        CHECK(outcome.out.total == 0);
    }
}

TEST_CASE("a dry run shows what would be run, and what it depends on") {
    World world;
    world.vars["language"] = "go";
    world.add(
        {.id = "a.one", .argv = {"docker", "inspect", "${target}"}, .captures = {{"pid", ".pid"}, {"user", ".user"}}});
    world.add(
        {.id = "a.user", .argv = {"cat", "/proc/${pid}/maps"}, .captures = {{"maps", ".stdout"}}, .needs = {"a.one"}});
    world.add({.id = "a.user2", .argv = {"${maps}", "${user}"}, .needs = {"a.user", "a.one"}});
    world.add({.id = "a.names", .argv = {"x"}, .when = R"(.steps.a.one.status == "failed")", .needs = {"a.one"}});
    world.add({.id = "a.deep", .argv = {"x"}, .when = ".memory.ratio > 0.9", .needs_assessment = true});
    world.add({.id = "a.python", .argv = {"x"}, .when = R"(.vars.language == "python")"});
    world.add({.id = "a.unset", .argv = {"${health_url}"}});
    world.add({.id = "a.elsewhere", .action = &test::elsewhere});
    world.add({.id = "a.person", .action = &test::task, .text = "look"});
    world.add(
        {.id = "a.again", .argv = {"x"}, .expect = "false", .retry = Retry{Milliseconds{1'000}, Milliseconds{9'000}}});
    PreviewRunner runner;
    const auto results = world.run(runner);

    CHECK(told(results) == Texts{"previewed", "depends: depends on a.one", "depends: depends on a.user, a.one",
                                 "depends: depends on a.one", "depends: depends on what is measured",
                                 R"(skipped: only when .vars.language == "python")",
                                 "skipped: `health_url` has no value; give it one: --set health_url=VALUE",
                                 "skipped: backend is not a Compose service", "skipped: for a person: look",
                                 "previewed"});
    CHECK(std::get<Command>(*results[0].request).argv == Texts{"docker", "inspect", "backend"});
    CHECK(std::get<Command>(*results[1].request).argv == Texts{"cat", "/proc/${pid}/maps"});
    CHECK(std::get<Command>(*results[2].request).argv == Texts{"${maps}", "${user}"});
    CHECK(world.runner.calls().empty());
}

TEST_CASE("a dry run draws no conclusion: the request is recorded, nothing is read from its empty outcome") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .action = &test::thrower, .expect = ".n == 1"});
    PreviewRunner runner;
    const auto results = world.run(runner);
    CHECK(told(results) == Texts{"previewed"});  // interpret() was not called: it throws
    CHECK(results[0].readings.empty());
    const auto finished = test::bodies<StepFinished>(world.journal.events());
    REQUIRE(finished.size() == 1);
    CHECK(finished[0].status == StepStatus::previewed);
    CHECK(finished[0].outcome.ending == Ending{Previewed{}});
}
