#include "engine/remedy.h"

#include "remedy_scene.h"

using namespace memrb;
using test::disruptive;
using test::exited;
using test::Person;
using test::Scene;
using Texts = std::vector<std::string>;
using End = engine::RemedyResult::End;

TEST_CASE("a change is shown, agreed to, recorded before it is started, and checked") {
    Scene scene;
    scene.step({.id = "fix.restart", .argv = {"restart", "backend"}, .risk = disruptive});
    scene.check({.id = "fix.memory", .argv = {"memory"}});
    MemoryReading memory;
    memory.used = 200;
    scene.diagnosis.assessment.memory = memory;
    scene.world.runner.on("fix.restart", exited(0)).on("fix.memory", exited(0, "memory 50 100"));
    Person person({{Reply::run, {}}});
    const auto result = scene.run(person);
    CHECK(to_string(result.end) == "applied");
    CHECK(result.changed);
    CHECK(result.before == Bytes{200});
    CHECK(result.after == Bytes{50});
    REQUIRE(person.cards.size() == 1);
    CHECK(person.cards[0].commands == Texts{"$ restart backend"});
    CHECK(person.cards[0].costs == "ten seconds");
    CHECK(person.cards[0].risk == disruptive);
    CHECK(person.begun == 1);
    CHECK(person.ended == 1);
    CHECK(scene.decided() == Texts{"fix.restart: run"});
    // The decision and the start stand in the record before the command is run.
    const auto& events = scene.world.journal.events();
    CHECK(std::holds_alternative<Decided>(events.at(0).body));
    CHECK(std::holds_alternative<StepStarted>(events.at(1).body));
    CHECK(std::get<StepStarted>(events.at(1).body).risk == disruptive);
}

TEST_CASE("what is declined, done by hand or quit starts nothing") {
    for (const auto& [answer, status, end] :
         {std::tuple(Decision{Reply::skip, "too much traffic"}, "skipped: skipped: too much traffic", End::unchanged),
          std::tuple(Decision{Reply::by_hand, "in the console"}, "ok: done by hand: in the console", End::applied),
          std::tuple(Decision{Reply::quit, ""}, "skipped: not done: you quit", End::unchanged),
          std::tuple(Decision{Reply::interrupted, ""}, "interrupted: interrupted", End::interrupted)}) {
        Scene scene;
        scene.step({.id = "fix.restart", .argv = {"restart"}, .risk = disruptive});
        Person person({answer});
        const auto result = scene.run(person);
        CHECK(to_string(result.end) == to_string(end));
        CHECK(test::told(result.steps.at(0)) == status);
        CHECK_FALSE(result.changed);
        CHECK(scene.world.runner.calls().empty());
        CHECK(person.begun == 0);
    }
}

TEST_CASE("the evidence is saved once, before the first disruptive change") {
    Scene scene;
    scene.step({.id = "fix.one", .argv = {"one"}, .risk = disruptive});
    scene.step({.id = "fix.two", .argv = {"two"}, .risk = disruptive});
    auto logs = scene.world.make({.id = "evidence.logs", .argv = {"logs"}});
    logs.title = "last 500 log lines";
    scene.world.runbook.evidence.push_back(logs);
    SECTION("all of it") {
        scene.world.runner.on("evidence.logs", exited(0, "line")).on("fix.one", exited(0)).on("fix.two", exited(0));
        Person person({{Reply::run, {}}, {Reply::run, {}}});
        CHECK(to_string(scene.run(person).end) == "applied");
        CHECK(scene.world.runner.order() == Texts{"evidence.logs", "fix.one", "fix.two"});
        CHECK(person.cards.at(0).saved == Texts{"last 500 log lines"});
        CHECK(person.missing.empty());
    }
    SECTION("what could not be saved is asked about") {
        scene.world.runner.on("evidence.logs", exited(1, "", "no such container"));
        Person person({});
        const auto result = scene.run(person);
        CHECK(person.missing == Texts{"evidence.logs: exit 1: no such container"});
        CHECK(to_string(result.end) == "unchanged");
        CHECK(scene.world.runner.order() == Texts{"evidence.logs"});
    }
}

TEST_CASE("after a step that failed the rest is blocked, and the checks still tell how things are") {
    Scene scene;
    scene.step({.id = "fix.one", .argv = {"one"}, .risk = disruptive});
    scene.step({.id = "fix.two", .argv = {"two"}, .risk = disruptive});
    scene.check({.id = "fix.memory", .argv = {"memory"}});
    scene.world.runner.on("fix.one", exited(1, "", "denied")).on("fix.memory", exited(0, "memory 50 100"));
    Person person({{Reply::run, {}}});
    const auto result = scene.run(person);
    CHECK(to_string(result.end) == "failed");
    CHECK(result.why == "fix.one failed: exit 1: denied");
    CHECK(test::told(result.steps.at(1)) == "blocked: " + result.why);
    CHECK(result.after == Bytes{50});
}

