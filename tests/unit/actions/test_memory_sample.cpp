#include "actions/memory_sample.h"

#include "hostile.h"
#include "scene.h"

#include <nlohmann/json.hpp>

#include <fmt/core.h>
#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

// One container of the document that system/cgroup.cpp makes, from files that were recorded.
nlohmann::json container(const std::string& id, const std::string& folder) {
    nlohmann::json files;
    const bool v1 = folder.find("v1") != std::string::npos;
    const std::vector<std::string> names =
        v1 ? std::vector<std::string>{"memory.usage_in_bytes", "memory.limit_in_bytes", "memory.stat",
                                      "memory.oom_control"}
           : std::vector<std::string>{"memory.current", "memory.max", "memory.stat", "memory.events"};
    for (const auto& name : names) {
        files[name] = recorded(fmt::format("cgroup/{}/{}", folder, name));
    }
    return {{"id", id}, {"version", v1 ? 1 : 2}, {"files", files}, {"read_at", "2026-11-21T21:41:49.5Z"}};
}

std::string document(const std::vector<nlohmann::json>& containers) {
    return nlohmann::json{{"containers", containers}}.dump();
}

Interpretation sample(const Scene& scene, const Outcome& outcome, const std::string& scope = "target") {
    return action("memory").interpret(texts({{"scope", scope}}), scene.context(), outcome);
}

Interpretation sample(const Scene& scene, const std::string& out, const std::string& scope = "target") {
    return sample(scene, exited(0, out), scope);
}

std::string why(const Interpretation& read) {
    return only<NoData>(read).why;
}

}  // namespace

TEST_CASE("cgroup v1 files give the exact working set") {
    const Scene scene;
    const auto read = sample(scene, document({container(backend_id, "v1-limited")}));
    const auto memory = only<MemoryReading>(read);
    // Worked out by hand from the recorded files.
    const auto stat = [](const std::string& name) {
        const std::string text = "\n" + recorded("cgroup/v1-limited/memory.stat");
        return std::stoull(text.substr(text.find("\n" + name + " ") + name.size() + 2));
    };
    const auto usage = std::stoull(recorded("cgroup/v1-limited/memory.usage_in_bytes"));
    CHECK(memory.used == usage - stat("total_inactive_file"));
    CHECK(memory.usage == usage);
    CHECK(memory.anon == stat("total_rss"));
    CHECK(memory.file == stat("total_cache"));
    CHECK(memory.shmem == stat("total_shmem"));
    CHECK(memory.reclaimable == stat("total_inactive_file") + stat("total_active_file") - stat("total_dirty"));
    CHECK(memory.limit == Limit(Bytes{67'108'864}));
    CHECK(memory.metric == "working set");
    CHECK(memory.source == "cgroup v1");
    CHECK(memory.at == at("2026-11-21T21:41:49.5Z"));
    CHECK(only<OomCheck>(read).sightings.empty());
    CHECK(only<OomCheck>(read).since == scene.target.started_at);
}

TEST_CASE("cgroup v1 without a limit has none") {
    Scene scene;
    scene.is("sidecar", sidecar_id);
    const auto read = sample(scene, document({container(sidecar_id, "v1-unlimited")}));
    CHECK(std::holds_alternative<NoLimit>(only<MemoryReading>(read).limit));
    CHECK(read.note.ends_with(" MiB, no limit"));
}

TEST_CASE("a lower limit on the way to the root counts") {
    const Scene scene;
    auto one = container(backend_id, "v1-limited");
    std::string stat = one["files"]["memory.stat"];
    stat.replace(stat.find("hierarchical_memory_limit 67108864"), 34, "hierarchical_memory_limit 33554432");
    one["files"]["memory.stat"] = stat;
    CHECK(only<MemoryReading>(sample(scene, document({one}))).limit == Limit(Bytes{33'554'432}));
}

TEST_CASE("the cgroup's own count of kills is told") {
    Scene scene;
    scene.is("parent", parent_id);
    for (const std::string folder : {"v1-oom", "v2-oom"}) {
        CAPTURE(folder);
        const auto check = only<OomCheck>(sample(scene, document({container(parent_id, folder)})));
        CHECK(check.source == OomSource::cgroup_counter);
        REQUIRE(check.sightings.size() == 1);
        CHECK(check.sightings[0].count == 1);
        CHECK(check.sightings[0].level == OomLevel::process);
        CHECK_FALSE(check.sightings[0].at);
    }
}

TEST_CASE("cgroup v2 files give the exact working set") {
    Scene scene;
    const auto read = sample(scene, document({container(backend_id, "v2-limited")}));
    const auto memory = only<MemoryReading>(read);
    CHECK(memory.usage == 54'104'064);
    CHECK(memory.used == 54'104'064 - 4'100'096);
    CHECK(memory.anon == 49'405'952);
    CHECK(memory.file == 4'194'304);
    CHECK(memory.shmem == 0);
    CHECK(memory.limit == Limit(Bytes{67'108'864}));
    CHECK(memory.source == "cgroup v2");
    CHECK(read.note == "47.7 MiB of 64 MiB = 74 %");
    scene.is("sidecar", sidecar_id);
    CHECK(std::holds_alternative<NoLimit>(
        only<MemoryReading>(sample(scene, document({container(sidecar_id, "v2-unlimited")}))).limit));
}

