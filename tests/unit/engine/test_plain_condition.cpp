#include "engine/plain_condition.h"

#include "actions/registry.h"
#include "base/jq.h"
#include "runbook/load.h"

#include <nlohmann/json.hpp>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

using namespace memrb;
using engine::PlainCondition;
using Json = nlohmann::json;

namespace {

// What jq says of each: nothing for an error, for null and for no value at all.
class Jq {
public:
    explicit Jq(const std::vector<std::string>& programs) : set_(base::JqSet::compile(programs)) { REQUIRE(set_); }

    std::optional<bool> says(std::size_t index, const Json& facts) const {
        const auto value = set_->evaluate(index, facts.dump(), base::NullOrder::unknown);
        return !value || *value == "null" ? std::nullopt : std::optional(*value != "false");
    }

private:
    tl::expected<base::JqSet, base::JqError> set_;
};

void check_against_jq(const std::vector<std::string>& conditions, const std::vector<Json>& worlds) {
    const Jq jq(conditions);
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        const auto plain = PlainCondition::parse(conditions[i]);
        for (const auto& facts : worlds) {
            CAPTURE(conditions[i], facts.dump());
            REQUIRE(plain);
            CHECK(plain->test(facts) == jq.says(i, facts));
        }
    }
}

Runbook shipped_runbook() {
    const std::string path = "runbooks/container-high-memory.yaml";
    std::ifstream file(path);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    auto loaded = runbook::load_runbook(bytes, path, actions::action_types());
    REQUIRE(loaded);
    return std::move(loaded->runbook);
}

const Json facts = Json::parse(
    R"({"target":{"platform":"docker","compose":null,"running":true,"kube":{"kind":"pod"},"n":3},"text":"a b","":1})");

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
        R"(.target.n == 3)",
        R"(.target.n == 3.0)",
        R"(3 < .target.n)",
        R"(.target.kube == "pod")",
        R"(.text.length == "x")",
        R"(.target.running)",
        R"(.target.running | not)",
        R"(.text == "a b" and .target.running == true)",
        "  .text\n ==\n \"a b\"  and .target.running != true ",
        R"(.target.platform == "kubernetes" and .text.length == null)",
        R"(.text.length == null and .target.platform == "kubernetes")",
        R"(.target.platform == "docker" and .target.compose == null and .target.kube.kind == "pod")",
        R"(.target | .platform == "docker" and (.kube | .kind == "pod"))",
        R"((.target.n | numbers >= 3) and (.text | strings == "a b"))",
        R"(.text | strings | select(. == "a b") == "a b")",
    };
    check_against_jq(conditions, {facts});
}

TEST_CASE("every kind of value compares with every other as in jq") {
    std::vector<std::string> conditions;
    for (const std::string sign : {"==", "!=", "<", "<=", ">", ">="}) {
        conditions.push_back(".a " + sign + " .b");
        conditions.push_back(".a | .c " + sign + " 0.5");
        conditions.push_back("(.a | numbers " + sign + " 1) and .b");
        conditions.push_back(".b and (.a | strings " + sign + R"( "m"))");
        conditions.push_back("select(.a " + sign + " .b) | .b");
        conditions.push_back("(.a | not) " + sign + " false");
        conditions.push_back(".a " + sign + " .b or .b");
        conditions.push_back("(.a | numbers " + sign + " 1) or .b and .a or (.a | .c)");
    }
    const std::vector<Json> values{nullptr,
                                   false,
                                   true,
                                   0,
                                   1,
                                   1.0,
                                   0.5,
                                   -2,
                                   "",
                                   "a",
                                   "m",
                                   "\xC3\xA9",
                                   Json::array(),
                                   {1, 2},
                                   {1, 3},
                                   {1, 2, 0},
                                   {nullptr},
                                   Json::object(),
                                   {{"c", 1}},
                                   {{"c", 0}},
                                   {{"c", "x"}},
                                   {{"d", 0}},
                                   {{"c", nullptr}, {"d", 1}}};
    std::vector<Json> worlds;
    for (const auto& a : values) {
        for (const auto& b : values) {
            worlds.push_back({{"a", a}, {"b", b}});
        }
    }
    check_against_jq(conditions, worlds);
}

