#include "engine/plain_condition.h"

#include "base/jq.h"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace memrb;
using engine::PlainCondition;

namespace {

// What jq says: nothing for an error.
std::optional<bool> of_jq(const std::string& program, std::string_view facts) {
    const auto set = base::JqSet::compile({program});
    REQUIRE(set);
    const auto value = set->evaluate(0, facts);
    return value ? std::optional(*value == "true") : std::nullopt;
}

constexpr std::string_view facts =
    R"({"target":{"platform":"docker","compose":null,"running":true,"kube":{"kind":"pod"},"n":3},"text":"a b","":1})";

}  // namespace

TEST_CASE("plain conditions say what jq says") {
    const std::vector<std::string> conditions{
        R"(.target.platform == "docker")",
        R"(.target.platform != "docker")",
        R"(.target.platform=="kubernetes")",
        R"(.target.compose == null)",
        R"(.target.compose.project == null)",
        R"(.target.compose.project != "shop")",
        R"(.nothing.at.all == null)",
        R"(.target.running == true)",
        R"(.target.running == false)",
        R"(.target.n == "3")",
        R"(.target.kube == "pod")",
        R"(.text.length == "x")",
        R"(.text == "a b" and .target.running == true)",
        "  .text\n ==\n \"a b\"  and .target.running != true ",
        R"(.target.platform == "kubernetes" and .text.length == null)",
        R"(.text.length == null and .target.platform == "kubernetes")",
        R"(.target.platform == "docker" and .target.compose == null and .target.kube.kind == "pod")",
    };
    for (const auto& text : conditions) {
        CAPTURE(text);
        const auto plain = PlainCondition::parse(text);
        REQUIRE(plain);
        CHECK(plain->test(facts) == of_jq(text, facts));
    }
}

TEST_CASE("what is more than plain is left to jq") {
    const auto text = GENERATE(
        as<std::string>{}, "", ".", ".target", ".a == 3", ".a == .b", ".a == \"x\\ty\"", ".a == \"\\(1)\"", ".a == \"x",
        ".a == nullx", ".a == null or .b == null", "(.a == null)", ".a == null | not", ".a[0] == null", ".a? == null",
        "..a == null", ".a.\"b\" == null", ".a == null and", ".a == null and .b", ".a == null # so", ".a < null",
        "$__loc__ == null", ".a == null andx == 1", ".a == \"\xff\"", ". a == null");
    CAPTURE(text);
    CHECK_FALSE(PlainCondition::parse(text));
}

TEST_CASE("what the target settles is ruled out, what only becomes known later is not") {
    const auto ruled_out = [](std::string_view text) {
        return PlainCondition::parse(text)->ruled_out("target", facts);
    };
    CHECK(ruled_out(R"(.target.platform == "kubernetes")"));
    CHECK(ruled_out(R"(.vars.memory_limit != null and .target.compose != null)"));
    CHECK_FALSE(ruled_out(R"(.target.platform == "docker")"));
    CHECK_FALSE(ruled_out(R"(.vars.memory_limit != null)"));
    CHECK_FALSE(ruled_out(R"(.target.compose == null and .vars.memory_limit != null)"));
}

TEST_CASE("a plain condition over facts that are no JSON is not known") {
    CHECK_FALSE(PlainCondition::parse(".a == null")->test("{").has_value());
}
