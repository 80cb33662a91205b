#include "engine/early_reads.h"

#include "world.h"

#include <algorithm>

using namespace memrb;
using memrb::engine::early_reads;
using memrb::test::World;
using Texts = std::vector<std::string>;

namespace {

Texts ids(const World& world) {
    Texts all;
    for (const auto& read : early_reads(world.session())) {
        all.push_back(read.step);
    }
    return all;
}

}  // namespace

TEST_CASE("reads that need nothing but the name can begin before the target is pinned") {
    World world;
    world.target.id.clear();
    world.vars["target"] = "backend";
    world.add({.id = "a.named", .argv = {"read", "${target}"}});
    world.add({.id = "a.asked", .action = &test::ask, .text = R"(up{name="${target}"})"});
    CHECK(ids(world) == Texts{"a.named", "a.asked"});
    const auto first = early_reads(world.session()).front();
    const auto* command = std::get_if<Command>(&first.request);
    REQUIRE(command != nullptr);
    CHECK(command->argv.back() == "backend");
    CHECK(first.timeout == std::chrono::seconds(30));
}

TEST_CASE(
    "what waits for something, hangs on the pinned id, is for a person or changes something does not begin early") {
    World world;
    world.target.id.clear();
    world.add({.id = "a.pinned", .argv = {"read", "${container}"}});
    world.add({.id = "a.condition", .argv = {"read"}, .when = ".target.running"});
    world.add({.id = "a.later", .argv = {"read"}, .needs = {"a.pinned"}});
    world.add({.id = "a.judged", .argv = {"read"}, .needs_assessment = true});
    world.add({.id = "a.person", .action = &test::task, .text = "look"});
    world.add({.id = "a.change", .argv = {"write"}, .risk = Risk::disruptive});
    world.add({.id = "a.unknown", .argv = {"read", "${nobody}"}});
    world.add({.id = "a.elsewhere", .argv = {"read"}, .action = &test::elsewhere});
    CHECK(ids(world).empty());
}
