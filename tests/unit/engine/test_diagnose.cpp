#include "engine/diagnose.h"

#include "world.h"

using namespace memrb;
using engine::describe_steps;
using engine::inconclusive;
using memrb::test::ended;
using memrb::test::exited;
using memrb::test::told;
using memrb::test::World;
using Texts = std::vector<std::string>;

TEST_CASE("a diagnosis runs all groups in order, judges what they measured, and records the assessment last") {
    World world;
    world.add({.id = "usage.stats", .argv = {"read"}});
    world.add({.id = "oom.events", .argv = {"read"}});
    world.runner.on("usage.stats", exited(0, "memory 90 100")).on("oom.events", exited(1));
    const auto diagnosis = world.diagnose();
    CHECK(told(diagnosis.steps) == Texts{"ok", "failed: exit 1"});
    REQUIRE(diagnosis.assessment.memory.has_value());
    CHECK(diagnosis.assessment.memory->used == 90);
    CHECK(diagnosis.assessment.ratio == Approx(0.9));
    CHECK_FALSE(diagnosis.interrupted);
    REQUIRE(world.journal.events().size() == 5);
    const auto* assessed = std::get_if<Assessed>(&world.journal.events().back().body);
    REQUIRE(assessed != nullptr);
    CHECK(assessed->assessment.ratio == Approx(0.9));
}

TEST_CASE("Ctrl-C: what was learnt before is still judged") {
    World world;
    world.jobs = 1;
    world.add({.id = "a.one", .argv = {"x"}}).add({.id = "a.two", .argv = {"x"}}).add({.id = "a.three", .argv = {"x"}});
    world.runner.on("a.one", exited(0, "memory 90 100"));
    world.runner.on("a.two", [&](const Request&, const RunContext&, const Stop&) {
        world.stop.pull();
        return ended(Interrupted{});
    });
    const auto diagnosis = world.diagnose();
    CHECK(diagnosis.interrupted);
    CHECK(told(diagnosis.steps) == Texts{"ok", "interrupted: interrupted", "interrupted: not started: interrupted"});
    CHECK(diagnosis.assessment.memory.has_value());
    CHECK(test::bodies<Assessed>(world.journal.events()).size() == 1);
}

TEST_CASE("inconclusive: neither memory nor a word on OOM kills") {
    Assessment assessment;
    CHECK(inconclusive(assessment));
    assessment.oom.verdict = OomAssessment::Verdict::none;
    CHECK(inconclusive(assessment));
    assessment.oom.verdict = OomAssessment::Verdict::probable;
    CHECK_FALSE(inconclusive(assessment));
    assessment.oom.verdict = OomAssessment::Verdict::confirmed;
    CHECK_FALSE(inconclusive(assessment));
    assessment.oom.verdict = OomAssessment::Verdict::unknown;
    assessment.memory = MemoryReading{};
    CHECK_FALSE(inconclusive(assessment));
}

TEST_CASE("the steps of an option are described, with holes where nothing is known yet, and nothing is started") {
    World world;
    Variable unset;
    unset.name = "health_url";
    world.runbook.vars.push_back(unset);
    world.add({.id = "find.file", .argv = {"x"}, .captures = {{"compose_file", ".file"}}});
    Option option;
    option.id = "restart";
    option.steps.push_back(world.make({.id = "restart.do",
                                       .argv = {"docker", "restart", "${target}"},
                                       .captures = {{"new_id", ".id"}},
                                       .risk = Risk::disruptive}));
    option.verify.push_back(world.make({.id = "restart.check", .argv = {"check", "${new_id}", "${compose_file}"}}));
    option.verify.push_back(
        world.make({.id = "restart.health", .action = &test::ask, .text = "up{a=\"${health_url}\"}"}));
    option.verify.push_back(world.make({.id = "restart.typo", .argv = {"${typo}"}}));
    option.undo.push_back(world.make({.id = "restart.tool", .action = &test::unplannable}));
    option.undo.push_back(
        world.make({.id = "restart.person", .action = &test::task, .text = "Call the team\nof ${target}"}));
    option.undo.back().title.clear();
    for (const std::string condition : {".target.platform == \"kubernetes\"", ".vars.nothing != null"}) {
        option.steps.push_back(world.make({.id = "restart.other", .argv = {"other", condition}}));
        option.steps.back().when = Expression{0, condition, {}};
    }
    world.runbook.options.push_back(option);

    const auto& restart = world.runbook.options.front();
    CHECK(describe_steps(restart.steps, world.session()) == Texts{"title of restart.do", "  $ docker restart backend",
                                                                  "title of restart.other",
                                                                  "  $ other '.vars.nothing != null'"});
    CHECK(describe_steps(restart.verify, world.session()) ==
          Texts{"title of restart.check", "  $ check '${new_id}' '${compose_file}'", "title of restart.health",
                "  GET http://prometheus?query=up{a=\"${health_url}\"}", "title of restart.typo",
                "  not possible: `typo` has no value"});
    CHECK(describe_steps(restart.undo, world.session()) ==
          Texts{"title of restart.tool", "  not possible: docker is not installed", "  Call the team", "  of backend"});
    CHECK(world.runner.calls().empty());
    CHECK(world.journal.events().empty());
}
