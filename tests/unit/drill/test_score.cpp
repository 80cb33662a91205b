#include "drill/score.h"
#include "sample.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::drill;
using namespace memrb::test;

namespace {

/// A leak that the team has fixed in its next version.
Scenario fixable() {
    auto drill = leaking(60 * mebibyte);
    drill.services.front().fixed = DrillVersion{"shop/backend:2", std::nullopt, DrillMemory{.base = 100 * mebibyte}};
    drill.sensible = {"restart"};
    drill.escalate_by = 15 * minute;
    drill.team_takes = 30 * minute;
    return drill;
}

int points(const Score& score, const std::string& id) {
    for (const auto& part : score.parts) {
        if (part.id == id) {
            return part.points;
        }
    }
    return -1;
}

Tale::Deed deed(Timestamp at, const std::string& option, const std::string& service = "backend") {
    return {at, option, service, true, false};
}

}  // namespace

TEST_CASE("relief, the right cause and a call in time are all points") {
    const auto drill = fixable();
    World world(drill, 1);
    Tale tale;
    tale.verdicts.push_back({world.now() + minute, "leak", "backend"});
    tale.deeds.push_back(deed(world.now() + minute, "restart"));
    world.advance(world.now() + minute);
    world.restart(*world.containers_of(0).front());
    tale.escalations.push_back(world.now());
    world.call_team();
    world.advance(world.now() + 2 * minute);
    const auto after = look_ahead(world);
    CHECK(after.holds);
    CHECK_FALSE(after.next_kill);
    const auto score = judge(world, tale, after);
    CHECK(score.total == 100);
    CHECK(score.success);
    CHECK(score.to_cause == minute);
    CHECK(score.to_relief <= 2 * minute);
    CHECK(world.all().size() == 1);  // what lies ahead was tried on a copy
}

TEST_CASE("a restart alone is relief, not recovery: the next kill is told") {
    const auto drill = fixable();
    World world(drill, 1);
    Tale tale;
    tale.deeds.push_back(deed(world.now(), "restart"));
    world.restart(*world.containers_of(0).front());
    world.advance(world.now() + 2 * minute);
    const auto after = look_ahead(world);
    CHECK_FALSE(after.holds);
    REQUIRE(after.next_kill);
    CHECK(*after.next_kill > 6 * 60 * minute);  // 412 MiB at 60 MiB/h
    CHECK(*after.next_kill < 7 * 60 * minute);
    const auto score = judge(world, tale, after);
    CHECK(points(score, "cause") == 0);
    CHECK(points(score, "recovery") == 10);
    CHECK(points(score, "time") == 0);
    CHECK(points(score, "escalation") == 0);
    CHECK(score.total < 50);
}

TEST_CASE("what was not called for, was done twice or to another service is needless") {
    const auto drill = fixable();
    World world(drill, 1);
    Tale tale;
    tale.deeds = {deed(world.now(), "restart"), deed(world.now(), "restart"), deed(world.now(), "scale-out"),
                  deed(world.now(), "restart", "database")};
    auto score = judge(world, tale, look_ahead(world));
    CHECK(score.disruptions == 4);
    CHECK(score.needless == 3);
    CHECK(points(score, "care") == 0);
    tale.deeds.resize(1);
    tale.deeds.front().evidence_lost = true;
    score = judge(world, tale, look_ahead(world));
    CHECK(score.evidence_lost == 1);
    CHECK(points(score, "care") == 10);
}

TEST_CASE("a call that comes late is half a call") {
    const auto drill = fixable();
    World world(drill, 1);
    Tale tale;
    tale.escalations.push_back(world.now() + 16 * minute);
    CHECK(points(judge(world, tale, look_ahead(world)), "escalation") == 5);
    tale.escalations.front() = world.now() + 15 * minute;
    CHECK(points(judge(world, tale, look_ahead(world)), "escalation") == 10);
}

TEST_CASE("nothing done is nothing won, even where nothing had to be done") {
    auto drill = calm();
    drill.cause = "none";
    World world(drill, 1);
    Tale tale;
    tale.looks.resize(1);
    auto score = judge(world, tale, look_ahead(world));
    CHECK(look_ahead(world).holds);
    CHECK(score.total == 0);
    tale.verdicts.push_back({world.now() + minute, "none", "backend"});
    tale.looks.resize(2);
    score = judge(world, tale, look_ahead(world));
    CHECK(score.total == 100);
    tale.deeds.push_back(deed(world.now(), "restart"));
    CHECK_FALSE(judge(world, tale, look_ahead(world)).success);
}

TEST_CASE("who changes a right mind was not sure, and hints cost") {
    const auto drill = fixable();
    World world(drill, 1);
    Tale tale;
    tale.verdicts = {{world.now(), "leak", "backend"}, {world.now() + minute, "traffic-spike", "backend"}};
    CHECK(points(judge(world, tale, look_ahead(world)), "cause") == 0);
    tale.verdicts.push_back({world.now() + 2 * minute, "leak", "backend"});
    tale.hints = 2;
    const auto score = judge(world, tale, look_ahead(world));
    CHECK(points(score, "cause") == 25);
    CHECK(score.to_cause == 2 * minute);
    CHECK(points(score, "hints") == -8);
    tale.verdicts = {{world.now(), "leak", "database"}};
    CHECK(points(judge(world, tale, look_ahead(world)), "cause") == 0);
}
