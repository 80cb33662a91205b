// `memrb watch` on real containers of a real engine.
#include "support/docker_lab.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memrb::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

Run watch(const DockerLab& lab, const Container& container, const std::string& lasts) {
    return run_memrb({"watch", container.name(), "--every", "1s", "--for", lasts, "-o", "json", "--set",
                      "prometheus=http://127.0.0.1:1"})
        .env(lab.env())
        .timeout(120s);
}

json document_of(const Ran& ran) {
    auto document = json::parse(ran.out, nullptr, false);
    if (document.is_discarded()) {
        FAIL("no JSON document: " << ran.describe());
    }
    return document;
}

}  // namespace

TEST_CASE("a healthy container has recovered when all has held for the time asked") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=20m", "say=ready"}, .memory = "64m"});
    container.wait_for_log("ready");
    const auto ran = watch(*lab, container, "5s").run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    const auto document = document_of(ran);
    CHECK(document.at("result") == "recovered");
    CHECK(document.at("held_ms") >= 5000);
    CHECK(document.at("last").at("limit_bytes") == 67108864);
    CHECK(document.at("last").at("oom_kills") == 0);
}

TEST_CASE("a container above the threshold has not") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"working-set=57042534", "say=ready"}, .memory = "64m"});  // 85 %
    container.wait_for_log("ready");
    const auto ran = watch(*lab, container, "3s").run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(6));
    CHECK(document_of(ran).at("result") == "not_recovered");
}

TEST_CASE("a real restart during the watch is a relapse") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=8m", "say=ready"}, .memory = "64m"});
    container.wait_for_log("ready");
    auto running = watch(*lab, container, "100s").start();
    running.wait_for_err(" of 64 MiB", 60s);  // the first sample: what comes now is new
    REQUIRE(lab->docker({"restart", "--time", "1", container.name()}).ending == exited(0));
    const auto ran = running.finish();
    INFO(ran.describe());
    CHECK(ran.ending == exited(1));
    const auto document = document_of(ran);
    CHECK(document.at("result") == "relapsed");
    CHECK(document.at("why").get<std::string>().find("it has restarted") == 0);
}

TEST_CASE("a real OOM kill inside the container during the watch is a relapse") {
    const auto lab = DockerLab::open({"mem"});
    if (!lab) {
        return;
    }
    const auto container = lab->run({.command = {"hold=4m", "say=ready", "sleep=8", "hold=96m"},
                                     .memory = "32m",
                                     .options = {"--memory-swap", "32m"}});
    container.wait_for_log("ready");
    const auto ran = watch(*lab, container, "60s").run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(1));
    CHECK(document_of(ran).at("result") == "relapsed");
    CHECK(document_of(ran).at("why").get<std::string>().find("OOM kill") != std::string::npos);
}
