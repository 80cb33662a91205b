#include "engine/rehearsal.h"

#include "world.h"

using namespace memrb;
using test::exited;
using test::World;
using Texts = std::vector<std::string>;

namespace {

constexpr Risk disruptive = Risk::disruptive;

Texts rehearsed(World& world, const Option& option) {
    const engine::Programs programs(world.runbook.programs);
    return test::told(engine::rehearse(option, {}, world.session(), {world.runner, world.log, programs, world.stop}));
}

}  // namespace

TEST_CASE("a tool that can be asked is asked, as a read, and nothing else is run") {
    World world;
    Option option;
    option.steps.push_back(
        world.make({.id = "fix.limit", .argv = {"limit"}, .action = &test::askable, .risk = disruptive}));
    option.steps.push_back(world.make({.id = "fix.restart", .argv = {"restart"}, .risk = disruptive}));
    option.steps.push_back(world.make({.id = "fix.call", .action = &test::task, .text = "Call."}));
    world.runner.on("fix.limit", exited(0, "note would be set"));
    CHECK(rehearsed(world, option) == Texts{"ok", "skipped: not previewable: probe cannot be asked",
                                            "skipped: not previewable: task cannot be asked"});
    REQUIRE(world.runner.calls().size() == 1);
    CHECK(std::get<Command>(world.runner.calls().at(0).request).argv == Texts{"limit", "--only-asking"});
    CHECK(test::bodies<StepStarted>(world.journal.events()).at(0).risk == Risk::read);
}

TEST_CASE("what the tool refuses is told, and a step that does not apply is not asked") {
    World world;
    Option option;
    option.steps.push_back(world.make({.id = "fix.limit",
                                       .argv = {"limit"},
                                       .action = &test::askable,
                                       .expect = ".exit == 0",
                                       .captures = {{"revision", ".revision"}},
                                       .risk = disruptive}));
    option.steps.push_back(world.make({.id = "fix.elsewhere",
                                       .argv = {"elsewhere"},
                                       .action = &test::askable,
                                       .when = ".target.platform == \"prometheus\"",
                                       .risk = disruptive}));
    world.runner.on("fix.limit", exited(1, "nothing not permitted"));
    CHECK(rehearsed(world, option) ==
          Texts{"failed: not permitted", "skipped: only when .target.platform == \"prometheus\""});
}
