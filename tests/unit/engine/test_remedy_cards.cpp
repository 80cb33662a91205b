// What a person is shown before the answer: tasks, the lines of an edit, edited arguments.
#include "remedy_scene.h"

using namespace memrb;
using test::disruptive;
using test::exited;
using test::Person;
using test::Scene;
using Texts = std::vector<std::string>;

TEST_CASE("a task is for a person, and its answer is recorded") {
    Scene scene;
    scene.step({.id = "fix.call", .action = &test::task, .text = "Call the owner of backend."});
    Person person({{Reply::by_hand, "called"}});
    const auto result = scene.run(person);
    CHECK(to_string(result.end) == "applied");
    REQUIRE(person.tasks.size() == 1);
    CHECK(person.tasks[0].instructions == "Call the owner of backend.");
    CHECK_FALSE(result.changed);
    CHECK(scene.decided() == Texts{"fix.call: by hand, called"});
}

TEST_CASE("what a read says that is no reading is shown with the task that follows, and with no other") {
    Scene scene;
    scene.step({.id = "fix.snapshot", .argv = {"snapshot"}});
    scene.step({.id = "fix.find", .action = &test::task, .text = "Find it."});
    scene.step({.id = "fix.fix", .action = &test::task, .text = "Fix it."});
    scene.world.runner.on("fix.snapshot", exited(0, "app.py:47 30 MiB\n"));
    Person person({{Reply::by_hand, {}}, {Reply::by_hand, {}}});
    (void)scene.run(person);
    REQUIRE(person.tasks.size() == 2);
    CHECK(person.tasks[0].shown_step == "fix.snapshot");
    CHECK(person.tasks[0].shown == "app.py:47 30 MiB\n");
    CHECK(person.tasks[1].shown.empty());
}

TEST_CASE("an edit shows the lines that it would change, and changes nothing before the answer") {
    Scene scene;
    scene.step({.id = "fix.file", .action = &test::edit, .text = "128m", .risk = Risk::reversible});
    scene.world.runner
        .on("",
            [](const Request& request, const RunContext&, const Stop&) {
                CHECK(std::get<FileEdit>(request).preview);
                return exited(0, R"({"file":"/srv/compose.yml","lines":[)"
                                 R"({"number":7,"removed":"mem_limit: 64m","added":["mem_limit: 128m"]},)"
                                 R"({"number":9,"removed":null,"added":["a:","  b: 1"]}]})");
            })
        .on("fix.file", [](const Request& request, const RunContext&, const Stop&) {
            CHECK_FALSE(std::get<FileEdit>(request).preview);
            return exited(0);
        });
    Person person({{Reply::run, {}}});
    CHECK(to_string(scene.run(person).end) == "applied");
    REQUIRE(person.cards.size() == 1);
    CHECK(person.cards[0].commands == Texts{"edit compose.yml", "set services.backend.mem_limit to 128m",
                                            "in /srv/compose.yml:", "- 7: mem_limit: 64m", "+ 7: mem_limit: 128m",
                                            "+ 10: a:", "+ 11:   b: 1"});
}

TEST_CASE("an edit that cannot be done asks nobody") {
    Scene scene;
    scene.step({.id = "fix.file", .action = &test::edit, .text = "128m", .risk = Risk::reversible});
    scene.world.runner.on("", test::ended(NotStarted{"compose.yml: there is no services.backend"}));
    Person person({});
    const auto result = scene.run(person);
    CHECK(to_string(result.end) == "failed");
    CHECK(result.why == "fix.file failed: compose.yml: there is no services.backend");
    CHECK_FALSE(result.changed);
}

TEST_CASE("edited arguments are shown as the change that they are, one risk higher, and recorded") {
    Scene scene;
    scene.step({.id = "fix.restart", .argv = {"restart", "backend"}, .risk = disruptive});
    scene.world.runner.on("fix.restart", exited(0));
    Person person({{Reply::edit, "", {"restart", "--time", "3", "backend"}}, {Reply::run, {}}});
    const auto result = scene.run(person);
    CHECK(to_string(result.end) == "applied");
    REQUIRE(person.cards.size() == 2);
    CHECK(person.cards[0].editable == Texts{"restart", "backend"});
    CHECK(person.cards[1].commands == Texts{"$ restart --time 3 backend"});
    CHECK(person.cards[1].risk == Risk::irreversible);
    CHECK(person.cards[1].consent == Consent::ask_for_name);
    REQUIRE(scene.world.runner.calls().size() == 1);
    CHECK(std::get<Command>(scene.world.runner.calls()[0].request).argv == Texts{"restart", "--time", "3", "backend"});
    CHECK(scene.decided() ==
          Texts{"fix.restart: edit, restart backend -> restart --time 3 backend", "fix.restart: run"});
}
