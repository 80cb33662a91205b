#include "support/docker_lab.h"
#include "support/prometheus_lab.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memrb::test;
using namespace std::chrono_literals;

namespace {

memrb::Timestamp now() {
    return std::chrono::time_point_cast<memrb::Milliseconds>(std::chrono::system_clock::now());
}

}  // namespace

TEST_CASE("hours of history are in a real Prometheus at once") {
    const auto end = now() - 10s;
    const auto prometheus =
        PrometheusLab::start({series("container_memory_working_set_bytes", cadvisor_labels("backend", "3f9c"), end - 6h,
                                     end, 15s, [](double s) { return 3e8 + 2e4 * s; })});
    if (!prometheus) {
        return;
    }
    const auto raw = prometheus->query("container_memory_working_set_bytes{name=\"backend\"}[7h]");
    REQUIRE(raw.size() == 1);
    const auto& values = raw.at(0).at("values");
    CHECK(values.size() == 6 * 240 + 1);
    CHECK(values.front().at(1) == "300000000");
    CHECK(std::stod(values.back().at(1).get<std::string>()) == Approx(3e8 + 2e4 * 21600));
}

TEST_CASE("a Prometheus without history is empty, and can be stopped") {
    const auto prometheus = PrometheusLab::start({});
    if (!prometheus) {
        return;
    }
    CHECK(prometheus->query("container_memory_working_set_bytes").empty());
    prometheus->stop();
}

TEST_CASE("real containers are scraped with the names of cAdvisor") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"working-set=24m", "say=ready"}, .memory = "32m"});
    container.wait_for_log("ready");
    const CadvisorLab cadvisor(*lab);
    PrometheusLab::Options options;
    options.scrape = {cadvisor.address()};
    const auto prometheus = PrometheusLab::start({}, options);
    if (!prometheus) {
        return;
    }
    const auto label = "{name=\"" + container.name() + "\"}";
    const auto result = prometheus->wait_for("container_memory_working_set_bytes" + label);
    CHECK(result.at(0).at("metric").at("id") == "/docker/" + container.id());
    CHECK(std::stod(result.at(0).at("value").at(1).get<std::string>()) ==
          Approx(static_cast<double>(container.memory().working_set)).epsilon(0.02));
    CHECK(prometheus->query("container_spec_memory_limit_bytes" + label).at(0).at("value").at(1) == "33554432");
    CHECK(prometheus->query("container_oom_events_total" + label).at(0).at("value").at(1) == "0");
    CHECK(prometheus->query("time() - container_start_time_seconds" + label).size() == 1);
}
