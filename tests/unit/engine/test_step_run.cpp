#include "engine/step_run.h"

#include "world.h"

#include <csignal>

using namespace memrb;
using memrb::test::answered;
using memrb::test::ended;
using memrb::test::exited;
using memrb::test::told;
using memrb::test::World;
using Texts = std::vector<std::string>;

namespace {

// One step with one answer, told.
std::string told_of(const test::StepSpec& spec, Outcome outcome) {
    World world;
    world.add(spec);
    world.runner.on(spec.id, std::move(outcome));
    return told(world.run().front());
}

std::string told_of(Outcome outcome) {
    return told_of({.id = "a.one", .argv = {"x"}}, std::move(outcome));
}

}  // namespace

TEST_CASE("the status follows from readings and ending") {
    CHECK(told_of(exited(0)) == "ok");
    CHECK(told_of(exited(0, "memory 1 2")) == "ok");
    CHECK(told_of(exited(0, "nothing the answer is empty")) == "no data: the answer is empty");
    CHECK(told_of(exited(1, "nothing docker does not answer")) == "failed: docker does not answer");
    CHECK(told_of(exited(0, "nothing one source\nmemory 1 2")) == "ok");
    CHECK(told_of(exited(1, "memory 1 2")) == "ok");
    CHECK(told_of(exited(0, "skipped no permission to read the kernel log")) ==
          "skipped: no permission to read the kernel log");
    CHECK(told_of(exited(2, "", "\n  usage: x\nmore")) == "failed: exit 2: usage: x");
    CHECK(told_of(exited(2)) == "failed: exit 2");
    CHECK(told_of(ended(Signalled{SIGKILL})) == "failed: killed by SIGKILL");
    CHECK(told_of(ended(TimedOut{Milliseconds{2'000}})) == "failed: timed out after 2.0 s");
    CHECK(told_of(ended(NotStarted{.why = "docker is not installed", .missing_tool = true})) ==
          "failed: docker is not installed");
    CHECK(told_of(ended(Unknown{"the connection broke"})) == "failed: unknown: the connection broke");
    CHECK(told_of(answered(204)) == "ok");
    CHECK(told_of(answered(503)) == "failed: HTTP 503");
    CHECK(told_of(ended(Interrupted{})) == "interrupted: interrupted");
}

TEST_CASE("what a tool says is made harmless before it is shown") {
    CHECK(told_of(exited(1, "", "\x1b[31mred\x1b[0m\n")) == "failed: exit 1: \\x1b[31mred\\x1b[0m");
}

TEST_CASE("note and warnings of the action are handed on") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}});
    world.runner.on("a.one", exited(0, "note 3 kills\nwarning the answer is partial"));
    const auto results = world.run();
    CHECK(results[0].note == "3 kills");
    CHECK(results[0].warnings == Texts{"the answer is partial"});
    const auto finished = test::bodies<StepFinished>(world.journal.events());
    REQUIRE(finished.size() == 1);
    CHECK(finished[0].note == "3 kills");
    CHECK(finished[0].warnings == Texts{"the answer is partial"});
}

TEST_CASE("a step's events say what is run while it runs, and how it ended") {
    World world;
    world.add({.id = "a.one", .argv = {"docker", "inspect", "${target}"}, .captures = {{"n", ".n"}}});
    world.runner.on("a.one", [&](const Request& request, const RunContext& context, const Stop&) {
        context.launched();
        const auto started = test::bodies<StepStarted>(world.journal.events());
        const bool told_before = started.size() == 1 && started[0].request == request;
        return told_before ? exited(0, R"({"n": [1, "two"]})") : exited(1);
    });
    world.run();
    const auto& events = world.journal.events();
    REQUIRE(events.size() == 2);
    const auto started = std::get<StepStarted>(events[0].body);
    CHECK(started.step == "a.one");
    CHECK(started.title == "title of a.one");
    CHECK(started.action == "probe");
    CHECK(started.risk == Risk::read);
    CHECK(started.timeout == Milliseconds{30'000});
    CHECK(std::get<Command>(started.request).argv == Texts{"docker", "inspect", "backend"});
    const auto finished = std::get<StepFinished>(events[1].body);
    CHECK(finished.step == "a.one");
    CHECK(finished.status == StepStatus::ok);
    CHECK(finished.outcome.ending == Ending{Exited{0}});
    CHECK(finished.captures == Pairs{{"n", R"([1,"two"])"}});
    CHECK(world.observer.events.size() == 2);
}

TEST_CASE("conditions: yes, no, and what cannot be told") {
    World world;
    world.vars["language"] = "python";
    world.add({.id = "a.yes", .argv = {"x"}, .when = R"(.target.platform == "docker" and .vars.language == "python")"});
    world.add({.id = "a.no", .argv = {"x"}, .when = ".target.running | not"});
    world.add({.id = "a.null", .argv = {"x"}, .when = ".vars.nothing"});
    world.add({.id = "a.error", .argv = {"x"}, .when = ".target.name | tonumber"});
    world.add({.id = "a.empty", .argv = {"x"}, .when = "empty"});
    world.add({.id = "a.order", .argv = {"x"}, .when = ".memory.ratio < 0.8"});
    world.runner.on("a.yes", exited(0));
    CHECK(told(world.run()) ==
          Texts{"ok", "skipped: only when .target.running | not", "skipped: cannot tell whether .vars.nothing",
                "skipped: cannot tell whether .target.name | tonumber", "skipped: cannot tell whether empty",
                "skipped: cannot tell whether .memory.ratio < 0.8"});
    const auto skipped = test::bodies<StepSkipped>(world.journal.events());
    REQUIRE(skipped.size() == 5);
    CHECK(skipped[0].title.starts_with("title of a."));
}

TEST_CASE("what cannot be planned is skipped where it does not apply, failed where it should") {
    World world;
    world.jobs = 1;  // the events are looked at in order
    world.add({.id = "a.elsewhere", .action = &test::elsewhere});
    world.add({.id = "a.unplannable", .action = &test::unplannable});
    world.add({.id = "a.unset", .argv = {"curl", "${health_url}"}});
    world.add(
        {.id = "a.task", .action = &test::task, .text = "\n  Look at the dashboard\x07 of ${target}\nand decide"});
    CHECK(told(world.run()) == Texts{"skipped: backend is not a Compose service",
                                     "failed: docker is not installed; install docker-ce-cli",
                                     "skipped: `health_url` has no value; give it one: --set health_url=VALUE",
                                     "skipped: for a person: Look at the dashboard\\x07 of backend"});
    CHECK(test::bodies<StepStarted>(world.journal.events()).empty());
    CHECK(test::bodies<StepSkipped>(world.journal.events())[1].status == StepStatus::failed);
}

TEST_CASE("an action that throws makes its step fail, not the diagnosis") {
    World world;
    world.add({.id = "a.thrower", .argv = {"x"}, .action = &test::thrower});
    world.add({.id = "a.one", .argv = {"x"}});
    world.runner.on("a.thrower", exited(0)).on("a.one", exited(0));
    CHECK(told(world.run()) ==
          Texts{"failed: memrb itself failed at this step: type must be string, but is \\x1b[31m", "ok"});
    CHECK(test::bodies<StepFinished>(world.journal.events()).size() == 2);
}

TEST_CASE("expect judges the output, and the exit code or status too") {
    const auto with = [](std::string expect, Outcome outcome) {
        return told_of({.id = "a.one", .argv = {"x"}, .expect = std::move(expect)}, std::move(outcome));
    };
    CHECK(with(".n == 1", exited(0, R"({"n":1})")) == "ok");
    CHECK(with(".n == 1", exited(0, R"({"n":2})")) == "failed: not as expected: .n == 1");
    CHECK(with(".n < 1", exited(0, R"({})")) == "failed: cannot be compared with what is expected: .n < 1");
    CHECK(with(".stdout | tonumber > 3", exited(0, "7\n")) == "ok");
    CHECK(with(".exit == 1", exited(1)) == "ok");
    CHECK(with(".exit == 1", exited(1, "nothing exit 1 means that it is not there")) == "ok");
    CHECK(with(".exit == 1", exited(0)) == "failed: not as expected: .exit == 1");
    CHECK(with(".status == 404", answered(404)) == "ok");
    CHECK(with(".status == 200", answered(503)) == "failed: not as expected: .status == 200 (HTTP 503)");
    CHECK(with(R"(.json.ok == true)", answered(200, R"({"ok":true})")) == "ok");
    // An expectation that does not look at the end does not excuse it.
    CHECK(with(".stdout == \"\"", exited(1, "", "the engine is down")) == "failed: exit 1: the engine is down");
    CHECK(with(".json == null", answered(500)) == "failed: HTTP 500");
    // What did not end by itself has nothing to expect of.
    CHECK(with("true", ended(TimedOut{Milliseconds{1'000}})) == "failed: timed out after 1.0 s");
    CHECK(with("true", ended(Signalled{SIGTERM})) == "failed: killed by SIGTERM");
    CHECK(with("true", ended(NotStarted{"no such tool"})) == "failed: no such tool");
    CHECK(with("true", exited(0, "nothing here")) == "no data: here");
}

TEST_CASE("a bad exit code that was expected leaves no word that nothing was learnt") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .expect = ".exit == 1", .captures = {{"code", ".exit"}}});
    world.runner.on("a.one", exited(1, "nothing exit 1"));
    const auto results = world.run();
    CHECK(results[0].readings.empty());
    CHECK(results[0].captures == Pairs{{"code", "1"}});
}

TEST_CASE("a capture that fails is a warning and nothing more") {
    World world;
    world.add(
        {.id = "a.one",
         .argv = {"x"},
         .captures = {{"good", ".stdout"}, {"null", ".nothing"}, {"error", ".stdout | tonumber"}, {"none", "empty"}}});
    world.runner.on("a.one", exited(0, "seven\n"));
    const auto results = world.run();
    CHECK(told(results) == Texts{"ok"});
    CHECK(results[0].captures == Pairs{{"good", R"("seven")"}});
    CHECK(results[0].warnings == Texts{"nothing to capture as `null`: the output does not hold it",
                                       "nothing to capture as `error`: Invalid numeric literal at EOF at line 1, "
                                       "column 5 (while parsing 'seven')",
                                       "nothing to capture as `none`: the output does not hold it"});
    CHECK(test::bodies<StepFinished>(world.journal.events())[0].warnings == results[0].warnings);
}

TEST_CASE("a capture keeps jq's own order of null, which only conditions are careful with") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .captures = {{"small", "[.[] | select(.n < 5)] | length"}}});
    world.runner.on("a.one", exited(0, R"([{"n":1},{"n":null},{"n":9}])"));
    CHECK(world.run()[0].captures == Pairs{{"small", "2"}});
}

TEST_CASE("a capture that is too large for a command or a fact is refused") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .captures = {{"all", "."}, {"long", ".[0]"}, {"length", "length"}}});
    world.runner.on("a.one", exited(0, "[\"" + std::string(70'000, 'x') + "\"]"));
    const auto results = world.run();
    CHECK(results[0].captures == Pairs{{"length", "1"}});
    CHECK(results[0].warnings == Texts{"nothing to capture as `all`: the value is larger than 64 KiB",
                                       "nothing to capture as `long`: the value is larger than 64 KiB"});
}

TEST_CASE("nothing is captured from a step that failed") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .captures = {{"out", ".stdout"}}});
    world.runner.on("a.one", exited(1, "text"));
    const auto results = world.run();
    CHECK(results[0].captures.empty());
    CHECK(results[0].warnings.empty());
}

