#include "actions/redis_info.h"

#include "hostile.h"
#include "scene.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

constexpr Bytes mebibyte = Bytes{1} << 20U;

Interpretation asked(const std::string& answer, int code = 0) {
    const Scene scene;
    return action("docker").interpret(args({"exec", "backend", "redis-cli", "info"}, {{"reads", "true"}}),
                                      scene.context(), exited(code, answer));
}

}  // namespace

TEST_CASE("what a real Redis tells of its memory is read, and nothing of it is the container's memory") {
    const auto memory = read_redis_info(recorded("redis/info-memory-limited.txt") + recorded("redis/info-stats.txt"));
    REQUIRE(memory);
    CHECK(memory->used == 4'201'616);
    CHECK(memory->maxmemory == 4 * mebibyte);
    CHECK(memory->policy == "allkeys-lru");
    CHECK(memory->fragmentation == 3.85);
    CHECK(memory->evictions == 0);
    REQUIRE(memory->peak);
    CHECK(*memory->peak >= memory->used);
    const auto read = asked(recorded("redis/info-memory.txt"));
    CHECK(read.readings.empty());
    CHECK(read.note == "used 4.53 MiB, peak 4.53 MiB, no maxmemory: it evicts nothing, fragmentation 3.43");
}

TEST_CASE("a bound, its policy and what it has cost are told") {
    CHECK(describe({3 * mebibyte, 4 * mebibyte, 4 * mebibyte, "allkeys-lru", 1.25, 17}) ==
          "used 3 MiB of 4 MiB maxmemory = 75 %, peak 4 MiB, policy allkeys-lru, fragmentation 1.25, 17 keys evicted");
    CHECK(describe({3 * mebibyte, {}, {}, "", {}, {}}) == "used 3 MiB");
}

TEST_CASE("what is no number is missing, not zero") {
    CHECK_FALSE(read_redis_info(""));
    CHECK_FALSE(read_redis_info("NOAUTH Authentication required.\n"));
    for (const char* bad : {"", "-1", "+1", " ", "1e3", "0x10", "4.5M", "99999999999999999999", "12 MB"}) {
        INFO(bad);
        CHECK_FALSE(read_redis_info(std::string("used_memory:") + bad + "\r\n"));
        const auto rest = read_redis_info(std::string("used_memory:1\r\nmaxmemory:") + bad + "\r\nevicted_keys:" + bad +
                                          "\r\nused_memory_peak:" + bad + "\r\n");
        REQUIRE(rest);
        CHECK_FALSE(rest->maxmemory);
        CHECK_FALSE(rest->evictions);
        CHECK_FALSE(rest->peak);
    }
    for (const char* bad : {"nan", "inf", "-2", "0", "x", ""}) {
        const auto read = read_redis_info(std::string("used_memory:1\nmem_fragmentation_ratio:") + bad + "\n");
        REQUIRE(read);
        CHECK_FALSE(read->fragmentation);
    }
}

TEST_CASE("a refusal, a failure and silence are no data, with the words that were said") {
    CHECK(only<NoData>(asked("NOAUTH Authentication required.\n")).why ==
          "no used_memory in it: NOAUTH Authentication required.");
    CHECK(only<NoData>(asked("")).why == "it says nothing");
    CHECK(only<NoData>(asked("Could not connect to Redis at 127.0.0.1:6379: Connection refused\n", 1)).why ==
          "Could not connect to Redis at 127.0.0.1:6379: Connection refused (exit 1)");
    const Scene scene;
    const auto other = action("docker").interpret(args({"exec", "backend", "cat", "info"}, {{"reads", "true"}}),
                                                  scene.context(), exited(0, "used_memory:1\n"));
    CHECK(other.readings.empty());
    CHECK(other.note.empty());
}

TEST_CASE("hostile answers of Redis do no harm") {
    const std::string good = recorded("redis/info-memory-limited.txt");
    each_beginning(good, [](const std::string& text) { (void)asked(text); });
    each_corruption(good, [](const std::string& text) { (void)asked(text); });
    const auto read =
        asked("used_memory:1\nmaxmemory:9\nmaxmemory_policy:\x1b[31mred\x07" + std::string(5000, 'x') + "\n");
    CHECK(read.note.find('\x1b') == std::string::npos);
    CHECK(read.note.size() < 200);
}
