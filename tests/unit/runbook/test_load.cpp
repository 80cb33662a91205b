#include "runbook/load.h"

#include "fake_actions.h"

#include <fmt/core.h>
#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::runbook;
using namespace std::chrono_literals;

namespace {

const std::string heading = "memrb: 1\nid: test\ntitle: Test\n";

Runbook load(const std::string& rest) {
    const std::string bytes = heading + rest;
    auto loaded = load_runbook(bytes, "test.yaml", fake_actions());
    INFO((loaded ? std::string() : render(loaded.error(), bytes, false)));
    REQUIRE(loaded);
    CHECK(loaded->warnings.empty());
    return std::move(loaded->runbook);
}

// A runbook whose only group, `g`, has these steps, one flow map each.
Runbook with_steps(const std::vector<std::string>& steps, const std::string& rest = {}) {
    std::string text = rest + "diagnose:\n  - id: g\n    steps:\n";
    for (const auto& step : steps) {
        text += "      - " + step + "\n";
    }
    return load(text);
}

const Step& step(const Runbook& book, std::size_t index) {
    return book.diagnose.at(0).steps.at(index);
}

std::string first_error(const std::string& rest) {
    const auto loaded = load_runbook(heading + rest, "test.yaml", fake_actions());
    REQUIRE_FALSE(loaded);
    return loaded.error().front().message;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("the least runbook compiles, and has the usual thresholds") {
    const Runbook book = with_steps({"{id: s, tool: ls}"});
    CHECK(book.id == "test");
    CHECK(book.title == "Test");
    CHECK(book.origin == "test.yaml");
    CHECK(book.digest.size() == 64);
    CHECK(step(book, 0).id == "g.s");
    CHECK(step(book, 0).risk == Risk::read);
    CHECK(step(book, 0).mark.line == 7);
    CHECK(step(book, 0).mark.column == 9);
    REQUIRE(book.thresholds.size() == 5);
    CHECK(book.thresholds[1].at == Approx(0.80));
    CHECK(book.thresholds[1].for_ == 5min);
    CHECK(book.thresholds[4].level == Level::oom);
    CHECK_FALSE(book.watch);
    CHECK_FALSE(book.recovered);
}

TEST_CASE("the digest is that of the bytes as they are") {
    const std::string rest = "diagnose: [{id: g, steps: [{id: s, tool: ls}]}]\n";
    const auto unix_ends = load_runbook(heading + rest, "a", fake_actions());
    const auto same = load_runbook(heading + rest, "b", fake_actions());
    const auto other = load_runbook(heading + rest + "\n", "a", fake_actions());
    CHECK(unix_ends->runbook.digest == same->runbook.digest);
    CHECK(unix_ends->runbook.digest != other->runbook.digest);
}

TEST_CASE("an action's body may be text, a list or a map, its parameters may stand beside it") {
    const Runbook book = with_steps({"{id: a, tool: \"ls 'b c' d\"}", "{id: b, tool: [ls, \"b c\"]}",
                                     "{id: c, tool: {args: ls x}}", "{id: d, query: up, range: 6h, quiet: true}",
                                     "{id: e, query: {text: up, role: limit}, range: 1h30m}",
                                     "{id: f, web: x, headers: {B: two, A: one}}",
                                     "{id: g, script: [a, b], risk: read}", "{id: h, web: , risk: read}"});
    CHECK(step(book, 0).params.list("args") == Words{"ls", "b c", "d"});
    CHECK(step(book, 1).params.list("args") == Words{"ls", "b c"});
    CHECK(step(book, 2).params.list("args") == Words{"ls", "x"});
    CHECK(step(book, 3).params.text("text") == "up");
    CHECK(step(book, 3).params.text("range") == "6h");
    CHECK(step(book, 3).params.text("quiet") == "true");
    CHECK(step(book, 4).params.text("role") == "limit");
    CHECK(step(book, 4).params.text("range") == "1h30m");
    CHECK(step(book, 5).params.pairs("headers") == Pairs{{"B", "two"}, {"A", "one"}});
    CHECK(step(book, 6).params.list("argv") == Words{"a", "b"});
    CHECK_FALSE(step(book, 6).params.has("text"));
    CHECK_FALSE(step(book, 7).params.has("get"));
}

TEST_CASE("a reference stays as it is written, and Go templates do") {
    const Runbook book = with_steps({"{id: a, tool: 'ls ${target} --format ''{{json .}}'' $${x}'}"});
    CHECK(step(book, 0).params.list("args") == Words{"ls", "${target}", "--format", "{{json .}}", "$${x}"});
}

TEST_CASE("variables have defaults, help and secrecy") {
    const Runbook book = with_steps({"{id: s, tool: ls}"},
                                    "vars:\n  bare:\n  plain: a b\n  empty: \"\"\n"
                                    "  full: {default: \"${plain}-${target}\", help: Helps, secret: true}\n");
    REQUIRE(book.vars.size() == 4);
    CHECK(book.vars[0].name == "bare");
    CHECK_FALSE(book.vars[0].fallback);
    CHECK(book.vars[1].fallback == "a b");
    CHECK(book.vars[2].fallback == "");
    CHECK(book.vars[3].fallback == "${plain}-${target}");
    CHECK(book.vars[3].help == "Helps");
    CHECK(book.vars[3].secret);
    CHECK(book.vars[3].mark.line == 8);
}

TEST_CASE("a step needs those whose captures it uses or whose facts it names") {
    const Runbook book = with_steps(
        {"{id: last, tool: 'ls ${b} ${a}', when: .steps.g.plain.status == \"ok\"}",
         "{id: second, tool: 'ls ${a}', capture: {b: .stdout}}", "{id: first, tool: ls, capture: {a: .stdout}}",
         "{id: plain, tool: ls}", "{id: shell, script: 'echo $a ${b}', risk: read}"},
        "");
    CHECK(step(book, 0).needs == Words{"g.second", "g.first", "g.plain"});
    CHECK(step(book, 1).needs == Words{"g.first"});
    CHECK(step(book, 2).needs.empty());
    CHECK(step(book, 4).needs == Words{"g.second", "g.first"});
}

TEST_CASE("a whole group can be waited for") {
    const Runbook book = load(
        "diagnose:\n  - {id: one, steps: [{id: a, tool: ls}, {id: b, tool: ls}]}\n"
        "  - {id: two, steps: [{id: c, tool: ls, when: '[.steps.one[].status] == []'}]}\n");
    CHECK(book.diagnose[1].steps[0].needs == Words{"one.a", "one.b"});
}

TEST_CASE("a condition over the assessment is marked as such") {
    const Runbook book = with_steps(
        {"{id: a, tool: ls, when: .memory.ratio > 0.5}", "{id: b, tool: ls, when: '.target | .restarts'}",
         "{id: c, tool: ls, when: .vars.memory == \"x\"}", "{id: d, tool: ls, when: '. as $f | $f.oom.count > 0'}",
         "{id: e, tool: ls, when: .target.running}", "{id: f, tool: ls, when: '.[\"load\"] != null'}"},
        "vars: {memory: x}\n");
    CHECK(step(book, 0).needs_assessment);
    CHECK(step(book, 1).needs_assessment);  // it may be meant: better late than without
    CHECK_FALSE(step(book, 2).needs_assessment);
    CHECK(step(book, 3).needs_assessment);
    CHECK_FALSE(step(book, 4).needs_assessment);
    CHECK(step(book, 5).needs_assessment);
}

TEST_CASE("programs are numbered, each text once") {
    const Runbook book = with_steps({"{id: a, tool: ls, when: .target.running, expect: .exit == 0, capture: {x: .y}}",
                                     "{id: b, tool: ls, when: .target.running}"},
                                    "recover: {watch: {every: 1m, for: 10m}, until: .target.running}\n");
    CHECK(book.programs == Words{".target.running", ".exit == 0", ".y"});
    CHECK(step(book, 0).when->index == 0);
    CHECK(step(book, 1).when->index == 0);
    CHECK(step(book, 1).when->text == ".target.running");
    CHECK(step(book, 1).when->mark.line == 9);
    CHECK(book.recovered->index == 0);
}

TEST_CASE("an option's steps may change things, and their risk may be raised") {
    const Runbook book = load(
        "diagnose: [{id: g, steps: [{id: s, tool: ls, capture: {a: .x}}]}]\n"
        "options:\n  - id: o\n    title: O\n    steps:\n"
        "      - {id: one, title: One, tool: stop x, timeout: 2m, retry: {every: 2s, for: 1m}, advice: Careful}\n"
        "      - {id: two, tool: ls, risk: disruptive}\n"
        "      - {id: three, web: {post: x}, risk: read}\n"
        "      - {id: four, script: x}\n"
        "    verify: [{id: five, tool: 'ls ${a}'}]\n"
        "    undo: [{id: six, tool: wipe x}]\n");
    const Option& option = book.options.at(0);
    CHECK(option.steps[0].id == "o.one");
    CHECK(option.steps[0].title == "One");
    CHECK(option.steps[0].risk == Risk::disruptive);
    CHECK(option.steps[0].timeout == Milliseconds(2min));
    REQUIRE(option.steps[0].retry);
    CHECK(option.steps[0].retry->every == 2s);
    CHECK(option.steps[0].retry->for_ == 1min);
    CHECK(option.steps[0].advice == "Careful");
    CHECK(option.steps[1].risk == Risk::disruptive);
    CHECK(option.steps[2].risk == Risk::read);
    CHECK(option.steps[3].risk == Risk::disruptive);
    CHECK(option.verify[0].needs == Words{"g.s"});
    CHECK(option.undo[0].risk == Risk::irreversible);
}

TEST_CASE("a file with CRLF and a byte order mark compiles to the same runbook") {
    const auto loaded = load_runbook(
        "\xEF\xBB\xBFmemrb: 1\r\nid: a\r\ntitle: A\r\nsummary: |\r\n  one\r\n  two\r\ndiagnose:\r\n"
        "  - id: g\r\n    steps:\r\n      - {id: s, tool: ls}\r\n",
        "a", fake_actions());
    REQUIRE(loaded);
    CHECK(loaded->runbook.summary == "one\ntwo\n");
}

TEST_CASE("an action's own check is told at the action") {
    const auto loaded =
        load_runbook(heading + "diagnose: [{id: g, steps: [{id: s, tool: follow}]}]\n", "a", fake_actions());
    REQUIRE_FALSE(loaded);
    REQUIRE(loaded.error().size() == 1);
    CHECK(loaded.error()[0].message == "`tool follow` never ends");
    CHECK(loaded.error()[0].hint == "add `--until`");
    CHECK(loaded.error()[0].mark.column == 36);
}

TEST_CASE("errors and warnings come in file order, warnings alone do not fail") {
    const std::string rest = "diagnose:\n  - id: g\n    steps:\n      - {id: s, tool: ls, when: .memory.ratoi > 0}\n";
    const auto warned = load_runbook(heading + rest, "a", fake_actions());
    REQUIRE(warned);
    REQUIRE(warned->warnings.size() == 1);
    CHECK(warned->warnings[0].message == "`.memory` has no field `ratoi`: did you mean `ratio`?");
    const auto failed = load_runbook(heading + rest + "zzz: 1\n", "a", fake_actions());
    REQUIRE_FALSE(failed);
    REQUIRE(failed.error().size() == 2);
    CHECK(failed.error()[0].severity == Severity::warning);
    CHECK(failed.error()[1].message == "unknown key `zzz`");
}

TEST_CASE("a runbook has at most 5000 steps, and 5000 take no time") {
    std::string steps;
    for (int i = 0; i < 5000; ++i) {
        steps += "      - {id: s" + std::to_string(i) + ", tool: ls}\n";
    }
    const std::string rest = "diagnose:\n  - id: g\n    steps:\n" + steps;
    CHECK(load_runbook(heading + rest, "a", fake_actions()));
    const std::string too_many = rest + "      - {id: x, tool: ls}\n      - {id: y, tool: ls}\n";
    CHECK(first_error(too_many) == "more than 5000 steps");
    CHECK(load_runbook(heading + too_many, "a", fake_actions()).error().size() == 1);
}

TEST_CASE("a long chain of steps is ordered, and as a circle it is told once") {
    std::string steps;
    for (int i = 0; i < 2000; ++i) {
        steps += fmt::format("      - {{id: s{0}, tool: 'ls ${{c{1}}}', capture: {{c{0}: .a}}}}\n", i, (i + 1) % 2000);
    }
    const auto loaded = load_runbook(heading + "diagnose:\n  - id: g\n    steps:\n" + steps, "a", fake_actions());
    REQUIRE_FALSE(loaded);
    REQUIRE(loaded.error().size() == 1);
    CHECK(loaded.error()[0].message.starts_with("these steps wait for each other: g.s0 -> g.s1 -> "));
}

TEST_CASE("jq programs are compiled on demand, and every broken one is told") {
    const Runbook book =
        with_steps({"{id: a, tool: ls, when: .target ===, expect: .exit == 0}", "{id: b, tool: ls, expect: nofunc}"});
    const auto found = check_programs(book);
    REQUIRE(found.size() == 2);
    CHECK(found[0].origin == "test.yaml");
    CHECK(found[0].mark.line == 7);
    CHECK(found[0].message == "no jq program: syntax error, unexpected '='");
    CHECK(found[1].mark.line == 8);
    CHECK(found[1].message == "no jq program: nofunc/0 is not defined");
    CHECK(check_programs(with_steps({"{id: a, tool: ls, when: .target.running}"})).empty());
}
