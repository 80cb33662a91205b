#include "support/compose_lab.h"
#include "support/docker_lab.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memrb::test;

namespace {

constexpr std::uint64_t mib = 1024 * 1024;

}  // namespace

TEST_CASE("the lab's program holds as much working set as it is told, and the cgroup says so") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"cache=4m", "working-set=60m", "say=ready"}, .memory = "64m"});
    container.wait_for_log("ready");
    const auto memory = container.memory();
    CHECK(memory.limit == 64 * mib);
    CHECK(memory.working_set == Approx(60.0 * mib).epsilon(0.01));
    CHECK(memory.usage - memory.inactive_file == memory.working_set);
    CHECK(memory.anon > 56 * mib);
    CHECK(memory.oom_kills == 0);
    CHECK(container.id().size() == 64);
    CHECK(container.inspect().at("HostConfig").at("Memory") == 64 * mib);
}

TEST_CASE("a container without a limit has none") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=8m", "say=ready"}});
    container.wait_for_log("ready");
    CHECK(container.memory().limit == std::nullopt);
    CHECK(container.memory().working_set > 8 * mib);
}

TEST_CASE("a container that grows beyond its limit is killed by the kernel") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    // The engine listens for kills only a moment after the start: one that comes before is not told by it.
    const auto container = lab->run({.command = {"hold=4m", "sleep=3", "hold=64m"}, .memory = "16m"});
    container.wait_for_state("exited");
    const auto state = container.inspect().at("State");
    CHECK(state.at("OOMKilled") == true);
    CHECK(state.at("ExitCode") == 137);
    CHECK(container.pid() == 0);
    container.wait_for_oom_events(1);
}

TEST_CASE("a killed child leaves its parent alive") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=4m", "child-oom"}, .memory = "32m"});
    container.wait_for_log("child killed by signal 9");
    CHECK(container.memory().oom_kills == 1);
    CHECK(container.inspect().at("State").at("Status") == "running");
}

TEST_CASE("the lab's program leaks and does what it is told by HTTP") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container =
        lab->run({.command = {"serve=8000", "hold=4m", "say=ready"}, .memory = "128m", .network = true});
    container.wait_for_log("ready");
    CHECK(container.tell("hold=8m").at("held_bytes") == 8 * mib);
    CHECK(container.tell("leak=20m").at("leak_bytes_per_second") == 20 * mib);
    container.wait_for_working_set(16 * mib);
    CHECK(container.tell("leak=0").at("held_bytes").get<std::uint64_t>() > 14 * mib);
}

TEST_CASE("a container is gone with its scope") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    std::string id;
    {
        const auto container = lab->run({.command = {"hold=1m"}});
        id = container.id();
        CHECK(lab->docker({"inspect", id}).ending == exited(0));
    }
    CHECK(lab->docker({"inspect", id}).ending == exited(1));
}

TEST_CASE("both ways to call Compose work, and its containers go with the project") {
    const auto lab = DockerLab::open({"python"});
    if (!lab) {
        return;
    }
    std::string id;
    {
        const ComposeProject shop(lab, "services:\n  backend:\n    image: memrb-lab/python\n    mem_limit: 64m\n");
        shop.up();
        id = shop.container_of("backend");
        CHECK(shop.compose({"ps", "-q", "backend"}).out == id + "\n");
        const auto old_way =
            program({"docker-compose", "ps", "-q", "backend"}).env(lab->env()).cwd(shop.folder()).run();
        CHECK(old_way.out == id + "\n");
        const auto exec =
            shop.compose({"exec", "-T", "backend", "python", "-c", "import gc; print(gc.collect() >= 0)"});
        CHECK(exec.out == "True\n");
    }
    CHECK(lab->docker({"inspect", id}).ending == exited(1));
}

TEST_CASE("the lab's Python service leaks, and its collector frees only garbage") {
    const auto lab = DockerLab::open({"python"});
    if (!lab) {
        return;
    }
    const auto service = lab->run({.image = "python", .memory = "128m", .network = true});
    service.wait_for_log("listening on 8000");
    const auto ask = [&](const std::string& verb, const std::string& path) {
        return service
            .exec({"python", "-c",
                   "import urllib.request as u; print(u.urlopen(u.Request('http://127.0.0.1:8000" + path +
                       "', method='" + verb + "')).read().decode())"})
            .out;
    };
    CHECK(ask("GET", "/health").find("\"ok\"") != std::string::npos);
    const auto before = service.memory().anon;
    (void)ask("POST", "/leak?bytes=16777216");
    (void)ask("POST", "/garbage?bytes=33554432");
    CHECK(service.memory().anon > before + 44 * mib);
    (void)ask("POST", "/debug/gc");
    CHECK(service.memory().anon < before + 24 * mib);
    CHECK(service.memory().anon > before + 14 * mib);
    CHECK(ask("GET", "/metrics").find("app_leaked_bytes 16777216\n") != std::string::npos);
}

TEST_CASE("the lab's Redis counts its memory") {
    const auto lab = DockerLab::open({"redis"});
    if (!lab) {
        return;
    }
    const auto redis = lab->run({.image = "redis", .memory = "64m"});
    redis.wait_for_log("Ready to accept connections");
    CHECK(redis.exec({"redis-cli", "info", "memory"}).out.find("maxmemory:0\r\n") != std::string::npos);
}
