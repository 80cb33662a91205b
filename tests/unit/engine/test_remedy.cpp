#include "engine/remedy.h"

#include "world.h"

#include <deque>

using namespace memrb;
using engine::RemedyResult;
using test::exited;
using test::World;
using Texts = std::vector<std::string>;
using End = RemedyResult::End;

namespace {

/// Answers in turn, and keeps what it was shown. A question too many is answered with quit and fails the test.
class Person final : public Operator {
public:
    explicit Person(std::deque<Decision> answers) : answers_(std::move(answers)) {}
    Person(const Person&) = delete;
    Person& operator=(const Person&) = delete;
    Person(Person&&) = delete;
    Person& operator=(Person&&) = delete;
    ~Person() override { CHECK(answers_.empty()); }

    Decision decide(const ChangeCard& card) override {
        cards.push_back(card);
        return next();
    }
    Decision task(const TaskCard& card) override {
        tasks.push_back(card);
        return next();
    }
    bool go_on_without(const std::vector<std::string>& not_saved) override {
        missing = not_saved;
        return goes_on;
    }
    void change_begins(Milliseconds) override { ++begun; }
    void change_ends() override { ++ended; }

    std::vector<ChangeCard> cards;
    std::vector<TaskCard> tasks;
    Texts missing;
    bool goes_on = false;
    int begun = 0;
    int ended = 0;

private:
    Decision next() {
        if (answers_.empty()) {
            FAIL_CHECK("a question that was not expected");
            return {Reply::quit, {}};
        }
        Decision answer = answers_.front();
        answers_.pop_front();
        return answer;
    }

    std::deque<Decision> answers_;
};

constexpr Risk disruptive = Risk::disruptive;

/// An option with steps, checks and evidence, on the World's target.
struct Scene {
    World world;
    Option option;
    engine::Diagnosis diagnosis;
    engine::Authority authority{.can_ask = true};
    std::optional<Target> now;  ///< what looking again finds; empty: the pinned target
    bool gone = false;
    std::size_t looks = 0;
    std::vector<std::pair<std::string, int>> sights;  ///< resource version and generation that each look finds

    Scene() {
        option.id = "fix";
        option.costs = "ten seconds";
    }

    Scene& step(const test::StepSpec& spec) {
        option.steps.push_back(world.make(spec));
        return *this;
    }
    Scene& check(const test::StepSpec& spec) {
        option.verify.push_back(world.make(spec));
        return *this;
    }

    RemedyResult run(Operator& person, const RemedyResult* undo = nullptr) {
        const engine::Programs programs(world.runbook.programs);
        const engine::RemedyPlan plan{option, undo, diagnosis, authority, [this]() -> Result<Target> {
                                          ++looks;
                                          if (gone) {
                                              return fail(Fault::failed, "nothing is called backend");
                                          }
                                          if (looks <= sights.size()) {
                                              now->kube->resource_version = sights[looks - 1].first;
                                              now->kube->generation = sights[looks - 1].second;
                                          }
                                          return now.value_or(world.target);
                                      }};
        return engine::run_remedy(plan, world.session(), {world.runner, world.log, programs, world.stop}, person);
    }

    // What was decided, as `step: answer`.
    Texts decided() const {
        Texts all;
        for (const auto& one : test::bodies<Decided>(world.journal.events())) {
            all.push_back(one.step + ": " + one.answer + (one.why.empty() ? "" : ", " + one.why));
        }
        return all;
    }
};

}  // namespace

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