TEST_CASE("most conditions of the shipped runbooks are plain, and say what jq says") {
    std::vector<std::string> plain;
    std::size_t signs = 0;
    const auto book = shipped_runbook();
    for (const auto& cause : book.causes) {
        for (const auto& sign : cause.signs) {
            ++signs;
            if (PlainCondition::parse(sign.when.text)) {
                plain.push_back(sign.when.text);
            }
        }
    }
    CHECK(signs > 30);
    CHECK(plain.size() * 10 >= signs * 9);
    std::vector<Json> worlds{nullptr, Json::object(), 3, {{"features", 3}}, {{"trend", "x"}}};
    for (const Json& number : {Json(nullptr), Json(0), Json(0.5), Json(0.9), Json(40), Json("x"), Json(true)}) {
        for (const auto* verdict : {"growing", "flat", "saturating", "spiky", "step", "insufficient_data"}) {
            Json world{{"trend", {{"verdict", verdict}}}};
            for (const auto* name : {"anon_share_of_growth", "retention", "descriptors_grow", "growth_slows",
                                     "file_share_of_growth", "p95_to_limit", "load_correlation",
                                     "peak_soon_after_start", "minutes_after_change", "sawtooth_same_slope"}) {
                world["features"][name] = number;
            }
            world["steps"]["app"]["redis"]["captures"]["redis_maxmemory"] = number;
            worlds.push_back(std::move(world));
        }
    }
    check_against_jq(plain, worlds);
}

TEST_CASE("what is more than plain is left to jq") {
    const auto text =
        GENERATE(as<std::string>{}, "", "..", ".[]", ".?", ".a == \"x\\ty\"", ".a == \"\\(1)\"", ".a == \"x",
                 ".a == nullx", ".a == null or", ".a[0] == null", ".a? == null", "..a == null", ".a.\"b\" == null",
                 ".a == null and", ".a == null # so", "$__loc__ == null", ".a == null andx == 1", ".a == \"\xff\"",
                 ". a == null", ".a == 1e3", ".a == -1", ".a == .5", ".a == 5.", ".a == 0x1", ".a == .b == .c", ".a |",
                 "| .a", "(.a", ".a)", "select .a", "select(.a", "numbers(1)", "length", ".a, .b", ".a // 1",
                 ".a + 1 == 2", "def f: .; f", ".a as $x | $x", "[.a]");
    CAPTURE(text);
    CHECK_FALSE(PlainCondition::parse(text));
}

TEST_CASE("brackets may be nested as deep as a person would, and no deeper") {
    const auto nested = [](std::size_t depth) { return std::string(depth, '(') + ".a" + std::string(depth, ')'); };
    CHECK(PlainCondition::parse(nested(40)));
    CHECK_FALSE(PlainCondition::parse(nested(100'000)));
    std::string piped = ".a";
    for (int i = 0; i < 100'000; ++i) {
        piped += "|.a";
    }
    CHECK_FALSE(PlainCondition::parse(piped));
}

TEST_CASE("what the target settles is ruled out, what only becomes known later is not") {
    const auto ruled_out = [](std::string_view text) {
        return PlainCondition::parse(text)->ruled_out("target", facts);
    };
    CHECK(ruled_out(R"(.target.platform == "kubernetes")"));
    CHECK(ruled_out(R"(.vars.memory_limit != null and .target.compose != null)"));
    CHECK(ruled_out(R"(.vars.memory_limit and (.target | .compose != null))"));
    CHECK_FALSE(ruled_out(R"(.target.platform == "docker")"));
    CHECK_FALSE(ruled_out(R"(.vars.memory_limit != null)"));
    CHECK_FALSE(ruled_out(R"(.target.compose == null and .vars.memory_limit != null)"));
    CHECK_FALSE(ruled_out(R"(not)"));
}