TEST_CASE("a change that was broken off is unknown, never done or failed") {
    for (const Ending& ending :
         {Ending(Interrupted{}), Ending(TimedOut{Milliseconds{2'000}}), Ending(Unknown{"gone"})}) {
        Scene scene;
        scene.step({.id = "fix.one", .argv = {"one"}, .risk = disruptive});
        scene.world.runner.on("fix.one", test::ended(ending));
        Person person({{Reply::run, {}}});
        const auto result = scene.run(person);
        CHECK(to_string(result.end) == "unknown");
        CHECK(result.steps.at(0).status == StepStatus::unknown);
        CHECK(test::bodies<StepFinished>(scene.world.journal.events()).at(0).status == StepStatus::unknown);
    }
}

TEST_CASE("a change whose answer was lost is unknown, and nothing follows it") {
    Scene scene;
    scene.step({.id = "fix.one", .argv = {"one"}, .action = &test::open_ended, .risk = disruptive});
    scene.step({.id = "fix.two", .argv = {"two"}, .risk = disruptive});
    scene.world.runner.on("fix.one", exited(1));
    Person person({{Reply::run, {}}});
    const auto result = scene.run(person);
    CHECK(to_string(result.end) == "unknown");
    CHECK(test::told(result.steps.at(0)) == "unknown: the answer was lost: it may have taken effect or not");
    CHECK(result.steps.at(1).status == StepStatus::blocked);
    CHECK(result.changed);
}

TEST_CASE("a check that fails leaves the remedy unverified") {
    Scene scene;
    scene.step({.id = "fix.one", .argv = {"one"}, .risk = disruptive});
    scene.check({.id = "fix.healthy", .argv = {"healthy"}});
    scene.world.runner.on("fix.one", exited(0)).on("fix.healthy", exited(1));
    Person person({{Reply::run, {}}});
    const auto result = scene.run(person);
    CHECK(to_string(result.end) == "unverified");
    CHECK(result.why == "fix.healthy failed: exit 1");
}

TEST_CASE("no change is started without a record") {
    Scene scene;
    scene.step({.id = "fix.one", .argv = {"one"}, .risk = disruptive});
    scene.world.journal.fail_from(2);  // the decision is written, the start is not
    Person person({{Reply::run, {}}});
    const auto result = scene.run(person);
    CHECK(to_string(result.end) == "failed");
    CHECK(scene.world.runner.calls().empty());
    CHECK_FALSE(result.changed);
}

TEST_CASE("no change is asked for once the record has ended") {
    Scene scene;
    scene.step({.id = "fix.one", .argv = {"one"}, .risk = disruptive});
    scene.world.journal.fail_from(1);
    scene.world.log.emit(NoteAdded{"lost"});
    Person person({});
    const auto result = scene.run(person);
    CHECK(to_string(result.end) == "refused");
    CHECK(result.why == "a change without a record would be lost: not recorded any more: the disk is full");
    CHECK(scene.world.runner.calls().empty());
    CHECK_FALSE(result.changed);
}

TEST_CASE("the policy's refusal says which flag is missing, and nothing is asked") {
    Scene scene;
    scene.authority = {};
    scene.step({.id = "fix.one", .argv = {"one"}, .risk = disruptive});
    Person person({});
    const auto result = scene.run(person);
    CHECK(to_string(result.end) == "refused");
    CHECK(result.fault == Fault::answer_needed);
    CHECK(result.hint == "agree with --confirm=backend");
    CHECK(scene.decided() == Texts{"fix.one: refused, it is disruptive, and nobody is there to agree to it"});
}

TEST_CASE("the limit that the diagnosis proposes is used, unless another is given or it would be less") {
    const auto sent = [](std::optional<Bytes> fits, Limit present, const std::string& given, bool kube = false) {
        Scene scene;
        if (kube) {
            scene.world.target.kube = KubeRef{"prod", "shop", "deployment", "app=backend", "app", "100", 3};
        }
        scene.world.runbook.vars.push_back(
            {.name = "memory_limit", .fallback = {}, .help = {}, .secret = false, .mark = {}});
        scene.world.target.limit = present;
        if (fits) {
            scene.diagnosis.assessment.right_size = RightSize{*fits, "the peak"};
        }
        if (!given.empty()) {
            scene.world.vars["memory_limit"] = given;
        }
        scene.step({.id = "fix.update", .argv = {"update", "${memory_limit}"}, .risk = disruptive});
        std::string words = "nothing";
        scene.world.runner.on("fix.update", [&](const Request& request, const RunContext&, const Stop&) {
            words = std::get<Command>(request).argv.at(1);
            return exited(0);
        });
        Person person({{Reply::run, {}}});
        (void)scene.run(person);
        return words;
    };
    constexpr Bytes mebibyte = Bytes{1} << 20U;
    CHECK(sent(208 * mebibyte, Limit{64 * mebibyte}, "") == "208m");
    CHECK(sent(208 * mebibyte, Limit{NoLimit{}}, "") == "208m");
    CHECK(sent(208 * mebibyte, Limit{64 * mebibyte}, "", true) == "208Mi");
    CHECK(sent(208 * mebibyte - 1, Limit{64 * mebibyte}, "1g") == "1g");
}

TEST_CASE("an undo knows what the option's steps have captured") {
    Scene scene;
    scene.step({.id = "fix.file", .argv = {"edit"}, .captures = {{"copy", ".copy"}}, .risk = Risk::reversible});
    scene.option.undo.push_back(scene.world.make(
        {.id = "fix.back", .argv = {"restore", "${copy}"}, .needs = {"fix.file"}, .risk = Risk::reversible}));
    scene.world.runner.on("fix.file", exited(0, R"({"copy":"/state/file.before"})"));
    Person person({{Reply::run, {}}});
    const auto result = scene.run(person);
    REQUIRE(to_string(result.end) == "applied");

    scene.world.runner.on("fix.back", [](const Request& request, const RunContext&, const Stop&) {
        CHECK(std::get<Command>(request).argv == Texts{"restore", "/state/file.before"});
        return exited(0);
    });
    Person again({{Reply::run, {}}});
    CHECK(to_string(scene.run(again, &result).end) == "applied");
}
