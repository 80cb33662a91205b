// `memrb diagnose` on real containers of a real engine.
#include "support/docker_lab.h"
#include "support/prometheus_lab.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace memrb::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

json diagnose(const DockerLab& lab, const std::string& name, const std::vector<std::string>& flags = {}) {
    std::vector<std::string> words{"diagnose", name, "-o", "json"};
    words.insert(words.end(), flags.begin(), flags.end());
    const auto ran = run_memrb(words).env(lab.env()).run();
    INFO(ran.describe());
    auto document = json::parse(ran.out, nullptr, false);
    REQUIRE_FALSE(document.is_discarded());
    return document;
}

}  // namespace

TEST_CASE("the level of a real container follows its working set") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    struct Row {
        int percent;
        const char* level;
    };
    // Without history the 80 % threshold cannot have held for 5 minutes yet: it is pending, and the level stays at
    // watch.
    for (const Row row : {Row{50, "ok"}, Row{75, "watch"}, Row{82, "watch"}, Row{90, "high"}, Row{97, "critical"}}) {
        const auto bytes = (std::uint64_t{64} << 20U) * static_cast<unsigned>(row.percent) / 100;
        const auto container =
            lab->run({.command = {"working-set=" + std::to_string(bytes), "say=ready"}, .memory = "64m"});
        container.wait_for_log("ready");
        const auto document = diagnose(*lab, container.name());
        INFO(document.dump(1));
        const auto truth = static_cast<double>(container.memory().working_set);
        CHECK(document.at("memory").at("limit_bytes") == 67108864);
        CHECK(std::abs(document.at("memory").at("used_bytes").get<double>() - truth) <= 0.02 * truth);
        CHECK(document.at("level") == row.level);
        CHECK(document.at("oom").at("verdict") == "none");
        CHECK(document.at("target").at("id") == container.id());
        if (row.percent == 82) {
            CHECK(document.at("thresholds").at(1).at("state") == "pending");
        }
    }
}

TEST_CASE("80 % for five minutes is a warning when Prometheus has seen it") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"working-set=55029268", "say=ready"}, .memory = "64m"});  // 82 %
    container.wait_for_log("ready");
    const auto end = std::chrono::floor<memrb::Milliseconds>(std::chrono::system_clock::now());
    const auto labels = cadvisor_labels(container.name(), container.id());
    const auto prometheus = PrometheusLab::start(
        {series("container_memory_working_set_bytes", labels, end - 2h, end, 15s, [](double) { return 55029268.0; }),
         series("container_spec_memory_limit_bytes", labels, end - 2h, end, 15s, [](double) { return 67108864.0; })});
    if (!prometheus) {
        return;
    }
    const auto document = diagnose(*lab, container.name(), {"--set", "prometheus=" + prometheus->url()});
    INFO(document.dump(1));
    CHECK(document.at("level") == "warning");
    CHECK(document.at("thresholds").at(1).at("state") == "breached");
}

TEST_CASE("a real OOM kill is confirmed by two sources, docker kill is not one") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto killed = lab->run({.command = {"hold=96m"}, .memory = "32m", .options = {"--memory-swap", "32m"}});
    killed.wait_for_state("exited");
    const auto oom = diagnose(*lab, killed.name());
    INFO(oom.dump(1));
    CHECK(oom.at("level") == "oom");
    CHECK(oom.at("oom").at("verdict") == "confirmed");
    CHECK(oom.at("oom").at("evidence").size() >= 2);

    const auto other = lab->run({.command = {"hold=8m", "say=ready"}, .memory = "32m"});
    other.wait_for_log("ready");
    REQUIRE(lab->docker({"kill", other.name()}).ending == exited(0));
    other.wait_for_state("exited");
    const auto plain = diagnose(*lab, other.name());
    INFO(plain.dump(1));
    CHECK(plain.at("oom").at("verdict") != "confirmed");
    CHECK(plain.at("level") != "oom");
}

TEST_CASE("no limit is said, and no percentage is made up") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=8m", "say=ready"}});
    container.wait_for_log("ready");
    const auto document = diagnose(*lab, container.name());
    INFO(document.dump(1));
    CHECK(document.at("memory").at("limit_bytes").is_null());
    CHECK(document.at("memory").at("ratio").is_null());
    CHECK(document.at("level") == "unknown");
}

TEST_CASE("a dry run shows the commands and records nothing") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=8m", "say=ready"}, .memory = "32m"});
    container.wait_for_log("ready");
    const auto ran = run_memrb({"diagnose", container.name(), "--dry-run"}).env(lab->env()).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    CHECK(ran.out.find("docker inspect " + container.id()) != std::string::npos);
    CHECK(ran.out.find("previewed") != std::string::npos);
}

TEST_CASE("a mistyped container is met with a suggestion") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=8m"}, .name = DockerLab::unique_name("gateway")});
    std::string wrong = container.name();
    std::swap(wrong[1], wrong[2]);
    const auto ran = run_memrb({"diagnose", wrong, "--set", "prometheus=http://127.0.0.1:1"}).env(lab->env()).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(1));
    CHECK(ran.err.find("did you mean `" + container.name() + "`?") != std::string::npos);
}
