#include "engine/expand.h"

#include "fake_actions.h"

#include <catch2/catch.hpp>

using namespace memrb;
using engine::expand_params;
using engine::expand_text;
using engine::mentions;
using Vars = std::map<std::string, std::string>;

namespace {

const Vars vars{{"a", "1"}, {"b", "two words"}, {"evil", "${a} $(id) `id`; rm -rf /"}, {"empty", ""}};

std::string expanded(std::string_view text, Expansion how = Expansion::verbatim) {
    const auto result = expand_text(text, vars, how);
    return result ? *result : "error: " + result.error().message;
}

Step step_of(const ActionType& action, std::string_view param, Param value) {
    Step step;
    step.action = &action;
    step.params.set(param, std::move(value));
    return step;
}

}  // namespace

TEST_CASE("variables are written in where they stand, several times if need be") {
    CHECK(expanded("") == "");
    CHECK(expanded("plain") == "plain");
    CHECK(expanded("${a}") == "1");
    CHECK(expanded("x${a}${a}-${b}y") == "x11-two wordsy");
    CHECK(expanded("[${empty}]") == "[]");
}

TEST_CASE("a value is never expanded again") {
    CHECK(expanded("${evil}") == "${a} $(id) `id`; rm -rf /");
    CHECK(expanded("${evil}${a}") == "${a} $(id) `id`; rm -rf /1");
}

TEST_CASE("what is no variable stays as it is") {
    CHECK(expanded("$a $$ $ {a} {{.Name}} $(a) }") == "$a $$ $ {a} {{.Name}} $(a) }");
    CHECK(expanded("$${a}") == "${a}");
    CHECK(expanded("$${a}${a}") == "${a}1");
    CHECK(expanded("x$${") == "x${");
}

TEST_CASE("a variable without a value, and one that never ends") {
    CHECK(expanded("${c}") == "error: `c` has no value");
    CHECK(expanded("${}") == "error: `` has no value");
    CHECK(expanded("${a:-x}") == "error: `a:-x` has no value");
    CHECK(expanded("${\x1b}") == "error: `\\x1b` has no value");
    CHECK(expanded("ab${a") == "error: `${a` is never closed");
    CHECK(expand_text("${health_url}", vars, Expansion::verbatim).error().hint ==
          "give it one: --set health_url=VALUE");
}

TEST_CASE("a script's variables are the shell's") {
    CHECK(expanded("echo ${a} $${b} ${unclosed", Expansion::none) == "echo ${a} $${b} ${unclosed");
}

TEST_CASE("in PromQL a value cannot leave its quotes, whichever they are") {
    const Vars labels{{"name", "a\"b'c\\d\ne"}};
    CHECK(expand_text(R"(up{x="${name}",y='${name}'})", labels, Expansion::promql) ==
          R"(up{x="a\x22b\x27c\\d\ne",y='a\x22b\x27c\\d\ne'})");
}

TEST_CASE("all parts of a step's parameters are expanded, each word by itself") {
    const Step step =
        step_of(test::probe, "argv", {.text = "${a}", .list = {"${b}", "-${a}"}, .pairs = {{"${a}", "${b}"}}});
    const auto params = expand_params(step, vars);
    REQUIRE(params.has_value());
    CHECK(params->text("argv") == "1");
    CHECK(params->list("argv") == std::vector<std::string>{"two words", "-1"});
    CHECK(params->pairs("argv") == Pairs{{"${a}", "two words"}});  // names are the runbook's own
}

TEST_CASE("parameters are expanded as their action asks for it") {
    const Vars labels{{"name", "a\"b"}};
    CHECK(expand_params(step_of(test::ask, "query", {.text = "${name}", .list = {}, .pairs = {}}), labels)
              ->text("query") == R"(a\x22b)");
    CHECK(expand_params(step_of(test::script, "script", {.text = "${name}", .list = {}, .pairs = {}}), labels)
              ->text("script") == "${name}");
}

TEST_CASE("an error in any part is the step's") {
    for (const Param& param :
         {Param{.text = "${no}", .list = {}, .pairs = {}}, Param{.text = {}, .list = {"${no}"}, .pairs = {}},
          Param{.text = {}, .list = {}, .pairs = {{"x", "${no}"}}}}) {
        const auto params = expand_params(step_of(test::probe, "argv", param), vars);
        REQUIRE_FALSE(params.has_value());
        CHECK(params.error().message == "`no` has no value");
    }
}

TEST_CASE("which variables a step mentions") {
    const Step command =
        step_of(test::probe, "argv", {.text = {}, .list = {"x", "--pid=${pid}"}, .pairs = {{"k", "${key}"}}});
    CHECK(mentions(command, "pid"));
    CHECK(mentions(command, "key"));
    CHECK_FALSE(mentions(command, "k"));
    CHECK_FALSE(mentions(command, "x"));
    CHECK_FALSE(mentions(step_of(test::probe, "argv", {.text = {}, .list = {"$pid pid"}, .pairs = {}}), "pid"));

    const Step script =
        step_of(test::script, "script", {.text = "kill $pid_file ${name:-x}; echo pid $$", .list = {}, .pairs = {}});
    CHECK(mentions(script, "pid_file"));
    CHECK(mentions(script, "name"));
    CHECK_FALSE(mentions(script, "pid"));
    CHECK(mentions(step_of(test::script, "script", {.text = "a pid $pid", .list = {}, .pairs = {}}), "pid"));
}
