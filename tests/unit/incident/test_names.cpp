#include "incident/names.h"

#include "fixtures.h"

#include <catch2/catch.hpp>
#include <set>

using namespace memrb;
using namespace memrb::incident;

TEST_CASE("ids have four letters that are not mistaken for each other", "[incident]") {
    CHECK(make_id(test::scripted_random({0, 1, 2, 3})) == "abcd");
    CHECK(make_id(test::scripted_random({31, 30, 31, 22, 63, 62, 7})) == "9z9h");  // 31 is no letter: tried again
    std::set<char> seen;
    const auto random = system_random();
    for (int i = 0; i < 500; ++i) {
        const std::string id = make_id(random);
        CHECK(id.size() == 4);
        seen.insert(id.begin(), id.end());
    }
    CHECK(seen.size() == 31);
    for (const char c : {'i', 'l', 'o', '0', '1', 'A'}) {
        CHECK_FALSE(seen.contains(c));
    }
}

TEST_CASE("the beginning of an id is told from other text", "[incident]") {
    for (const auto* text : {"k", "k7", "k7f2"}) {
        CHECK(is_id_prefix(text));
    }
    for (const auto* text : {"", "k7f2x", "K7", "k1", "lo", "..", "a/b", "*"}) {
        INFO(text);
        CHECK_FALSE(is_id_prefix(text));
    }
}

TEST_CASE("a folder's name says when, what and which", "[incident]") {
    const Timestamp at = *parse_rfc3339("2026-11-21T21:22:00.750Z");
    CHECK(folder_name(at, "backend", "k7f2") == "20261121T212200Z-backend-k7f2");
    const auto parsed = parse_folder_name("20261121T212200Z-shop-back-end-k7f2");
    REQUIRE(parsed);
    CHECK(format_rfc3339(parsed->at) == "2026-11-21T21:22:00Z");
    CHECK(parsed->target == "shop-back-end");
    CHECK(parsed->id == "k7f2");
}

TEST_CASE("unsafe names never become path parts", "[incident]") {
    const Timestamp at = *parse_rfc3339("2026-11-21T21:22:00Z");
    const auto target_part = [&](std::string_view target) {
        const std::string name = folder_name(at, target, "k7f2");
        CHECK(name.find('/') == std::string::npos);
        CHECK(name.size() < 255);
        const auto parsed = parse_folder_name(name);
        return parsed ? parsed->target : "unreadable: " + name;
    };
    CHECK(target_part("../../etc/passwd") == "..-..-etc-passwd");
    CHECK(target_part("/") == "-");
    CHECK(target_part("") == "unnamed");
    CHECK(target_part("ns/pod:c") == "ns-pod-c");
    CHECK(target_part("a b\n\x1b[2J") == "a-b---2J");
    CHECK(target_part(std::string_view("a\0b", 3)) == "a-b");
    CHECK(target_part("caf\xC3\xA9") == "caf--");
    CHECK(target_part(std::string(5'000, 'x')) == std::string(100, 'x'));
}

TEST_CASE("other names are not taken for an incident's", "[incident]") {
    for (const std::string& name :
         {std::string("."), std::string(".."), std::string("lost+found"), std::string("20261121T212200Z-backend"),
          std::string("20261121T212200Z--k7f2"), std::string("20261121T252200Z-backend-k7f2"),
          std::string("20261121T212200Z-backend-k7fo"), std::string("20261121T212200Z_backend-k7f2"),
          std::string("2026-11-21-backend-k7f2"), std::string("20261121T212200Z-a/b-k7f2"),
          std::string("20261121T212200Z-") + std::string(300, 'x') + "-k7f2", std::string("20261131T212200Z-x-k7f2")}) {
        INFO(name);
        CHECK_FALSE(parse_folder_name(name));
    }
}
