#include "fake_docker.h"

#include <array>
#include <chrono>
#include <ctime>
#include <nlohmann/json.hpp>

namespace memrb::test {
namespace {

using nlohmann::json;
using System = std::chrono::system_clock;

std::string rfc3339(System::time_point at) {
    const std::time_t seconds = System::to_time_t(at);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace

std::string recorded(std::string_view name) {
    return read_file(std::filesystem::path(MEMRB_FIXTURES) / "recorded" / name);
}

FakeDocker::FakeDocker() : engine_(std::make_unique<HttpServer>(folder_ / "docker.sock")) {
    auto container = json::parse(recorded("engine-api/container-limit.json"));
    id_ = container.at("Id").get<std::string>();
    container["State"]["Pid"] = 0;  // a process of this machine could have the number
    container["State"]["StartedAt"] = rfc3339(System::now() - std::chrono::hours(2));
    auto stats = json::parse(recorded("engine-api/stats-running.json"));
    stats["read"] = rfc3339(System::now());

    auto list = json::array();
    for (auto& one : json::parse(recorded("engine-api/containers-all.json"))) {
        if (one.at("Id") == id_) {
            list.push_back(one);
        }
    }
    engine_->always("GET /containers/json", json_answer(list.dump()));
    engine_->always("GET /containers/" + id_ + "/json", json_answer(container.dump()));
    engine_->always("GET /containers/" + id_ + "/stats", json_answer(stats.dump()));

    const json inspected{{"Id", id_},
                         {"Name", "/backend"},
                         {"RestartCount", 0},
                         {"HostConfig", {{"Memory", 67108864}, {"MemorySwap", 134217728}}},
                         {"State", container.at("State")}};
    const auto inspect_file = folder_.write("inspect.json", inspected.dump()).string();
    const auto stats_file = folder_.write("stats.jsonl", recorded("docker/stats-running.jsonl")).string();
    tool("docker",
         "#!/bin/sh\ncase \"$*\" in\n"
         "  inspect*'{{.HostConfig.Memory}}') echo 67108864 ;;\n"
         "  inspect*'{\"Id\":'*) cat '" +
             inspect_file + "' ;;\n  'events '*) ;;\n  'exec '*) echo 4764 ;;\n  'stats '*) cat '" + stats_file +
             "' ;;\n  *) echo \"not expected: docker $*\" >&2; exit 64 ;;\nesac\n");
    tool("dmesg", "#!/bin/sh\necho '2026-11-21T21:00:00,000000+00:00 Linux version 6.1.0'\n");
}

void FakeDocker::tool(std::string_view name, std::string_view script) const {
    folder_.write_script("bin/" + std::string(name), script);
}

Run FakeDocker::diagnose(std::vector<std::string> flags) const {
    std::vector<std::string> words{"diagnose", "backend"};
    words.insert(words.end(), flags.begin(), flags.end());
    return run_memrb(std::move(words)).env("DOCKER_HOST", "unix://" + socket().string()).path_first(bin());
}

void answer_as_healthy(HttpServer& prometheus) {
    const auto now = System::now();
    const auto answer = [&](const std::string& metric, double value, bool history) {
        auto points = json::array();
        for (int minute = history ? 120 : 0; minute >= 0; --minute) {
            const std::chrono::duration<double> at = (now - std::chrono::minutes(minute)).time_since_epoch();
            points.push_back({at.count(), std::to_string(value)});
        }
        json series{{"metric", {{"__name__", metric}, {"name", "backend"}, {"id", "/docker/backend"}}}};
        series[history ? "values" : "value"] = history ? points : points.at(0);
        return json_answer(
            json{{"status", "success"},
                 {"data", {{"resultType", history ? "matrix" : "vector"}, {"result", json::array({series})}}}}
                .dump());
    };
    // A range selector gets its samples, the finder's instant query one.
    for (const auto& [metric, value] : {std::pair{"container_memory_working_set_bytes", 52.0 * 1024 * 1024},
                                        std::pair{"container_spec_memory_limit_bytes", 64.0 * 1024 * 1024}}) {
        const std::string query = std::string("GET /api/v1/query?query=") + metric;
        prometheus.always(query + "%7Bname%3D%22backend%22%7D%5B*", answer(metric, value, true));
        prometheus.always(query + "*", answer(metric, value, false));
    }
    prometheus.always("GET /api/v1/*", json_answer(recorded("prometheus/empty.json")));
}

}  // namespace memrb::test