TEST_CASE("the working set never falls below zero") {
    const Scene scene;
    auto one = container(backend_id, "v2-limited");
    one["files"]["memory.current"] = "1000\n";
    CHECK(only<MemoryReading>(sample(scene, document({one}))).used == 0);
}

TEST_CASE("cgroup files that say nothing are no data") {
    const Scene scene;
    const std::string not_understood = "the files of the memory cgroup are not understood";
    auto one = container(backend_id, "v2-limited");
    one["files"]["memory.stat"] = "anon 5\n";
    CHECK(why(sample(scene, document({one}))) == not_understood);
    one["files"]["memory.stat"] = "inactive_file -5\n";
    CHECK(why(sample(scene, document({one}))) == not_understood);
    one = container(backend_id, "v2-limited");
    one["files"]["memory.current"] = "99999999999999999999999999\n";
    CHECK(why(sample(scene, document({one}))) == not_understood);
    one["files"].erase("memory.current");
    CHECK(why(sample(scene, document({one}))) == not_understood);
    CHECK(why(sample(scene, document({{{"id", backend_id}, {"error", "its memory cgroup is not on this machine"}}}))) ==
          "its memory cgroup is not on this machine");
    CHECK(why(sample(scene, document({container(sidecar_id, "v1-unlimited")}))) ==
          "the answer is about another container");
    one = container(backend_id, "v2-limited");
    one["files"].erase("memory.max");
    CHECK(std::holds_alternative<LimitUnknown>(only<MemoryReading>(sample(scene, document({one}))).limit));
}

TEST_CASE("the engine's statistics give the exact working set") {
    Scene scene;
    const auto read = sample(scene, answered(200, recorded("engine-api/stats-running.json")));
    const auto memory = only<MemoryReading>(read);
    CHECK(memory.used == 54'366'208 - 4'194'304);
    CHECK(memory.usage == 54'366'208);
    CHECK(memory.anon == 49'664'000);
    CHECK(memory.file == 4'194'304);
    CHECK_FALSE(memory.shmem);
    CHECK(memory.reclaimable == 4'194'304);
    CHECK(memory.limit == Limit(Bytes{67'108'864}));
    CHECK(memory.source == "docker engine");
    CHECK(memory.at == at("2026-11-21T21:41:50.232Z"));
    CHECK(read.note == "47.8 MiB of 64 MiB = 74 %");
}

