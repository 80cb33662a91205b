// What the world answers is read by the same functions that read recorded outputs of the real tools.
#include "actions/docker_list.h"
#include "tool_lab.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

using namespace memrb;
using namespace memrb::drill;
using namespace memrb::test;

namespace {

/// A world whose leak has been killed twice, and a Redis beside it.
Scenario killed_twice() {
    auto drill = leaking(200 * mebibyte);
    memory_of(drill).connections = 10;
    memory_of(drill).file_per_hour = 40 * mebibyte;
    memory_of(drill).file_up_to = 30 * mebibyte;
    drill.services.front().load = {{Milliseconds{0}, 20}};
    DrillService redis;
    redis.name = "redis";
    redis.redis_maxmemory = 0;
    DrillMemory memory;
    memory.base = 30 * mebibyte;
    memory.cache_per_hour = 10 * mebibyte;
    redis.versions.push_back({"redis:7", std::nullopt, memory});
    drill.services.push_back(redis);
    return drill;
}

class Lab : public ToolLab {
public:
    Lab() : ToolLab(killed_twice(), "shop-backend-1") {}
};

}  // namespace

TEST_CASE("the engine's list and inspection pin the target") {
    Lab lab;
    const Container& container = *lab.world().containers_of(0).front();
    CHECK(lab.target().id == container.id);
    CHECK(lab.target().name == "shop-backend-1");
    CHECK(lab.target().started_at == container.started);
    CHECK(lab.target().image == "shop/backend:1");
    CHECK(std::get<Bytes>(lab.target().limit) == 512 * mebibyte);
    REQUIRE(lab.target().compose);
    CHECK(lab.target().compose->service == "backend");
    CHECK(lab.target().compose->files == std::vector<std::string>{"/srv/shop/compose.yml"});
}

TEST_CASE("the engine's statistics and the client's give the memory of the world") {
    Lab lab;
    const Container& container = *lab.world().containers_of(0).front();
    const auto engine = Lab::reading<MemoryReading>(lab.step("memory", scope("target")));
    CHECK(engine.source == "docker engine");
    CHECK(static_cast<double>(engine.used) == Approx(container.working_set()).epsilon(1e-6));
    CHECK(static_cast<double>(engine.anon.value()) == Approx(container.anon()).epsilon(1e-6));
    CHECK(engine.at == lab.clock().now());

    const auto fleet = Lab::reading<FleetReading>(lab.step("memory", scope("host")));
    REQUIRE(fleet.rows.size() == 2);
    CHECK(fleet.rows[0].name == "shop-backend-1");
    CHECK(static_cast<double>(fleet.rows[0].memory.used) == Approx(container.working_set()).epsilon(1e-3));
}

TEST_CASE("the client's inspection tells state, limit and restarts, in each format that runbooks use") {
    Lab lab;
    const auto& id = lab.target().id;
    const auto whole = Lab::reading<StateReading>(lab.words("docker", {"inspect", id}));
    CHECK(whole.running);
    CHECK(whole.restarts == 2U);
    CHECK(whole.oom_killed == true);
    const auto part = Lab::reading<StateReading>(
        lab.words("docker", {"inspect", id, "--format",
                             R"({"Id":{{json .Id}},"RestartCount":{{json .RestartCount}},"State":{{json .State}}})"}));
    CHECK(part.restarts == 2U);
    CHECK(lab.words("docker", {"inspect", "shop-backend-1", "--format", "{{.HostConfig.Memory}}"}).note ==
          "limit 512 MiB");
    const auto unknown = lab.run(Command{{"docker", "inspect", id, "--format", "{{.Nothing.There}}"}, {}, {}, {}});
    CHECK(unknown.ending == Ending(Exited{127}));
    CHECK(lab.run(Command{{"docker", "inspect", "nobody"}, {}, {}, {}}).ending == Ending(Exited{1}));
}

TEST_CASE("events, the kernel's log and cAdvisor agree on the kills") {
    Lab lab;
    const auto events =
        Lab::reading<OomCheck>(lab.words("docker", {"events", "--since", "24h", "--until", "2026-01-05T03:12:00Z",
                                                    "--filter", "type=container", "--format", "{{json .}}"}));
    REQUIRE(events.sightings.size() == 2);
    CHECK(events.sightings.front().level == OomLevel::container);
    CHECK(events.since == lab.world().began());

    Params dmesg;
    dmesg.set("argv", {"", {"dmesg", "--time-format", "iso"}, {}});
    dmesg.set("parse", {"kernel-log", {}, {}});
    const auto kernel = Lab::reading<OomCheck>(lab.step("shell", dmesg));
    REQUIRE(kernel.sightings.size() == 2);
    CHECK(kernel.sightings.front().level == OomLevel::container);
    CHECK(kernel.sightings.front().at == events.sightings.front().at);

    const auto counted =
        Lab::reading<SeriesReading>(lab.promql(R"(container_oom_events_total{name="shop-backend-1"})", "6h"));
    CHECK(counted.points.back().value == 2);
}

