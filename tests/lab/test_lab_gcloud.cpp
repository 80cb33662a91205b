// The emulated Google APIs: does the real gcloud find in them what it needs?
#include "support/gcloud_lab.h"
#include "support/http_client.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memrb::test;
using nlohmann::json;

namespace {

std::string printed(const GcloudLab& lab, const std::vector<std::string>& args) {
    const Ran ran = lab.gcloud(args);
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    return ran.out;
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("gcloud reads the emulated service, revisions of three pages and logs, and nothing counts as a change") {
    const auto lab = GcloudLab::start("leak", 5);
    if (!lab) {
        return;
    }
    lab->set(R"({"page":2})");
    const auto service =
        json::parse(printed(*lab, {"run", "services", "describe", GcloudLab::service, "--format=json"}));
    CHECK(service["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["memory"] == "2Gi");
    const auto revisions =
        json::parse(printed(*lab, {"run", "revisions", "list", "--service=aiprod-api", "--format=json"}));
    CHECK(revisions.size() == 5);
    const auto logs = json::parse(printed(*lab, {"logging", "read", "severity=WARNING", "--format=json"}));
    CHECK(logs.size() == 3);
    CHECK(holds(logs.dump(), "exit code 137"));
    CHECK(holds(printed(*lab, {"logging", "read", R"(textPayload:"Memory limit of" AND severity>=ERROR)"}),
                "Memory limit of 2048 MiB exceeded"));
    CHECK(holds(printed(*lab, {"auth", "print-access-token"}), GcloudLab::token));
    CHECK(lab->changes().empty());
}

TEST_CASE("gcloud changes memory and traffic, each once, and a later update gets no traffic") {
    const auto lab = GcloudLab::start("leak", 3);
    if (!lab) {
        return;
    }
    const auto names = lab->revisions();
    (void)printed(*lab, {"run", "services", "update", GcloudLab::service, "--memory=4Gi"});
    (void)printed(*lab, {"run", "services", "update-traffic", GcloudLab::service, "--to-revisions", names[1] + "=100"});
    (void)printed(*lab, {"run", "services", "update", GcloudLab::service, "--memory=8Gi", "--cpu=2"});
    const auto changes = lab->changes();
    INFO(changes.dump(1));
    REQUIRE(changes.size() == 3);
    CHECK(changes[0]["differs"] == json{"template.spec.containers[0].resources.limits.memory"});
    CHECK(changes[1]["traffic"] == json::parse(R"([{"percent":100,"revisionName":")" + names[1] + R"("}])"));
    CHECK(changes[1]["new_revision"] == false);
    const auto service = lab->service_now();
    CHECK(service["status"]["traffic"][0]["revisionName"] == names[1]);
    CHECK(service["status"]["latestReadyRevisionName"] != names[1]);
}

TEST_CASE("a lost answer to a change ends with an error, though the change is live") {
    const auto lab = GcloudLab::start("leak", 2);
    if (!lab) {
        return;
    }
    lab->faults(R"([{"url":"services","methods":["PUT"],"reset":"after","times":1}])");
    const Ran ran = lab->gcloud({"run", "services", "update", GcloudLab::service, "--memory=4Gi"});
    INFO(ran.describe());
    CHECK(ran.ending == exited(1));
    CHECK(lab->changes().size() == 1);
    lab->faults(R"([{"url":"services","status":403}])");
    CHECK(holds(lab->gcloud({"run", "services", "describe", GcloudLab::service}).err, "permission"));
}

TEST_CASE("the emulated Monitoring answers in pages, newest first, and refuses what the real one refuses") {
    const auto lab = GcloudLab::start("leak", 5);
    if (!lab) {
        return;
    }
    lab->set(R"({"page":1,"tokens":["lab-token-1",""]})");
    const auto ask = [&](const std::string& path) {
        const int port = std::stoi(lab->url().substr(lab->url().rfind(':') + 1));
        const auto reply = http({.port = port}, "GET", path);
        REQUIRE(reply);
        return json::parse(reply->body);
    };
    const std::string series =
        "/v3/projects/aiprod-484120/timeSeries?filter=" +
        percent_encode(R"(metric.type="run.googleapis.com/container/memory/utilizations" )"
                       R"(AND resource.labels.service_name="aiprod-api")") +
        "&interval.startTime=2020-01-01T00:00:00Z&interval.endTime=2099-01-01T00:00:00Z&aggregation.alignmentPeriod="
        "36000s&aggregation.perSeriesAligner=";
    const auto first = ask(series + "ALIGN_PERCENTILE_99");
    REQUIRE(first["timeSeries"].size() == 1);
    const auto& points = first["timeSeries"][0]["points"];
    CHECK(points.front()["interval"]["endTime"] > points.back()["interval"]["endTime"]);
    CHECK(ask(series + "ALIGN_PERCENTILE_99&pageToken=" + first["nextPageToken"].get<std::string>()) != first);
    CHECK(holds(ask(series + "ALIGN_MAX").dump(), "cannot be applied"));
    const std::string promql = "/v1/projects/aiprod-484120/location/global/prometheus/api/v1/query?query=";
    CHECK(ask(promql + percent_encode("run_googleapis_com:container_memory_utilizations{}"))["status"] == "error");
}