TEST_CASE("retry: again until it is as expected, with a wait in between") {
    World world;
    world.add({.id = "a.one",
               .argv = {"curl"},
               .expect = ".n == 3",
               .captures = {{"n", ".n"}},
               .retry = Retry{Milliseconds{2'000}, Milliseconds{60'000}}});
    for (int i = 1; i <= 3; ++i) {
        world.runner.on("a.one", exited(0, "{\"n\":" + std::to_string(i) + "}"));
    }
    world.runner.on_wait("a.one", exited(0)).on_wait("a.one", exited(0));
    const auto results = world.run();
    CHECK(told(results) == Texts{"ok"});
    CHECK(results[0].note == "3 attempts");
    CHECK(results[0].captures == Pairs{{"n", "3"}});
    CHECK(std::get<Wait>(world.runner.calls()[1].request).duration == Milliseconds{2'000});
    CHECK(world.runner.calls()[1].context.timeout > Milliseconds{2'000});
    CHECK(test::bodies<StepStarted>(world.journal.events()).size() == 1);
    CHECK(test::bodies<StepFinished>(world.journal.events()).size() == 1);
}

TEST_CASE("retry: no longer than it was told, counting attempts and waits") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .retry = Retry{Milliseconds{1'000}, Milliseconds{3'000}}});
    for (int i = 0; i < 3; ++i) {  // 0.1 + 1 + 0.1 + 1 + 0.1 s, and a further wait would end after 3 s
        world.runner.on("a.one", exited(i + 1));
    }
    world.runner.on_wait("a.one", exited(0)).on_wait("a.one", exited(0));
    CHECK(told(world.run()) == Texts{"failed: exit 3, 3 attempts"});
}

TEST_CASE("retry: no data is worth another look, a skipped step is not") {
    World world;
    const Retry retry{Milliseconds{1'000}, Milliseconds{60'000}};
    world.add({.id = "a.one", .argv = {"x"}, .retry = retry});
    world.add({.id = "a.two", .argv = {"x"}, .retry = retry});
    world.runner.on("a.one", exited(0, "nothing yet")).on("a.one", exited(0, "memory 1 2")).on_wait("a.one", exited(0));
    world.runner.on("a.two", exited(0, "skipped no permission"));
    CHECK(told(world.run()) == Texts{"ok", "skipped: no permission"});
}

TEST_CASE("retry: Ctrl-C between two attempts ends it") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .retry = Retry{Milliseconds{1'000}, Milliseconds{60'000}}});
    world.runner.on("a.one", exited(1)).on_wait("a.one", ended(Interrupted{}));
    CHECK(told(world.run()) == Texts{"interrupted: interrupted between two attempts: exit 1"});
}

TEST_CASE("each step is run with its own timeout, memory and place for its output") {
    World world;
    world.journal.set_folder("/incident");
    world.add({.id = "a.short", .argv = {"x"}});
    world.add({.id = "a.long", .action = &test::ask, .text = "up"});
    world.runbook.diagnose[0].steps[0].timeout = Milliseconds{5'000};
    world.runner.on("a.short", [](const Request&, const RunContext& context, const Stop&) {
        Outcome outcome = exited(0);
        outcome.out.file = (context.spill_dir / "a.short.out").string();
        return outcome;
    });
    world.runner.on("a.long", answered(200));
    world.jobs = 1;
    const auto results = world.run();
    const auto calls = world.runner.calls();
    CHECK(calls[0].context.step == "a.short");
    CHECK(calls[0].context.timeout == Milliseconds{5'000});
    CHECK(calls[0].context.keep == Bytes{1} << 20U);
    CHECK(calls[0].context.spill_dir == "/incident/outputs");
    CHECK(results[0].outcome.out.file == "outputs/a.short.out");
    CHECK(calls[1].context.timeout == Milliseconds{30'000});
    CHECK(calls[1].context.keep == 2 * HttpRequest{}.max_body);
}
