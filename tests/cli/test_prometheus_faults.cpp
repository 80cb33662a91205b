// What can break in Prometheus, through the real binary: each fault is told in a line that names the step and why, the
// other steps go on, nothing hangs, and no process is left behind.
#include "fake_docker.h"
#include "step_checks.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const std::vector<std::string> prometheus_steps{"oom.metric", "growth.working_set", "growth.limit",    "growth.usage",
                                                "growth.rss", "growth.cache",       "growth.restarts", "growth.rate"};

}  // namespace

TEST_CASE("what is wrong with Prometheus is said at each of its steps, and the others go on") {
    struct Fault {
        const char* name;
        Answer answer;
        const char* status;
        std::string why;
    };
    const std::vector<Fault> faults{
        {"an error", json_answer("oops", 500), "failed", "Prometheus answers HTTP 500: oops"},
        {"a page of a gateway", json_answer("<html>Bad gateway</html>"), "no data",
         "not a Prometheus answer: it is a web page"},
        {"broken off JSON", json_answer(R"({"status":"success","data":{"resultType":"vec)"), "no data",
         "not a Prometheus answer: its JSON is broken off or malformed"},
        {"a connection cut in the middle", answer_ending(Answer::Ending::cut, recorded("prometheus/raw-6h.json")),
         "failed", "broke off in the middle"},
        {"a connection closed at once", answer_ending(Answer::Ending::close), "failed",
         "closed the connection without an answer"},
        {"an empty result", json_answer(recorded("prometheus/empty.json")), "no data", "no series matches"},
        {"an empty result with a warning", json_answer(recorded("prometheus/empty-with-warnings.json")), "no data",
         "no series matches"},
    };
    FakeDocker docker;
    for (const auto& fault : faults) {
        HttpServer prometheus;
        prometheus.always("*", fault.answer);
        const auto ran = docker.diagnose({"-o", "json", "--set", "prometheus=" + prometheus.url()}).run();
        INFO(fault.name << "\n" << ran.describe());
        CHECK(ran.elapsed < 15s);
        const auto document = clean_document_of(ran);
        for (const auto& step : prometheus_steps) {
            check_step(ran, document, step, fault.status, fault.why);
        }
        for (const auto& step : docker_steps) {
            check_step(ran, document, step, "ok", "");
        }
        check_step(ran, document, "usage.now", "ok", "");
        CHECK(document.at("level") == "watch");  // 74.8 %, measured
        CHECK(document.at("trend").at("verdict") == "insufficient_data");
        CHECK(document.at("causes").empty());
    }
}

TEST_CASE("Prometheus is down: the engine still measures") {
    FakeDocker docker;
    const auto ran = docker.diagnose({"-o", "json", "--set", nobody_listens}).run();
    INFO(ran.describe());
    const auto document = clean_document_of(ran);
    for (const auto& step : prometheus_steps) {
        check_step(ran, document, step, "failed", "nothing listens at 127.0.0.1:1 (connection refused)");
    }
    CHECK(document.at("memory").at("used_bytes") == 50171904);
    CHECK(document.at("level") == "watch");
}

TEST_CASE("samples that are no numbers are told, and judge nothing") {
    FakeDocker docker;
    HttpServer prometheus;
    const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    auto values = json::array();
    for (int minute = 60; minute >= 0; --minute) {
        values.push_back({now - 60.0 * minute, minute % 2 == 0 ? "NaN" : "+Inf"});
    }
    const json series{{"metric", {{"__name__", "container_memory_working_set_bytes"}, {"name", "backend"}}},
                      {"values", values}};
    prometheus.always("*", json_answer(json{{"status", "success"},
                                            {"data", {{"resultType", "matrix"}, {"result", json::array({series})}}}}
                                           .dump()));
    const auto ran = docker.diagnose({"-o", "json", "--set", "prometheus=" + prometheus.url()}).run();
    INFO(ran.describe());
    const auto document = clean_document_of(ran);
    CHECK(document.at("memory").at("used_bytes") == 50171904);  // the engine's
    CHECK(document.at("level") == "watch");
    CHECK(document.at("trend").at("verdict") == "insufficient_data");
    CHECK(document.at("causes").empty());
    CHECK(document.at("warnings").dump().find("could not be used (NaN, infinite") != std::string::npos);
}

TEST_CASE("a warning of Prometheus is passed on: the answer may be partial") {
    FakeDocker docker;
    HttpServer prometheus;
    prometheus.always("*", json_answer(recorded("prometheus/with-warnings.json")));
    const auto ran = docker.diagnose({"-o", "json", "--set", "prometheus=" + prometheus.url()}).run();
    INFO(ran.describe());
    const auto document = clean_document_of(ran);
    check_step(ran, document, "growth.working_set", "ok", "");
    CHECK(document.at("warnings").dump().find("partial: remote_read") != std::string::npos);
    CHECK(document.at("level") == "watch");
}

TEST_CASE("a Prometheus that accepts and never answers costs its steps' timeouts once, not one after the other") {
    FakeDocker docker;
    const auto runbook = docker.bin().parent_path() / "slow.yaml";
    write_runbook(runbook, R"(
      - {id: now, memory: target}
      - {id: one, promql: up, timeout: 2s}
      - {id: two, promql: up, timeout: 2s}
      - {id: three, promql: up, range: 1h, timeout: 2s}
      - {id: limit, docker: "inspect ${container} --format '{{.HostConfig.Memory}}'"}
)");
    for (const auto ending : {Answer::Ending::hang, Answer::Ending::stall}) {
        HttpServer prometheus;
        prometheus.always("*", answer_ending(ending, recorded("prometheus/raw-6h.json")));
        const auto ran =
            docker.diagnose({"-o", "json", "--runbook", runbook.string(), "--set", "prometheus=" + prometheus.url()})
                .run();
        INFO(ran.describe());
        CHECK(ran.elapsed < 5s);
        const auto document = clean_document_of(ran);
        for (const auto* step : {"steps.one", "steps.two", "steps.three"}) {
            check_step(ran, document, step, "failed", "timed out after 2.0 s");
        }
        check_step(ran, document, "steps.now", "ok", "");
        check_step(ran, document, "steps.limit", "ok", "");
        CHECK(document.at("level") == "watch");
    }
}

TEST_CASE("a Prometheus that never answers ends the search for a target, too") {
    HttpServer prometheus;
    prometheus.always("*", answer_ending(Answer::Ending::hang));
    const auto ran =
        run_memrb({"diagnose", "backend", "--platform", "prometheus", "--set", "prometheus=" + prometheus.url()}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(3));
    CHECK(ran.elapsed < 15s);
    CHECK(ran.err.find("timed out after 5.0 s") != std::string::npos);
}
