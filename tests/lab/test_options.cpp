// The container runbook's options on a Python service that leaks, caches and makes garbage, with its Redis, in Compose.
#include "support/compose_lab.h"
#include "support/docker_lab.h"
#include "support/http_client.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

using namespace memrb::test;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds a_while(90);
constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

/// `backend` (app.py, 128 MiB) and `redis`, as a shop would run them.
class Shop {
public:
    explicit Shop(const std::shared_ptr<const DockerLab>& lab)
        : lab_(lab),
          project_(lab,
                   "services:\n"
                   "  backend:\n"
                   "    image: memrb-lab/python\n"
                   "    mem_limit: 128m\n"
                   "    stop_grace_period: 1s\n"
                   "  redis:\n"
                   "    image: memrb-lab/redis\n"
                   "    mem_limit: 64m\n") {
        project_.up();
        await_service();
    }

    [[nodiscard]] std::string id() const { return project_.container_of("backend"); }
    [[nodiscard]] std::string name() const {
        return lab_->docker_out({"inspect", "--format", "{{.Name}}", id()}).substr(1);
    }
    [[nodiscard]] const ComposeProject& project() const { return project_; }

    /// Until it answers: after `up`, and after a restart.
    void await_service() const {
        const auto end = std::chrono::steady_clock::now() + a_while;
        while (!ask("GET", "/health") && std::chrono::steady_clock::now() < end) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        REQUIRE(ask("GET", "/health"));
    }
    /// POST to the service; its JSON answer.
    [[nodiscard]] json tell(const std::string& what) const {
        const auto reply = ask("POST", what);
        REQUIRE(reply);
        REQUIRE(reply->status == 200);
        return json::parse(reply->body);
    }

    [[nodiscard]] Run resolve(const std::string& option, const std::vector<std::string>& flags = {}) const {
        const std::string base = "http://" + address() + ":8000";
        std::vector<std::string> words{"resolve", name(),
                                       option,    "--confirm=" + name(),
                                       "-o",      "json",
                                       "--set",   "debug_url=" + base + "/debug",
                                       "--set",   "health_url=" + base + "/health",
                                       "--set",   "redis_service=redis"};
        words.insert(words.end(), flags.begin(), flags.end());
        return run_memrb(words).env(lab_->env()).timeout(a_while);
    }

private:
    [[nodiscard]] std::string address() const {
        const auto all = lab_->docker_out(
            {"inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", id()});
        return all.substr(0, all.find(' '));
    }
    [[nodiscard]] std::optional<HttpReply> ask(std::string_view method, const std::string& what) const {
        return http({.port = 8000, .host = address()}, method, what);
    }

    std::shared_ptr<const DockerLab> lab_;
    ComposeProject project_;
};

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
