#include "base/jq.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <thread>

using memrb::base::JqSet;

namespace {

JqSet compiled(std::vector<std::string> programs) {
    auto set = JqSet::compile(std::move(programs));
    if (!set) {
        FAIL("program " << set.error().program << ": " << set.error().message);
    }
    return std::move(*set);
}

std::string run(const std::string& program, std::string_view input = "null") {
    const JqSet set = compiled({program});
    const auto value = set.evaluate(0, input);
    return value ? *value : "error: " + value.error().message;
}

std::string compile_error(std::vector<std::string> programs) {
    const auto set = JqSet::compile(std::move(programs));
    return set ? "compiles" : std::to_string(set.error().program) + ": " + set.error().message;
}

}  // namespace

TEST_CASE("programs of one set are told apart", "[jq]") {
    const JqSet set = compiled({".a", ".memory.ratio < 0.80 and .trend != \"growing\"", "length # a comment", "[.[]]"});
    CHECK(set.evaluate(0, R"({"a":[1,{"b":null}]})") == "[1,{\"b\":null}]");
    CHECK(set.evaluate(1, R"({"memory":{"ratio":0.5},"trend":"flat"})") == "true");
    CHECK(set.evaluate(2, R"({"a":1,"b":2})") == "2");
    CHECK(set.evaluate(3, R"({"a":1,"b":2})") == "[1,2]");
    CHECK(set.evaluate(0, R"({})") == "null");
    CHECK(set.evaluate(4, "{}").error().message == "there is no jq program 4");
}

TEST_CASE("an empty set compiles and has nothing to run", "[jq]") {
    CHECK(compiled({}).evaluate(0, "{}").error().message == "there is no jq program 0");
}

TEST_CASE("the first value counts, none is null", "[jq]") {
    CHECK(run("1, 2, 3") == "1");
    CHECK(run("empty") == "null");
    CHECK(run(".[] | select(. > 5)", "[1,2]") == "null");
    CHECK(run("first(range(10; 20))") == "10");
    CHECK(run("def f: 41; f + 1") == "42");
    CHECK(run("\"a\\(1 + 2)b\\(\"x\" + \")\")\"") == "\"a3bx)\"");
    CHECK(run(".stdout | tonumber", R"({"stdout":"4764"})") == "4764");
    CHECK(run("if . then \"y\" else \"n\" end", "true") == "\"y\"");
    CHECK(run("\"\\u00e9\"") == "\"\xC3\xA9\"");
}

TEST_CASE("a program's own error and a broken input are told", "[jq]") {
    CHECK(run("error(\"no such thing\")") == "error: no such thing");
    CHECK(run(".a.b", R"({"a":3})") == "error: Cannot index number with string \"b\"");
    CHECK(run(".stdout | tonumber", R"({"stdout":"many"})").starts_with("error: Invalid numeric literal"));
    CHECK(run("error({\"a\":1})") == "error: error");
    CHECK(run(".", "{broken") == "error: the input is no JSON");
    CHECK(run(".", "") == "error: the input is no JSON");
    CHECK(run(".", "1 2") == "error: the input is no JSON");
    CHECK(run(".", std::string(100'000, '[')) == "error: the input is no JSON");
}

TEST_CASE("an evaluation that failed or was left early does not disturb the next", "[jq]") {
    const JqSet set = compiled({"error(\"x\")", "range(5)", ".a"});
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(set.evaluate(0, "{}"));
        CHECK(set.evaluate(1, "{}") == "0");
        CHECK(set.evaluate(2, "{\"a\":7}") == "7");
    }
}

TEST_CASE("the program that does not compile is named", "[jq]") {
    CHECK(compile_error({".a", ".b |", ".c"}).starts_with("1: syntax error"));
    CHECK(compile_error({".a", "nosuch(1)"}) == "1: nosuch/1 is not defined");
    CHECK(compile_error({"$x"}) == "0: $x is not defined");
    CHECK(compile_error({""}).starts_with("0: syntax error"));
}

TEST_CASE("a program cannot reach into its neighbours", "[jq]") {
    CHECK(compile_error({"1) | (2"}) == "0: `)` closes nothing");
    CHECK(compile_error({".a", "1 ) elif true then ( 2"}) == "1: `)` closes nothing");
    CHECK(compile_error({"(1"}) == "0: `(` is never closed");
    CHECK(compile_error({"[1}"}) == "0: `}` closes nothing");
    CHECK(compile_error({"\"abc"}) == "0: a string is never closed");
    CHECK(compile_error({"\"a\\(1\""}) == "0: a string is never closed");
    CHECK(compile_error({"1 else 2 end | if true then 3"}).starts_with("0: syntax error"));
    CHECK(run("1 # )") == "1");
    CHECK(run("\")\" # \"") == "\")\"");
    CHECK(compile_error({"1 #\n)"}) == "0: `)` closes nothing");
    const JqSet set = compiled({"1 # not closed (", "2"});
    CHECK(set.evaluate(1, "null") == "2");
}

TEST_CASE("a program sees its input and nothing else", "[jq]") {
    ::setenv("MEMRB_TEST_SECRET", "hunter2", 1);
    CHECK(run("env.MEMRB_TEST_SECRET") == "null");
    CHECK(run("$ENV.MEMRB_TEST_SECRET") == "null");
    CHECK(run("input") == "error: there is no other input");
    CHECK(run("[inputs]") == "[]");
    CHECK(run("7 | debug | stderr") == "7");
    CHECK(run("halt") == "error: halt is not possible here");
    CHECK(run("halt_error(3)") == "error: halt is not possible here");
    CHECK(compile_error({"import \"x\" as x; 1"}).starts_with("0: syntax error"));
    CHECK(compile_error({"include \"x\"; 1"}).starts_with("0: syntax error"));
}

TEST_CASE("large inputs and results pass", "[jq]") {
    const std::string text(std::size_t{2} << 20U, 'x');
    CHECK(run(".stdout | length", "{\"stdout\":\"" + text + "\"}") == std::to_string(text.size()));
    CHECK(run(".", "\"" + text + "\"").size() == text.size() + 2);
}

TEST_CASE("evaluations from several threads take turns", "[jq]") {
    const JqSet set = compiled({". + 1", ". * 2"});
    std::vector<std::thread> threads;
    std::vector<int> wrong(4, 0);
    for (std::size_t t = 0; t < wrong.size(); ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i) {
                const std::string expected = std::to_string(t % 2 == 0 ? i + 1 : i * 2);
                wrong[t] += set.evaluate(t % 2, std::to_string(i)) == expected ? 0 : 1;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(wrong == std::vector<int>(4, 0));
}
