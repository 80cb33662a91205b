#include "engine/conclude.h"

#include "world.h"

using namespace memrb;
using memrb::test::exited;
using memrb::test::World;
using Texts = std::vector<std::string>;

namespace {

Cause cause(World& world, const std::string& id, const std::vector<std::pair<int, std::string>>& signs, Texts options) {
    Cause cause;
    cause.id = id;
    cause.title = "Title of " + id;
    cause.options = std::move(options);
    for (const auto& [weight, when] : signs) {
        cause.signs.push_back({world.jq(when), weight, "because " + when});
    }
    return cause;
}

Option option(World& world, const std::string& id, const std::string& applies, const std::vector<Risk>& risks) {
    Option option;
    option.id = id;
    option.title = "Title of " + id;
    option.use_when = "use of " + id;
    option.costs = "costs of " + id;
    if (!applies.empty()) {
        option.applies = world.jq(applies);
    }
    for (const Risk risk : risks) {
        option.steps.push_back(world.make({.id = id + ".s", .argv = {"x"}, .risk = risk}));
    }
    return option;
}

Texts ids(const std::vector<OfferedOption>& options) {
    Texts all;
    for (const auto& option : options) {
        all.push_back(option.id + (option.suggested ? "*" : ""));
    }
    return all;
}

}  // namespace

TEST_CASE("an option is as risky as its riskiest step, one without steps reads") {
    World world;
    CHECK(engine::risk_of(option(world, "a", "", {Risk::read, Risk::irreversible, Risk::disruptive})) ==
          Risk::irreversible);
    CHECK(engine::risk_of(option(world, "a", "", {Risk::reversible})) == Risk::reversible);
    CHECK(engine::risk_of(option(world, "a", "", {})) == Risk::read);
}

TEST_CASE("options: those that apply or might, with risk, use and costs") {
    World world;
    world.runbook.options = {option(world, "docker-only", R"(.target.platform == "docker")", {Risk::disruptive}),
                             option(world, "never", ".target.running | not", {}),
                             option(world, "perhaps", ".memory.ratio < 0.5", {}),  // nothing is known of the memory
                             option(world, "always", "", {Risk::reversible})};
    const auto assessment = world.diagnose().assessment;
    CHECK(ids(assessment.options) == Texts{"docker-only", "perhaps", "always"});
    CHECK(assessment.options[0].title == "Title of docker-only");
    CHECK(assessment.options[0].risk == Risk::disruptive);
    CHECK(assessment.options[0].why == "use of docker-only");
    CHECK(assessment.options[0].costs == "costs of docker-only");
}

TEST_CASE("signs are weighed over the facts of all steps, and what cannot be told is said") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .captures = {{"n", ".n"}}}).add({.id = "a.memory", .argv = {"x"}});
    world.runner.on("a.one", exited(0, R"({"n": 7})")).on("a.memory", exited(0, "memory 90 100"));
    world.runbook.causes = {cause(world, "leak",
                                  {{3, ".steps.a.one.captures.n == 7"},
                                   {2, ".memory.ratio > 0.8"},
                                   {2, ".features.retention > 0.5"},
                                   {1, ".memory.ratio < 0.5"}},
                                  {})};
    const auto assessment = world.diagnose().assessment;
    REQUIRE(assessment.causes.size() == 1);
    CHECK(assessment.causes[0].id == "leak");
    CHECK(assessment.causes[0].title == "Title of leak");
    CHECK(assessment.causes[0].score == 5);
    CHECK(assessment.causes[0].evidence ==
          Texts{"because .steps.a.one.captures.n == 7", "because .memory.ratio > 0.8"});
    CHECK(assessment.causes[0].unknown == Texts{"because .features.retention > 0.5"});
}

TEST_CASE("suggested is the first option that applies of the best cause that is believed") {
    World world;
    world.runbook.options = {option(world, "restart", "", {}), option(world, "raise-limit", "", {}),
                             option(world, "rollback", "false", {})};
    world.runbook.causes = {cause(world, "weak", {{1, "true"}}, {"restart"}),
                            cause(world, "strong", {{5, "true"}}, {"rollback", "raise-limit", "restart"})};
    const auto assessment = world.diagnose().assessment;
    CHECK(ids(assessment.options) == Texts{"restart", "raise-limit*"});
    CHECK(assessment.options[1].why == "for Title of strong: use of raise-limit");
    CHECK(assessment.options[0].why == "use of restart");
}

TEST_CASE("nothing is suggested without a cause that is believed, or without an option of it") {
    World world;
    world.runbook.options = {option(world, "restart", "", {})};
    CHECK(ids(world.diagnose().assessment.options) == Texts{"restart"});
    world.runbook.causes = {cause(world, "weak", {{1, "null"}}, {"restart"})};
    CHECK(ids(world.diagnose().assessment.options) == Texts{"restart"});
    world.runbook.causes = {cause(world, "strong", {{5, "true"}}, {"elsewhere"})};
    CHECK(ids(world.diagnose().assessment.options) == Texts{"restart"});
}

TEST_CASE("base and part of a request are read as the platform writes sizes, and one alone is told") {
    World world;
    world.target.limit = Bytes{512} << 20U;
    world.vars = {{"base_memory", "112m"}, {"request_memory", "4m"}};
    const auto docker = engine::assess_results(world.session(), {});
    REQUIRE(docker.capacity);
    CHECK(docker.capacity->safe == 61);
    CHECK(docker.warnings.empty());
    world.target.platform = Platform::kubernetes;
    world.vars = {{"base_memory", "112Mi"}, {"request_memory", "4Mi"}};
    CHECK(engine::assess_results(world.session(), {}).capacity->safe == 61);
    world.vars.erase("base_memory");
    const auto half = engine::assess_results(world.session(), {});
    CHECK_FALSE(half.capacity);
    CHECK(half.warnings == Texts{"base_memory and request_memory tell a capacity only together"});
    world.vars["base_memory"] = "much";
    CHECK(engine::assess_results(world.session(), {}).warnings.at(0).starts_with("base_memory: `much`"));
}
