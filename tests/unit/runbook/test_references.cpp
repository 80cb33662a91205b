#include "runbook/references.h"

#include <catch2/catch.hpp>

using namespace memrb::runbook;

namespace {

std::vector<std::string> names(std::string_view text) {
    std::vector<std::string> found;
    for (const auto& reference : find_references(text).found) {
        found.push_back(reference.name);
    }
    return found;
}

}  // namespace

TEST_CASE("references are found with their place") {
    const auto references = find_references("a ${one} ${two_2}");
    REQUIRE(references.found.size() == 2);
    CHECK(references.bad.empty());
    CHECK(references.found[0].name == "one");
    CHECK(references.found[0].offset == 2);
    CHECK(references.found[0].length == 6);
    CHECK(references.found[1].name == "two_2");
    CHECK(references.found[1].offset == 9);
}

TEST_CASE("a doubled dollar, a bare dollar and Go templates are plain text") {
    CHECK(names("$${one} $two {{.Name}} {{json .}} $ {three}").empty());
    CHECK(find_references("$${one} $two {{.Name}} $").bad.empty());
    CHECK(names("$${one}${two}") == std::vector<std::string>{"two"});
}

TEST_CASE("what begins like a reference and is none is told") {
    const auto unclosed = find_references("x ${one");
    REQUIRE(unclosed.bad.size() == 1);
    CHECK(unclosed.bad[0].message == "this `${` is never closed");
    CHECK(unclosed.bad[0].offset == 2);
    CHECK(find_references("${one\n}").bad[0].message == "this `${` is never closed");
    CHECK(find_references("${}").bad[0].message == "`${}` names no variable");
    CHECK(find_references("${A}").bad[0].message == "`${A}` names no variable");
    CHECK(find_references("${a-b}").bad[0].message == "`${a-b}` names no variable");
    CHECK(find_references("${a:-b}").bad[0].message == "`${a:-b}` names no variable");
}

TEST_CASE("after a bad reference the next ones are still found") {
    CHECK(names("${} ${one}") == std::vector<std::string>{"one"});
}

TEST_CASE("a script's variables are guessed") {
    CHECK(mentioned_by_script("echo $one ${two:-x} \"$three_3\" $4 $") ==
          std::vector<std::string>{"one", "two", "three_3", "4", ""});
}
