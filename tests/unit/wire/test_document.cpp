#include "wire/document.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace memrb;
using wire::Json;

TEST_CASE("strict JSON is read", "[wire]") {
    CHECK(wire::parse_json(R"({"b":1,"a":[true,null,"x"]})")->dump() == R"({"b":1,"a":[true,null,"x"]})");
    CHECK(wire::parse_json(" 12 ")->get<int>() == 12);
}

TEST_CASE("what is no JSON is told with the place", "[wire]") {
    const auto message = [](std::string_view text) {
        const auto parsed = wire::parse_json(text);
        return parsed ? std::string("accepted") : parsed.error().message;
    };
    CHECK(message("") == "is empty");
    CHECK(message(R"({"a":1)") == "is no JSON: it goes wrong at byte 7");
    CHECK(message(R"({"a":1} x)") == "is no JSON: it goes wrong at byte 9");
    CHECK(message("{'a':1}") == "is no JSON: it goes wrong at byte 2");
    CHECK(message("nan") == "is no JSON: it goes wrong at byte 2");
    CHECK(message("\"\xff\"") == "is no JSON: it goes wrong at byte 2");
    CHECK(message("[1e999]") == "has a number that is too large");
    CHECK(message(std::string(400, ']')) == "is no JSON: it goes wrong at byte 1");
}

TEST_CASE("what a document may cost is limited", "[wire]") {
    const auto message = [](const std::string& text, const wire::DocumentLimits& limits) {
        const auto parsed = wire::parse_json(text, limits);
        return parsed ? std::string("accepted") : parsed.error().message;
    };
    CHECK(message("[[1]]", {.depth = 2}) == "accepted");
    CHECK(message("[[[1]]]", {.depth = 2}) == "is nested deeper than 2 levels");
    CHECK(message(R"(["[[[[", "\"[[["])", {.depth = 1}) == "accepted");  // brackets inside strings do not count
    CHECK(message(R"({"a":1,"b":2})", {.members = 2}) == "accepted");
    CHECK(message(R"({"a":1,"b":{"x":0},"c":3})", {.members = 2}) == "has an object of more than 2 members");
    CHECK(message(R"([{"a":1},{"a":1},{"a":1}])", {.all_members = 2}) == "has more than 2 members");
    CHECK(message(std::string(2048, ' '), {.bytes = 1024}) == "is larger than 1 KiB");
    CHECK(message(std::string(5'000'000, '['), {}) == "is nested deeper than 300 levels");
    std::string wide = "{";
    for (int i = 0; i < 500'000; ++i) {
        wide += "\"" + std::to_string(i) + "\":1,";
    }
    CHECK(message(wide, {}) == "has an object of more than 2000 members");
}

TEST_CASE("writing never fails and stays on one line", "[wire]") {
    const Json json{{"text", std::string("a\nb\xff")}, {"list", {1, 2}}};
    CHECK(wire::dump(json) == "{\"text\":\"a\\nb\xEF\xBF\xBD\",\"list\":[1,2]}");
}

TEST_CASE("what is written is what the library would write") {
    const auto by_library = [](const wire::Json& json) {
        return json.dump(-1, ' ', false, wire::Json::error_handler_t::replace);
    };
    std::string all_bytes;
    for (int byte = 0; byte < 256; ++byte) {
        all_bytes += static_cast<char>(byte);
    }
    const std::vector<wire::Json> documents{
        nullptr,
        true,
        false,
        0,
        -7,
        std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::uint64_t>::max(),
        0.5,
        1e300,
        std::numeric_limits<double>::quiet_NaN(),
        "",
        "plain",
        "a \"quote\" and a \\",
        "tab\t, \x7f and \x1b",
        "gr\xC3\xBC\xC3\x9F",
        all_bytes,
        wire::Json::array(),
        wire::Json::object(),
        {1, {2, {}}, nullptr},
        {{"a", 1}, {"b\n", {{"c", {1.5, "x"}}}}, {"", false}},
        wire::Json::binary({1, 2, 3}),
    };
    for (const auto& json : documents) {
        CHECK(wire::dump(json) == by_library(json));
    }
}

TEST_CASE("brackets and colons inside of texts reach no limit") {
    const wire::DocumentLimits limits{.bytes = 1000, .depth = 3, .members = 3, .all_members = 4};
    CHECK(wire::within_limits(R"({"a":"[[[[{{{{::::::"})", limits));
    CHECK(wire::within_limits(R"([[[1]]])", limits));
    CHECK_FALSE(wire::within_limits(R"([[[[1]]]])", limits));
    CHECK_FALSE(wire::within_limits(R"({"a":1,"b":2,"c":3,"d":4})", limits));
    CHECK_FALSE(wire::within_limits(R"([{"a":1,"b":2},{"c":3,"d":4,"e":5}])", limits));
}
