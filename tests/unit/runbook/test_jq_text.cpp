#include "runbook/jq_text.h"

#include <catch2/catch.hpp>

using namespace memrb::runbook;

namespace {

std::string problem(std::string_view program) {
    const auto found = check_jq_text(program);
    return found ? std::to_string(found->offset) + " " + found->message : "fine";
}

std::vector<std::string> paths(std::string_view program) {
    std::vector<std::string> all;
    for (const auto& path : find_jq_paths(program)) {
        std::string text = path.of_input ? "" : "~";
        for (const auto& part : path.parts) {
            text += "." + part.name;
        }
        all.push_back(text);
    }
    return all;
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("brackets and texts must match") {
    CHECK(problem(".a | [.b[] | {c: (.d)}]") == "fine");
    CHECK(problem(R"x("a \(.b | "c \(.d)") ) ]")x") == "fine");
    CHECK(problem("# (\n.a # ]") == "fine");
    CHECK(problem(R"x("\"(")x") == "fine");
    CHECK(problem("(.a") == "0 this `(` is never closed");
    CHECK(problem(".a)") == "2 this `)` closes nothing");
    CHECK(problem("[.a)") == "3 this `)` closes nothing");
    CHECK(problem(".a == \"x") == "6 this text is never closed");
    CHECK(problem(R"x("a \(.b)" | "c)x") == "12 this text is never closed");
    CHECK(problem(R"x("a \(.b" )x") == "7 this text is never closed");
    CHECK(problem("") == "0 an empty program");
    CHECK(problem(" # nothing\n ") == "0 an empty program");
    CHECK(problem("\"\\") == "0 this text is never closed");
}

TEST_CASE("fields are found in all their spellings") {
    CHECK(paths(".steps.usage.now.status") == Paths{".steps.usage.now.status"});
    CHECK(paths(R"(.steps["a-b"].now?.x)") == Paths{".steps.a-b.now.x"});
    CHECK(paths(R"(.["steps"]["usage"])") == Paths{".steps.usage"});
    CHECK(paths(R"(."steps"."usage")") == Paths{".steps.usage"});
    CHECK(paths(".a[0].b") == Paths{".a", "~.b"});
    CHECK(paths(".a.b > 0.80") == Paths{".a.b"});
    CHECK(paths(".a? // .b") == Paths{".a", ".b"});
    CHECK(paths("..") == Paths{});
    CHECK(paths(".") == Paths{});
    CHECK(paths(R"(".not.a.path" # .nor.this)") == Paths{});
    CHECK(paths(R"("x \(.inside) y")") == Paths{"~.inside"});
}

TEST_CASE("a field of the input is told from one of something computed") {
    CHECK(paths(".a == 1 and .b != null or (.c | not)") == Paths{".a", ".b", "~.c"});
    CHECK(paths(".a | .b") == Paths{".a", "~.b"});
    CHECK(paths(".a as $x | $x.b") == Paths{".a", "~.b"});
    CHECK(paths("$x.b") == Paths{"~.b"});
    CHECK(paths("if .a then .b else .c end") == Paths{".a", ".b", ".c"});
    CHECK(paths("try .a catch .b") == Paths{".a", "~.b"});
    CHECK(paths("def f: .a; f") == Paths{"~.a"});
    CHECK(paths("[.a[]].b") == Paths{"~.a", "~.b"});
}

TEST_CASE("the parts of a path have their places") {
    const auto found = find_jq_paths(R"( .ab["cd"].e)");
    REQUIRE(found.size() == 1);
    REQUIRE(found[0].parts.size() == 3);
    CHECK(found[0].parts[0].offset == 2);
    CHECK(found[0].parts[1].offset == 6);
    CHECK(found[0].parts[2].offset == 11);
}

TEST_CASE("a broken program yields the paths before the break") {
    CHECK(paths(".a and .b) .c") == Paths{".a", ".b"});
}
