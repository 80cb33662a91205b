// The container runbook's options on a Python service that leaks, caches and makes garbage, with its Redis, in Compose.
#include "shop.h"
#include "support/cgroup_files.h"
#include "support/pty.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

using namespace memrb::test;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds a_while(60);
constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

/// What a step of the option said: `ok: ...`; fails the test if there is no such step.
std::string said(const json& document, const std::string& id) {
    for (const char* list : {"steps", "checks"}) {
        for (const auto& step : document.at(list)) {
            if (step.at("id") == id) {
                return step.at("status").get<std::string>() + ": " + step.at("said").get<std::string>();
            }
        }
    }
    FAIL("no step " << id << " in " << document.dump(2));
    return {};
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::int64_t fall_of(const json& document) {
    return document.at("before_bytes").get<std::int64_t>() - document.at("after_bytes").get<std::int64_t>();
}

}  // namespace

TEST_CASE("garbage collection by the application's endpoint frees its memory, and says so when it frees none") {
    const auto lab = DockerLab::open({"python", "redis"});
    if (!lab) {
        return;
    }
    const Shop shop(lab);
    (void)shop.tell("/garbage?bytes=60000000");
    const Ran ran = shop.resolve("collect-garbage").run();
    INFO(ran.describe());
    REQUIRE(ran.ending == exited(0));
    const auto first = json::parse(ran.out);
    CHECK(first.at("end") == "applied");
    CHECK(fall_of(first) > static_cast<std::int64_t>(50 * mebibyte));
    CHECK(first.at("helped") == true);
    CHECK(ran.err.find("/debug/gc") != std::string::npos);

    (void)shop.tell("/leak?bytes=30000000");  // no collector frees this
    const Ran again = shop.resolve("collect-garbage").run();
    INFO(again.describe());
    REQUIRE(again.ending == exited(0));
    const auto second = json::parse(again.out);
    CHECK(second.at("helped") == false);
    CHECK(again.err.find("no help so far") != std::string::npos);
}

TEST_CASE("clearing the application's cache frees its memory, and Redis tells of its own") {
    const auto lab = DockerLab::open({"python", "redis"});
    if (!lab) {
        return;
    }
    const Shop shop(lab);
    (void)shop.tell("/cache?bytes=60000000");
    const Ran ran = shop.resolve("reduce-cache").run();
    INFO(ran.describe());
    REQUIRE(ran.ending == exited(0));
    const auto document = json::parse(ran.out);
    CHECK(fall_of(document) > static_cast<std::int64_t>(50 * mebibyte));
    CHECK(document.at("helped") == true);
    CHECK(said(document, "reduce-cache.clear").starts_with("skipped: "));
    const std::string unbounded = said(document, "reduce-cache.redis");
    CHECK(unbounded.find("ok: used ") == 0);
    CHECK(unbounded.find(", peak ") != std::string::npos);
    CHECK(unbounded.find("no maxmemory: it evicts nothing") != std::string::npos);

    const auto redis = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"exec", "-T", "redis", "redis-cli"});
        const Ran done = shop.project().compose(words);
        INFO(done.describe());
        REQUIRE(done.ending == exited(0));
    };
    redis({"config", "set", "maxmemory", "4mb"});
    redis({"config", "set", "maxmemory-policy", "allkeys-lru"});
    redis({"debug", "populate", "50000", "key", "100"});
    redis({"set", "a", "1"});
    const Ran bounded = shop.resolve("reduce-cache").run();
    INFO(bounded.describe());
    const std::string told = said(json::parse(bounded.out), "reduce-cache.redis");
    CHECK(told.find(" of 4 MiB maxmemory = ") != std::string::npos);
    CHECK(told.find("policy allkeys-lru, fragmentation ") != std::string::npos);
    CHECK(told.find(" keys evicted") != std::string::npos);
    CHECK(told.find(", 0 keys evicted") == std::string::npos);
}

TEST_CASE("a restart ends a leak for the time being, and the service is asked whether it is healthy") {
    const auto lab = DockerLab::open({"python", "redis"});
    if (!lab) {
        return;
    }
    const Shop shop(lab);
    (void)shop.tell("/leak?bytes=80000000");
    const Ran ran = shop.resolve("restart").run();
    INFO(ran.describe());
    REQUIRE(ran.ending == exited(0));
    const auto document = json::parse(ran.out);
    CHECK(fall_of(document) > static_cast<std::int64_t>(60 * mebibyte));
    CHECK(said(document, "restart.healthy").starts_with("ok"));
    shop.await_service();
}

TEST_CASE("a service is scaled out to three, and all three are seen") {
    const auto lab = DockerLab::open({"python", "redis"});
    if (!lab) {
        return;
    }
    const Shop shop(lab);
    const Ran ran = shop.resolve("scale-out").run();
    INFO(ran.describe());
    REQUIRE(ran.ending == exited(0));
    const auto running =
        lab->docker_out({"ps", "-q", "--filter", "label=com.docker.compose.project=" + shop.project().name(),
                         "--filter", "label=com.docker.compose.service=backend"});
    CHECK(std::count(running.begin(), running.end(), '\n') == 2);  // the last one has no newline
    CHECK(ran.err.find("--scale backend=3 backend") != std::string::npos);
    CHECK(json::parse(ran.out).at("end") == "applied");
}

TEST_CASE("the limit of a leaking service is raised in its file and its cgroup, and the undo takes both back") {
    const auto lab = DockerLab::open({"python", "redis"});
    if (!lab) {
        return;
    }
    const Shop shop(lab);
    const auto limit = [&] {
        const auto cgroup =
            read_cgroup(std::stoi(lab->docker_out({"inspect", "--format", "{{.State.Pid}}", shop.id()})));
        return cgroup ? cgroup->limit.value_or(0) : 0;
    };
    const std::string before = text_of(shop.project().file());
    (void)shop.tell("/leak?bytes=80000000");
    CHECK(limit() == 128 * mebibyte);
    Pty terminal(shop.ask("raise-limit", {"--set", "memory_limit=256m"}), 100, 60);
    for (const char* file_then_container : {"+ 4:     mem_limit: 256m", "up"}) {
        terminal.expect(file_then_container, a_while);
        terminal.expect("Type yes to run", a_while);
        terminal.send("yes\n");
    }
    terminal.expect("Watch whether it recovers", a_while);
    terminal.send("n\n");
    terminal.expect("Keep it?", a_while);
    CHECK(limit() == 256 * mebibyte);
    std::string expected = before;
    expected.replace(expected.find("128m"), 4, "256m");
    CHECK(text_of(shop.project().file()) == expected);
    terminal.send("undo\n");
    for (const char* file_then_container : {"raise-limit.file_back", "raise-limit.apply_back"}) {
        terminal.expect(file_then_container, a_while);
        terminal.expect("Type yes to run", a_while);
        terminal.send("yes\n");
    }
    CHECK(terminal.wait(a_while) == exited(0));
    INFO(terminal.transcript());
    CHECK(limit() == 128 * mebibyte);
    CHECK(text_of(shop.project().file()) == before);
}