TEST_CASE("Prometheus answers selectors, rates and ranges, and what it does not know is refused, not invented") {
    Lab lab;
    const auto series =
        Lab::reading<SeriesReading>(lab.promql(R"(container_memory_working_set_bytes{name="shop-backend-1"})", "6h"));
    CHECK(series.role == SeriesRole::memory);
    CHECK(series.points.size() > 1'300);  // 6 h of 15 s, save while it was down
    CHECK(series.points.back().value == Approx(lab.world().containers_of(0).front()->working_set()).epsilon(0.01));
    const auto rate = Lab::reading<SeriesReading>(
        lab.promql(R"(rate(container_memory_working_set_bytes{name="shop-backend-1"}[1h]))", ""));
    CHECK(rate.points.size() == 1);
    const auto load = Lab::reading<SeriesReading>(
        lab.promql(R"(rate({__name__="http_requests_total",name="shop-backend-1"}[5m]))", "6h"));
    CHECK(load.points.size() > 1'000);
    CHECK(load.points.back().value == Approx(20).epsilon(0.2));

    const auto nobody = lab.promql(R"(container_memory_working_set_bytes{name="nobody"})", "6h");
    CHECK(std::holds_alternative<NoData>(nobody.readings.front()));
    const auto unknown = lab.promql("sum by (x) (rate(y[5m]))", "");
    REQUIRE(std::holds_alternative<NoData>(unknown.readings.front()));
    CHECK(std::get<NoData>(unknown.readings.front()).why.find("not part of the drill") != std::string::npos);
}

TEST_CASE("Redis is told as by redis-cli") {
    Lab lab;
    const auto result = lab.words("compose", {"exec", "-T", "redis", "redis-cli", "info"});
    CHECK(result.note.find("no maxmemory") != std::string::npos);
}

TEST_CASE("the Compose file is edited, shown before, applied, and put back") {
    Lab lab;
    FileEdit edit;
    edit.files = {"/srv/shop/compose.yml"};
    edit.places = {{"services", "backend", "mem_limit"}};
    edit.value = "768m";
    edit.preview = true;
    const auto shown = lab.run(edit);
    REQUIRE(shown.ok());
    CHECK(shown.out.head.find(R"("added":["    mem_limit: 768m"])") != std::string::npos);
    CHECK(lab.world().service(0).limit == 512.0 * mebibyte);
    edit.preview = false;
    const auto done = lab.run(edit);
    REQUIRE(done.ok());
    CHECK(lab.world().containers_of(0).front()->limit == 512.0 * mebibyte);
    const std::string before = lab.world().containers_of(0).front()->id;
    const Command up{
        {"docker", "compose", "-p", "shop", "-f", "/srv/shop/compose.yml", "up", "-d", "backend"}, {}, {}, {}};
    CHECK(lab.run(up).ok());
    CHECK(lab.world().containers_of(0).front()->limit == 768.0 * mebibyte);
    CHECK(lab.world().containers_of(0).front()->id != before);
    FileEdit back;
    back.files = edit.files;
    back.restore = "/srv/shop/compose.yml.before-0";
    CHECK(lab.run(back).ok());
    CHECK(lab.world().service(0).limit == 512.0 * mebibyte);
    back.restore = "/etc/passwd";
    CHECK(std::holds_alternative<NotStarted>(lab.run(back).ending));
}

TEST_CASE("what the drill does not play is said, whatever it is") {
    Lab lab;
    const auto pull = lab.run(Command{{"docker", "pull", "x"}, {}, {}, {}});
    CHECK(pull.ending == Ending(Exited{127}));
    CHECK(pull.err.head == "`docker pull` is not part of this drill\n");
    const auto other = lab.run(Command{{"rm", "-rf", "/"}, {}, {}, {}});
    REQUIRE(std::holds_alternative<NotStarted>(other.ending));
    CHECK(std::get<NotStarted>(other.ending).missing_tool);
    HttpRequest web;
    web.url = "http://127.0.0.1:1/";
    CHECK(lab.run(web).ending == Ending(HttpStatus{404}));
}

TEST_CASE("reads take no time, changes and waits take theirs") {
    Lab lab;
    const Timestamp begin = lab.clock().now();
    (void)lab.words("docker", {"inspect", lab.target().id});
    CHECK(lab.clock().now() == begin);
    const auto restart = lab.run(Command{{"docker", "restart", "shop-backend-1"}, {}, {}, {}});
    CHECK(restart.ok());
    CHECK(lab.clock().now() == begin + restart.elapsed);
    CHECK(restart.elapsed >= Milliseconds{5'000});
    (void)lab.run(Wait{minute});
    CHECK(lab.clock().now() == begin + restart.elapsed + minute);
}

TEST_CASE("reads side by side say what they say one after the other") {
    Lab lab;
    std::vector<Request> requests;
    for (const auto* metric : {"container_memory_working_set_bytes", "container_memory_rss", "http_requests_total"}) {
        HttpRequest request;
        request.url = std::string("http://prometheus.shop.test:9090/api/v1/query?query=") + metric +
                      "%5B6h%5D&time=1767582720.000";
        requests.emplace_back(request);
    }
    requests.emplace_back(Command{{"docker", "stats", "--no-stream"}, {}, {}, {}});
    requests.emplace_back(Command{{"docker", "logs", "--tail", "50", "shop-backend-1"}, {}, {}, {}});
    std::vector<std::string> alone;
    for (const auto& request : requests) {
        const auto outcome = lab.run(request);
        CHECK(outcome.ok());
        alone.push_back(outcome.out.head);
    }
    std::vector<std::string> together(requests.size());
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < requests.size(); ++i) {
            threads.emplace_back([&, i] { together[i] = lab.run(requests[i]).out.head; });
        }
    }
    CHECK(together == alone);
}
