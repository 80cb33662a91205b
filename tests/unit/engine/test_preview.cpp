// The dry run of options: what would be sent, what it depends on, and nothing that is started.
#include "engine/preview.h"

#include "world.h"

using namespace memrb;
using engine::Truth;
using memrb::test::told;
using memrb::test::World;
using Texts = std::vector<std::string>;

namespace {

/// A runbook with one diagnosis step that captures `bytes`, and one option.
class Dry {
public:
    Dry() {
        world.add({.id = "usage.inspect", .argv = {"docker", "inspect", "${target}"}, .captures = {{"bytes", ".b"}}});
        option.id = "raise";
    }

    Step& step(const test::StepSpec& spec) { return option.steps.emplace_back(world.make(spec)); }

    engine::OptionPreview preview(const std::map<std::string, engine::StepResult>& settled = {}) {
        const engine::Programs programs(world.runbook.programs);
        const engine::Session session = world.session();
        const engine::PreviewInstruments instruments{world.log, programs, world.stop};
        diagnosis = engine::preview_diagnosis(session, instruments);
        return engine::preview_option(option, diagnosis, session, instruments, settled);
    }

    World world;  ///< checks at its end that no runner was asked for anything
    Option option;
    std::vector<engine::StepResult> diagnosis;
};

Texts argv_of(const engine::StepResult& result) {
    return std::get<Command>(result.request.value()).argv;
}

}  // namespace

TEST_CASE("an option's dry run shows each request, with holes for what only the steps before would tell") {
    Dry dry;
    dry.step({.id = "raise.before", .argv = {"cat", "limit"}, .captures = {{"old", ".stdout"}}});
    dry.step({.id = "raise.set", .argv = {"docker", "update", "${target}"}, .risk = Risk::disruptive});
    dry.step({.id = "raise.uses", .argv = {"${bytes}", "${old}"}, .needs = {"usage.inspect", "raise.before"}});
    dry.step({.id = "raise.person", .action = &test::task, .text = "Deploy it.\nThen look."});
    dry.step({.id = "raise.unset", .argv = {"${health_url}"}});
    dry.step({.id = "raise.elsewhere", .action = &test::elsewhere, .needs = {"raise.before"}});
    dry.option.undo.push_back(
        dry.world.make({.id = "raise.back", .argv = {"set", "${old}"}, .needs = {"raise.before"}}));
    dry.option.verify.push_back(dry.world.make({.id = "raise.check", .argv = {"check"}}));
    dry.world.runbook.evidence.push_back(dry.world.make({.id = "evidence.logs", .argv = {"docker", "logs"}}));
    const auto preview = dry.preview();

    CHECK(told(dry.diagnosis) == Texts{"previewed"});
    CHECK(told(preview.steps) == Texts{"previewed", "previewed", "depends: depends on usage.inspect, raise.before",
                                       "not previewable: for a person: Deploy it.",
                                       "skipped: `health_url` has no value; give it one: --set health_url=VALUE",
                                       "skipped: backend is not a Compose service"});
    CHECK(told(preview.evidence) == Texts{"previewed"});  // the option disrupts
    CHECK(told(preview.checks) == Texts{"previewed"});
    CHECK(told(preview.undo) == Texts{"depends: depends on raise.before"});
    CHECK(argv_of(preview.steps[1]) == Texts{"docker", "update", "backend"});
    CHECK(argv_of(preview.steps[2]) == Texts{"${bytes}", "${old}"});
    CHECK(preview.steps[2].waits_for == Texts{"usage.inspect", "raise.before"});
    CHECK(argv_of(preview.undo[0]) == Texts{"set", "${old}"});
}

