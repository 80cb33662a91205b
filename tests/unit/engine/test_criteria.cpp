#include "engine/criteria.h"

#include <catch2/catch.hpp>

using namespace memrb;
using engine::criterion_parts;
using Texts = std::vector<std::string>;

namespace {

Texts programs(std::string_view until) {
    Texts all;
    for (const auto& part : criterion_parts(until)) {
        all.push_back(part.program);
    }
    return all;
}

}  // namespace

TEST_CASE("the shipped condition is told in words, part by part") {
    const auto parts = criterion_parts(R"x((.memory.ratio | numbers < 0.80) and .trend.verdict != "growing")x");
    REQUIRE(parts.size() == 2);
    CHECK(parts[0].says == "memory below 80 %");
    CHECK(parts[0].ceiling == Approx(0.8));
    CHECK(parts[1].says == "memory does not grow");
    CHECK(parts[1].judges_trend);

    Assessment assessment;
    CHECK(engine::seen_of(parts[0], assessment) == "not measured");
    CHECK(engine::seen_of(parts[1], assessment) == "not enough data");
    assessment.memory = MemoryReading{};
    assessment.memory->limit = NoLimit{};
    CHECK(engine::seen_of(parts[0], assessment) == "no limit is set");
    assessment.ratio = 0.612;
    assessment.trend.verdict = Verdict::growing;
    CHECK(engine::seen_of(parts[0], assessment) == "61 %");
    CHECK(engine::seen_of(parts[1], assessment) == "growing");
}

TEST_CASE("a condition is taken apart only where `and` joins its parts") {
    CHECK(programs(".a and .b and (.c and .d)") == Texts{".a", ".b", "(.c and .d)"});
    CHECK(programs(".and and $and") == Texts{".and", "$and"});
    CHECK(programs(R"(.a == " and " and .b)") == Texts{R"(.a == " and ")", ".b"});
    for (const std::string whole :
         {".a or .b and .c", ".a | .b and .c", ".a and .b, .c", ".a // .b and .c", "if .a and .b then .c else .d end",
          ". as $x | $x and .b", ".a and # x", R"x(.a == "\(.b and .c)" and .d)x", ".a and", "", "(.a and .b"}) {
        CHECK(programs(whole) == Texts{whole});
    }
}

TEST_CASE("what has no words is told as it is") {
    CHECK(criterion_parts(".memory.ratio <= 0.755").front().says == "memory at most 75.5 %");
    for (const std::string text :
         {".memory.ratio < .vars.x", ".memory.ratio < 0.8 + 0.1", ".memory.used_bytes < 4e8"}) {
        CHECK(criterion_parts(text).front().says == text);
        CHECK_FALSE(criterion_parts(text).front().ceiling);
    }
}
