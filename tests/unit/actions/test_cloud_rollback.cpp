#include "actions/cloud_log.h"
#include "actions/cloud_rollback.h"

#include "cloud_scene.h"

#include <catch2/catch.hpp>
#include <chrono>

using namespace memrb;
using namespace memrb::actions;
using namespace std::chrono_literals;

namespace {

// r20, r19, ... r1, each made an hour after the one before.
std::vector<CloudRevision> revisions(int count) {
    std::vector<CloudRevision> all;
    for (int number = count; number > 0; --number) {
        CloudRevision revision;
        revision.name = "r" + std::to_string(number);
        revision.created = at("2026-11-21T00:00:00Z") + number * 1h;
        revision.ready = true;
        all.push_back(revision);
    }
    return all;
}

const RevisionHealth good{0.5, 0.45, 0.5, false};
const RevisionHealth growing{0.7, 0.4, 0.65, false};
const RevisionHealth killed{0.5, 0.5, 0.5, true};
const RevisionHealth full{0.9, 0.9, 0.9, false};

std::string chosen(int count, const HealthByRevision& health, const std::string& serving = "") {
    const auto found =
        choose_rollback(revisions(count), serving.empty() ? "r" + std::to_string(count) : serving, health);
    return found ? found->revision : found.error().message;
}

std::string exceeded(const std::string& text) {
    const auto found = read_memory_exceeded(text);
    return found ? std::to_string(found->limit) + " " + std::to_string(found->used) : "no";
}

}  // namespace

TEST_CASE("the last revision that was healthy is chosen, not simply the one before") {
    CHECK(chosen(2, {{"r2", full}, {"r1", good}}) == "r1");
    CHECK(chosen(20, {{"r20", full}, {"r19", growing}, {"r18", killed}, {"r17", good}, {"r16", good}}) == "r17");
    CHECK(chosen(20, {{"r20", full}, {"r19", good}}) == "r19");
    const auto far = choose_rollback(revisions(20), "r20", {{"r20", full}, {"r19", growing}, {"r18", good}});
    REQUIRE(far);
    CHECK(far->onset == "r19");
    CHECK(far->why == "r18 was healthy (at most 50 %)");
}

TEST_CASE("a revision of which nothing is known is second choice, and one that is not ready is none") {
    CHECK(chosen(4, {{"r4", full}, {"r3", full}}) == "r2");
    CHECK(chosen(4, {{"r4", full}, {"r1", good}}) == "r1");
    const auto guess = choose_rollback(revisions(3), "r3", {{"r2", growing}});
    REQUIRE(guess);
    CHECK(guess->why == "r1 is the newest whose memory is not known; not healthy: r2 (at most 70 %, growing)");
    auto some = revisions(3);
    some[1].ready = false;
    CHECK(choose_rollback(some, "r3", {{"r2", good}})->revision == "r1");
}

TEST_CASE("there may be nothing to go back to") {
    CHECK(chosen(1, {}) == "there is only one revision: there is nothing to go back to");
    CHECK(chosen(3, {}, "r1") == "the oldest revision serves already: there is nothing to go back to");
    CHECK(chosen(2, {{"r1", killed}}) == "no earlier revision was healthy: r1 (at most 50 %, out of memory)");
    CHECK(chosen(3, {}, "r9") == "r9, which serves, is not among the revisions");
}

TEST_CASE("health is the peak, and the way from the first samples to the last") {
    std::vector<Point> rising;
    for (int i = 0; i < 80; ++i) {
        rising.push_back({at("2026-11-21T00:00:00Z") + i * 2min, 0.40 + 0.004 * i});
    }
    const RevisionHealth health = health_of(rising);
    CHECK(health.peak == Approx(0.716));
    CHECK_FALSE(health.healthy());
    CHECK(health.words() == "at most 71 %, growing");
    CHECK(health_of({}).peak == 0);
    const auto read = read_health(*read_json(R"([{"name":"a","peak":0.5,"early":0.4,"late":0.45},{"peak":1},7])"),
                                  *read_json(R"(["a","b",3])"));
    CHECK(read.size() == 2);
    CHECK(read.at("a").killed);
    CHECK_FALSE(read.at("b").healthy());
}

TEST_CASE("the line of a kill is read with its units") {
    CHECK(exceeded("Memory limit of 512 MiB exceeded with 514 MiB used. Consider increasing the memory limit") ==
          "536870912 538968064");
    CHECK(exceeded("While handling this request, the container instance was found to be using too much memory") ==
          "no");
    CHECK(exceeded("Memory limit of 244M exceeded with 247M used.") == "255852544 258998272");
    CHECK(exceeded("Memory limit of 256 MB exceeded with 257 MB used") == "256000000 257000000");
    CHECK(exceeded("Memory limit of 4 GiB exceeded with 4100 MiB used") == "4294967296 4299161600");
    CHECK(exceeded("Memory limit of 512 MiB") == "no");
    CHECK(exceeded("Memory limit of 99999999999999999999 MiB exceeded with 1 MiB used") == "no");
}

TEST_CASE("a logged limit is compared with the present one, and decimal with binary") {
    constexpr Bytes mebibyte = Bytes{1} << 20U;
    CHECK(compare_limits(512 * mebibyte, Limit(512 * mebibyte)).empty());
    CHECK(compare_limits(244 * mebibyte, Limit(Bytes{256'000'000})) ==
          "the logged 244 MiB are the limit of 256 MB, which is decimal");
    CHECK(compare_limits(512 * mebibyte, Limit(2048 * mebibyte)) ==
          "the log speaks of a limit of 512 MiB, the serving revision has 2 GiB: it was another revision");
    CHECK(compare_limits(512 * mebibyte, LimitUnknown{}).empty());
}