TEST_CASE("a condition over what is not known yet is unknown, and what the target or a variable settles is settled") {
    Dry dry;
    const Texts needs{"usage.inspect"};
    const std::string steps = ".steps.usage.inspect.captures.bytes > 1";
    dry.world.vars["cpu"] = "2";
    dry.step({.id = "raise.open", .argv = {"x"}, .when = steps, .needs = needs});
    dry.step({.id = "raise.cluster",
              .argv = {"x"},
              .when = R"(.target.platform == "kubernetes" and )" + steps,
              .needs = needs});
    dry.step({.id = "raise.vars", .argv = {"x"}, .when = ".vars.cpu == null and " + steps, .needs = needs});
    dry.step({.id = "raise.memory", .argv = {"x"}, .when = ".memory.ratio > 0.9", .needs_assessment = true});
    dry.step({.id = "raise.here", .argv = {"x"}, .when = R"(.target.platform == "docker")"});
    dry.step({.id = "raise.not_here", .argv = {"x"}, .when = R"(.target.platform != "docker")"});
    const auto preview = dry.preview();
    CHECK(told(preview.steps) ==
          Texts{"depends: depends on usage.inspect",
                R"(skipped: only when .target.platform == "kubernetes" and .steps.usage.inspect.captures.bytes > 1)",
                "skipped: only when .vars.cpu == null and .steps.usage.inspect.captures.bytes > 1",
                "depends: depends on what is measured", "previewed",
                R"(skipped: only when .target.platform != "docker")"});
    const std::vector<std::optional<Truth>> conditions{Truth::unknown, Truth::no,  Truth::no,
                                                       Truth::unknown, Truth::yes, Truth::no};
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        CHECK(preview.steps[i].condition == conditions[i]);
    }
    CHECK(preview.evidence.empty());  // it only reads

    Dry known;  // a hole in the command leaves its condition as it is
    known.step({.id = "raise.hole", .argv = {"${bytes}"}, .when = R"(.target.platform == "docker")", .needs = needs});
    CHECK(known.preview().steps[0].condition == Truth::yes);
    CHECK(told(known.preview().steps) == Texts{"depends: depends on usage.inspect"});
}

TEST_CASE("a limit that the diagnosis would propose is a hole, and no condition on it is settled") {
    Dry dry;
    dry.world.runbook.vars.push_back({"memory_limit", std::nullopt, {}, false, {}});
    dry.step({.id = "raise.set", .argv = {"update", "${memory_limit}"}, .risk = Risk::disruptive});
    dry.step({.id = "raise.by_hand", .action = &test::task, .text = "Do it.", .when = ".vars.memory_limit == null"});
    auto preview = dry.preview();
    CHECK(told(preview.steps) ==
          Texts{"depends: depends on what is measured", "not previewable: for a person: Do it."});
    CHECK(argv_of(preview.steps[0]) == Texts{"update", "${memory_limit}"});
    CHECK(preview.steps[1].condition == Truth::unknown);

    dry.world.vars["memory_limit"] = "1g";
    preview = dry.preview();
    CHECK(told(preview.steps) == Texts{"previewed", "skipped: only when .vars.memory_limit == null"});
    CHECK(preview.steps[1].condition == Truth::no);  // `.vars.memory_limit` is not `.memory`
    CHECK(argv_of(preview.steps[0]) == Texts{"update", "1g"});
}

TEST_CASE("whether an option applies is told as far as it is known") {
    Dry dry;
    const auto applies = [&](const std::string& condition) {
        dry.option.applies = dry.world.jq(condition);
        return dry.preview().applies;
    };
    CHECK(applies(R"(.target.platform == "docker")") == Truth::yes);
    CHECK(applies(R"(.target.platform == "kubernetes")") == Truth::no);
    CHECK(applies(".memory.ratio > 0.9") == Truth::unknown);
    CHECK(applies(".memory == null") == Truth::unknown);
    CHECK(applies(".steps.usage.inspect.captures.bytes == null") == Truth::unknown);
    CHECK(applies(R"(.target.platform == "kubernetes" and .memory.ratio > 0.9)") == Truth::no);
}

TEST_CASE("what an interrupted run has done is taken from its record, and its values are filled in") {
    Dry dry;
    dry.step({.id = "raise.before", .argv = {"cat", "limit"}, .captures = {{"old", ".stdout"}}});
    dry.step({.id = "raise.set", .argv = {"update", "${old}"}, .needs = {"raise.before"}, .risk = Risk::disruptive});
    engine::StepResult done;
    done.status = StepStatus::ok;
    done.captures = {{"old", "\"64m\""}};
    const auto preview = dry.preview({{"raise.before", done}});
    CHECK(told(preview.steps) == Texts{"ok", "previewed"});
    CHECK(argv_of(preview.steps[1]) == Texts{"update", "64m"});
}

TEST_CASE("the first look of a watch is previewed: the reads that need nothing else") {
    World world;
    world.add({.id = "a.one", .argv = {"x"}, .captures = {{"n", ".n"}}});
    world.add({.id = "a.two", .argv = {"${n}"}, .needs = {"a.one"}});
    world.add({.id = "a.three", .argv = {"y"}, .when = ".memory.ratio > 0.9", .needs_assessment = true});
    const engine::Programs programs(world.runbook.programs);
    const auto results = engine::preview_look(world.session(), {world.log, programs, world.stop});
    CHECK(told(results) == Texts{"previewed"});
    CHECK(results[0].step->id == "a.one");
}