TEST_CASE("the host's memory is not a limit") {
    Scene scene;
    scene.is("sidecar", sidecar_id);
    scene.target.limit = NoLimit{};
    const auto memory = [&](const std::string& text) {
        return only<MemoryReading>(sample(scene, answered(200, text)));
    };
    const std::string v1 = recorded("engine-api/stats-no-limit.json");
    CHECK(std::holds_alternative<NoLimit>(memory(v1).limit));
    scene.target.limit = LimitUnknown{};
    CHECK(std::holds_alternative<NoLimit>(memory(v1).limit));
    // As an engine with cgroup v2 answers: the same, but for the names of the counters.
    const std::string v2 = R"({"id":")" + sidecar_id + R"(","memory_stats":{"usage":100,"limit":25276514304,"stats":)" +
                           R"({"anon":60,"file":40,"shmem":5,"inactive_file":30,"active_file":10,"file_dirty":1}}})";
    CHECK(memory(v2).used == 70);
    CHECK(memory(v2).reclaimable == 39);
    CHECK(memory(v2).shmem == 5);
    CHECK(std::holds_alternative<LimitUnknown>(memory(v2).limit));
    scene.target.limit = NoLimit{};
    CHECK(std::holds_alternative<NoLimit>(memory(v2).limit));
    scene.target.limit = Bytes{500};
    CHECK(memory(v2).limit == Limit(Bytes{25'276'514'304}));  // raised since it was pinned
}

TEST_CASE("zeros of a stopped container are no data") {
    Scene scene;
    scene.is("eater", eater_id);
    CHECK(why(sample(scene, answered(200, recorded("engine-api/stats-stopped.json")))) == "eater is not running");
    CHECK(why(sample(scene, recorded("docker/stats-three.jsonl"))) == "eater is not running");
}

TEST_CASE("docker stats is rounded, and believed no further") {
    Scene scene;
    const auto read = sample(scene, recorded("docker/stats-running.jsonl"));
    const auto memory = only<MemoryReading>(read);
    CHECK(memory.used == *parse_docker_size("47.85MiB"));
    CHECK_FALSE(memory.usage);
    CHECK_FALSE(memory.anon);
    CHECK(memory.limit == Limit(Bytes{67'108'864}));
    CHECK(memory.source == "docker stats (rounded)");
    CHECK(read.note == "47.9 MiB of 64 MiB = 74 %");

    const std::string no_limit = recorded("docker/stats-three.jsonl");
    scene.is("sidecar", sidecar_id);
    scene.target.limit = NoLimit{};
    CHECK(std::holds_alternative<NoLimit>(only<MemoryReading>(sample(scene, no_limit)).limit));
    scene.target.limit = LimitUnknown{};
    CHECK(std::holds_alternative<LimitUnknown>(only<MemoryReading>(sample(scene, no_limit)).limit));
    scene.is("redis", std::string(64, 'a'));
    CHECK(why(sample(scene, no_limit)) == "redis is not among the containers that it lists");
}

TEST_CASE("all containers of the host are told by their names") {
    const Scene scene;
    const auto cgroups = sample(scene,
                                document({container(backend_id, "v1-limited"),
                                          container(sidecar_id, "v1-unlimited"),
                                          {{"id", eater_id}, {"error", "gone"}}}),
                                "host");
    const auto fleet = only<FleetReading>(cgroups);
    REQUIRE(fleet.rows.size() == 2);
    CHECK(fleet.rows[0].name == "backend");
    CHECK(fleet.rows[0].memory.limit == Limit(Bytes{67'108'864}));
    CHECK(fleet.rows[1].name == "sidecar");
    CHECK(std::holds_alternative<NoLimit>(fleet.rows[1].memory.limit));
    CHECK(cgroups.note == "2 containers");
    CHECK(cgroups.warnings == std::vector<std::string>{"memory of 576812ce7604: gone"});

    const auto stats = only<FleetReading>(sample(scene, recorded("docker/stats-three.jsonl"), "host"));
    REQUIRE(stats.rows.size() == 2);
    CHECK(stats.rows[0].memory.limit == Limit(Bytes{67'108'864}));
    CHECK(std::holds_alternative<LimitUnknown>(stats.rows[1].memory.limit));  // 23.54GiB: it may be the host's
    CHECK(why(sample(scene, document({{{"id", eater_id}, {"error", "gone"}}}), "host")) ==
          "no container's memory could be read");
}

TEST_CASE("the docker action understands the tables of docker stats") {
    Scene scene;
    const auto read = [&](const std::string& out) {
        return action("docker").interpret(args({"stats", "--no-stream"}), scene.context(), exited(0, out));
    };
    const auto table = read(recorded("docker/stats-table.txt"));
    CHECK(only<MemoryReading>(table).used == *parse_docker_size("47.85MiB"));
    CHECK(only<FleetReading>(table).rows.size() == 2);
    CHECK(table.note == "47.9 MiB of 64 MiB = 74 %");
    const auto seed = read("NAME      MEM USAGE / LIMIT     MEM %\nbackend   47.85MiB / 64MiB      74.76%\n");
    CHECK(only<MemoryReading>(seed).limit == Limit(Bytes{67'108'864}));
    CHECK(read("74.76%\n").readings.empty());
    CHECK(only<NoData>(read("NAME      MEM USAGE / LIMIT\nbackend   -- / --\n")).why == "backend is not running");
}

TEST_CASE("a failed measurement says why") {
    const Scene scene;
    CHECK(why(sample(scene, answered(404, R"({"message":"No such container: x"})"))) ==
          R"(the Docker engine answers HTTP 404: {"message":"No such container: x"})");
    CHECK(why(sample(scene, answered(502, "<html>bad gateway</html>"))) == "the Docker engine answers HTTP 502");
    CHECK(why(sample(scene, ended(NotStarted{"nothing listens at /var/run/docker.sock", false, false}))) ==
          "nothing listens at /var/run/docker.sock");
    CHECK(why(sample(scene, recorded_failure("docker/stats-missing.txt"))) == "No such container: nosuch (exit 1)");
    CHECK(why(sample(scene, "")) == "the answer is not understood");
    CHECK(why(sample(scene, "<html>")) == "the answer is not understood");
}

TEST_CASE("a broken measurement is never a measurement of the whole") {
    const Scene scene;
    const std::string engine = R"({"id":")" + backend_id +
                               R"(","memory_stats":{"usage":54366208,"stats":{"total_inactive_file":4194304,)" +
                               R"("hierarchical_memory_limit":67108864,"total_rss":5},"limit":67108864}})";
    const std::string cgroup = document({container(backend_id, "v2-oom")});
    const std::string cli = recorded("docker/stats-running.jsonl").substr(0, 177);
    for (const auto& text : {engine, cgroup, cli}) {
        REQUIRE(only<MemoryReading>(sample(scene, text)).used > 0);
        each_beginning(text, [&](const std::string& part) {
            const auto read = sample(scene, part);
            REQUIRE(read.readings.size() == 1);
            const bool whole = part.size() + 1 >= text.size() && part.back() == '}';
            CHECK((whole || std::holds_alternative<NoData>(read.readings[0])));
        });
        each_corruption(text, [&](const std::string& wrong) { CHECK_FALSE(sample(scene, wrong).readings.empty()); });
        for (const auto& wrong : with_wrong_types(text)) {
            for (const std::string scope : {"target", "host"}) {
                CHECK_FALSE(sample(scene, wrong, scope).readings.empty());
            }
        }
    }
    CHECK(why(sample(scene, nested(100'000))) == "the answer is not understood");
}
