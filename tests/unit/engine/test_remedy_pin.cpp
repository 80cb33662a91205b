// What somebody else has done to the target stops a change, what memrb itself has done does not.
#include "remedy_scene.h"

using namespace memrb;
using test::disruptive;
using test::exited;
using test::Person;
using test::Scene;
using Texts = std::vector<std::string>;

TEST_CASE("a target that moved is left alone") {
    Scene scene;
    scene.step({.id = "fix.restart", .argv = {"restart"}, .risk = disruptive});
    scene.step({.id = "fix.more", .argv = {"more"}, .risk = disruptive});
    SECTION("another container of that name") {
        scene.now = scene.world.target;
        scene.now->id = "0000000000";
        Person person({{Reply::run, {}}});
        const auto result = scene.run(person);
        CHECK(to_string(result.end) == "moved");
        CHECK(result.why == "backend is another container now than the one that was diagnosed");
        CHECK(test::told(result.steps.at(1)) == "blocked: " + result.why);
    }
    SECTION("started anew") {
        scene.now = scene.world.target;
        scene.now->started_at = Timestamp{} + std::chrono::hours(1);
        Person person({{Reply::run, {}}});
        CHECK(scene.run(person).why == "backend has been started anew since it was diagnosed");
    }
    SECTION("gone") {
        scene.gone = true;
        Person person({{Reply::run, {}}});
        CHECK(scene.run(person).why == "backend could not be found again: nothing is called backend");
    }
    CHECK(scene.world.runner.calls().empty());
}

TEST_CASE("what memrb's own change did to the target is no move") {
    Scene scene;
    scene.step({.id = "fix.restart", .argv = {"restart"}, .risk = disruptive});
    scene.step({.id = "fix.again", .argv = {"again", "${container}"}, .risk = disruptive});
    Target fresh = scene.world.target;
    fresh.id = "feedc0de";
    scene.world.runner
        .on("fix.restart",
            [&](const Request&, const RunContext&, const Stop&) {
                scene.now = fresh;
                return exited(0);
            })
        .on("fix.again", exited(0));
    Person person({{Reply::run, {}}, {Reply::run, {}}});
    const auto result = scene.run(person);
    CHECK(to_string(result.end) == "applied");
    CHECK(result.target.id == "feedc0de");
    CHECK(person.cards.at(1).commands == Texts{"$ again feedc0de"});
    CHECK(test::bodies<TargetPinned>(scene.world.journal.events()).size() == 1);
}

TEST_CASE("a workload of Kubernetes that was changed by somebody else is left alone") {
    Scene scene;
    scene.world.target.kube = KubeRef{"prod", "shop", "deployment", "app=backend", "app", "100", 3};
    scene.step({.id = "fix.one", .argv = {"one"}, .risk = disruptive});
    scene.step({.id = "fix.two", .argv = {"two"}, .risk = disruptive});
    scene.now = scene.world.target;
    SECTION("before memrb's change even a new status counts") {
        scene.now->kube->resource_version = "101";
        Person person({{Reply::run, {}}});
        const auto result = scene.run(person);
        CHECK(to_string(result.end) == "moved");
        CHECK(result.why == "backend has been changed since it was diagnosed (resourceVersion 100, now 101)");
    }
    SECTION("another one of that name") {
        scene.now->id = "0000000000";
        Person person({{Reply::run, {}}});
        CHECK(scene.run(person).why == "backend is another deployment now than the one that was diagnosed");
    }
    SECTION("after memrb's own change only another spec is somebody else's") {
        Person person({{Reply::run, {}}, {Reply::run, {}}});
        scene.world.runner.on("fix.one", exited(0)).on("fix.two", exited(0));
        scene.sights = {{"100", 3}, {"101", 4}, {"105", 4}, {"106", 5}};
        CHECK(to_string(scene.run(person).end) == "applied");
    }
    SECTION("and that stops the next change") {
        Person person({{Reply::run, {}}, {Reply::run, {}}});
        scene.world.runner.on("fix.one", exited(0));
        scene.sights = {{"100", 3}, {"101", 4}, {"105", 5}};
        CHECK(to_string(scene.run(person).end) == "moved");
    }
}

TEST_CASE("a Cloud Run service that somebody else has deployed or moved is left alone") {
    Scene scene;
    scene.world.target.id = "api-00003";
    scene.world.target.cloud_run = CloudRunRef{"aiprod", "europe-west1", "api", "api-00003", 3, 1};
    scene.step({.id = "fix.one", .argv = {"one"}, .risk = disruptive});
    scene.now = scene.world.target;
    Person person({{Reply::run, {}}});
    SECTION("another spec") {
        scene.now->cloud_run->generation = 4;
        const auto result = scene.run(person);
        CHECK(to_string(result.end) == "moved");
        CHECK(result.why ==
              "backend has been changed since it was diagnosed (generation 3 with api-00003, now 4 with api-00003)");
    }
    SECTION("a revision that is ready by now") {
        scene.now->cloud_run->latest_ready = "api-00004";
        CHECK(to_string(scene.run(person).end) == "moved");
    }
    SECTION("traffic that goes elsewhere") {
        scene.now->id = "api-00002";
        CHECK(scene.run(person).why == "backend is served by api-00002 now, not by api-00003 as when it was diagnosed");
    }
    SECTION("nothing of that") {
        scene.world.runner.on("fix.one", exited(0));
        CHECK(to_string(scene.run(person).end) == "applied");
    }
}
