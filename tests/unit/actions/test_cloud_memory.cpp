#include "actions/distribution.h"
#include "cloud_scene.h"
#include "hostile.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

const Bytes gibibyte = Bytes{1} << 30U;

std::string point(const std::string& minute, const std::string& value) {
    return R"({"interval":{"endTime":"2026-11-22T10:)" + minute + R"(:00Z"},"value":)" + value + "}";
}

std::string series(const std::string& revision, const std::string& points) {
    return R"({"resource":{"type":"cloud_run_revision","labels":{"revision_name":")" + revision + R"("}},"points":[)" +
           points + "]}";
}

std::string page(const std::string& all) {
    return R"({"timeSeries":[)" + all + "]}";
}

const std::string serving = "aiprod-api-00003-0f3";

Interpretation read(const std::string& body, const Params& params = texts({{"scope", "target"}})) {
    const Scene scene = cloud_scene();
    return action("memory").interpret(params, scene.context(), answered(200, body));
}

Params ranged(const std::string& revisions) {
    return texts({{"scope", "target"}, {"range", "24h"}, {"revisions", revisions}});
}

HttpRequest planned(const Scene& scene, const Params& params) {
    const auto request = action("memory").plan(params, scene.context());
    REQUIRE(request);
    return std::get<HttpRequest>(*request);
}

}  // namespace

TEST_CASE("memory is asked of Cloud Monitoring, by percentiles, with a token that is in no word of the request") {
    const HttpRequest now = planned(cloud_scene(), texts({{"scope", "target"}}));
    CHECK(
        now.url ==
        "https://monitoring.googleapis.com/v3/projects/aiprod-484120/timeSeries?filter=metric.type%3D%22run.googleapis."
        "com%2Fcontainer%2Fmemory%2Futilizations%22%20AND%20resource.type%3D%22cloud_run_revision%22%20AND%20resource."
        "labels.service_name%3D%22aiprod-api%22%20AND%20resource.labels.location%3D%22europe-west1%22%20AND%20resource."
        "labels.revision_name%3D%22aiprod-api-00003-0f3%22&interval.startTime=2026-11-22T10:23:00Z&interval.endTime="
        "2026-11-22T10:38:00Z&aggregation.alignmentPeriod=60s&aggregation.perSeriesAligner=ALIGN_PERCENTILE_99");
    CHECK(now.token_command == std::vector<std::string>{"gcloud", "auth", "print-access-token", "--quiet"});
    CHECK(now.headers.empty());
    CHECK(now.page_parameter == "pageToken");
    const HttpRequest day = planned(cloud_scene(), ranged("[]"));
    CHECK(day.url.find("alignmentPeriod=120s") != std::string::npos);
    CHECK(day.url.find("revision_name") == std::string::npos);
    Scene elsewhere = cloud_scene();
    elsewhere.vars["monitoring_url"] = "http://127.0.0.1:8902/";
    CHECK(planned(elsewhere, ranged("")).url.starts_with("http://127.0.0.1:8902/v3/projects/"));
    for (const std::string address : {"http://gateway.example", "http://127.0.0.1.example"}) {
        elsewhere.vars["monitoring_url"] = address;
        const auto refused = action("memory").plan(ranged(""), elsewhere.context());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().message == "the token would be sent in the clear to " + address);
    }
    elsewhere.vars.erase("monitoring_url");
    elsewhere.tools.gcloud_command.clear();
    CHECK(action("memory").plan(ranged(""), elsewhere.context()).error().fault == Fault::missing_tool);
}

TEST_CASE("the newest sample counts, whatever the order, and says that it mixes instances") {
    const auto now = read(
        page(series(serving, point("35", R"({"doubleValue":0.5})") + "," + point("36", R"({"doubleValue":0.75})"))));
    const auto memory = only<MemoryReading>(now);
    CHECK(memory.used == 3 * gibibyte / 2);
    CHECK(memory.limit == Limit(2 * gibibyte));
    CHECK(memory.at == at("2026-11-22T10:36:00Z"));
    CHECK(memory.metric == "memory utilization (p99 across instances)");
    CHECK(now.note == "1.5 GiB of 2 GiB = 75 % across instances");
}

TEST_CASE("without a sample of the serving revision there is no memory, not zero") {
    CHECK(only<NoData>(read("{}")).why.starts_with("Cloud Monitoring has no sample of aiprod-api-00003-0f3"));
    CHECK(only<NoData>(read(page(series("aiprod-api-00002-0d3", point("36", R"({"doubleValue":0.5})"))))).what ==
          "memory");
    CHECK(only<NoData>(read(page(series(serving, point("36", R"({"stringValue":"x"})"))))).what == "memory");
    CHECK(only<NoData>(read("")).why == "Cloud Monitoring has answered with nothing");
    CHECK(only<NoData>(read(R"({"timeSer)")).why == "the answer of Cloud Monitoring is not JSON, or only a part of it");
    const Scene scene = cloud_scene();
    const auto denied = action("memory").interpret(
        texts({}), scene.context(),
        answered(403, R"({"error":{"code":403,"message":"denied: projects/x","status":"PERMISSION_DENIED"}})"));
    CHECK(only<NoData>(denied).why ==
          "Cloud Monitoring: not permitted (403), or there is no such project: PERMISSION_DENIED: denied: projects/x");
    CHECK(only<NoData>(action("memory").interpret(texts({}), scene.context(), answered(503, "<html>"))).why ==
          "Cloud Monitoring: the API is not able to answer now (503)");
}

TEST_CASE("three pages are one series of each revision, each in bytes of its own limit") {
    const std::string revisions =
        R"([{"name":"aiprod-api-00003-0f3","created":"2026-11-22T07:37:35Z","ready":"True","memory":"2Gi"},)"
        R"({"name":"aiprod-api-00002-0d3","created":"2026-11-21T07:37:35Z","ready":"True","memory":"1Gi"}])";
    const auto all = read("[" + page(series(serving, point("36", R"({"doubleValue":0.5})"))) + ",\n" +
                              page(series("aiprod-api-00002-0d3", point("20", R"({"doubleValue":0.5})"))) + ",\n" +
                              page(series(serving, point("34", R"({"doubleValue":0.9})")) + "," +
                                   series("aiprod-api-00001-acc", point("01", R"({"doubleValue":0.5})"))) +
                              "]",
                          ranged(revisions));
    REQUIRE(all.readings.size() == 4);  // memory and limit of two revisions
    const auto& newest = std::get<SeriesReading>(all.readings[0]);
    REQUIRE(newest.points.size() == 2);
    CHECK(newest.points[0].value == Approx(0.9 * 2 * gibibyte));
    CHECK(newest.points[1].value == 1.0 * gibibyte);
    CHECK(std::get<SeriesReading>(all.readings[2]).points.front().value == 0.5 * gibibyte);
    CHECK(all.warnings ==
          std::vector<std::string>{"the limit of aiprod-api-00001-acc is not known: its samples, which are "
                                   "shares of it, are left out"});
    CHECK(all.note ==
          "3 samples of 2 revisions; first unhealthy: aiprod-api-00003-0f3, made 2026-11-22T07:37:35Z (at most 90 %); "
          "to go "
          "back to: aiprod-api-00002-0d3 was healthy (at most 50 %)");
}

TEST_CASE("a percentile of a distribution lies in its bucket, whatever the kind of buckets") {
    const auto value = [](const std::string& text, double share = 0.99) {
        return distribution_percentile(*read_json(text), share);
    };
    const std::string explicit_ones =
        R"({"count":"4","bucketOptions":{"explicitBuckets":{"bounds":[0.2,0.4,0.6]}},"bucketCounts":["0","3","1"]})";
    CHECK(*value(explicit_ones, 0.5) == Approx(0.2 + 0.2 * 2 / 3));
    CHECK(*value(explicit_ones) == Approx(0.4 + 0.2 * 0.96));
    CHECK(
        *value(
            R"({"bucketOptions":{"linearBuckets":{"numFiniteBuckets":10,"width":0.1,"offset":0}},"bucketCounts":[0,0,5]})",
            0.5) == Approx(0.15));
    CHECK(
        *value(
            R"({"bucketOptions":{"exponentialBuckets":{"numFiniteBuckets":3,"growthFactor":2,"scale":1}},"bucketCounts":[0,0,0,"2"]})",
            1) == Approx(8));
    CHECK(*value(R"({"bucketOptions":{"explicitBuckets":{"bounds":[0.2,0.4]}},"bucketCounts":[0,0,7]})") == 0.4);
    CHECK_FALSE(value(R"({"bucketOptions":{"explicitBuckets":{"bounds":[0.2]}},"bucketCounts":[0,0]})"));
    CHECK_FALSE(value(R"({"bucketOptions":{},"bucketCounts":[1]})"));
    CHECK_FALSE(value(R"({"bucketCounts":[1]})"));
    for (const auto& text : with_wrong_types(explicit_ones)) {
        (void)value(text);  // whatever it is, it does not throw
    }
    const auto raw = read(page(series(serving, point("36", R"({"distributionValue":)" + explicit_ones + "}"))));
    CHECK(only<MemoryReading>(raw).used > gibibyte);
}

TEST_CASE("hostile answers of Cloud Monitoring give no measurement that is not there") {
    const std::string whole = page(series(serving, point("36", R"({"doubleValue":0.5})")));
    each_beginning(whole, [&](const std::string& text) {
        const auto found = read(text);
        REQUIRE(found.readings.size() == 1);
        CHECK((text == whole || std::holds_alternative<NoData>(found.readings.front())));
    });
    for (const auto& text : with_wrong_types(whole)) {
        CHECK_FALSE(read(text).readings.empty());
        CHECK_FALSE(read(text, ranged("[]")).readings.empty());
    }
}

TEST_CASE("PromQL of a target on Cloud Run goes to Cloud Monitoring, in minutes") {
    const Scene scene = cloud_scene();
    const auto plan = [&](const Params& params) {
        const auto request = action("promql").plan(params, scene.context());
        REQUIRE(request);
        return std::get<HttpRequest>(*request);
    };
    const HttpRequest one = plan(texts({{"query", "up"}}));
    CHECK(one.url ==
          "https://monitoring.googleapis.com/v1/projects/aiprod-484120/location/global/prometheus/api/v1/query?"
          "query=up&time=1795343880.000");
    CHECK_FALSE(one.token_command.empty());
    CHECK(plan(texts({{"query", "up"}, {"range", "1h"}}))
              .url.ends_with("/query_range?query=up&start=1795340280.000&end=1795343880.000&step=60"));
    CHECK(plan(texts({{"query", "up"}, {"url", "http://prometheus:9090"}})).token_command.empty());
    const auto failed = action("promql").interpret(
        texts({{"query", "up"}}), scene.context(),
        answered(400, R"({"status":"error","errorType":"bad_data","error":"metric x is a distribution"})"));
    CHECK(only<NoData>(failed).why == "Cloud Monitoring answers HTTP 400: metric x is a distribution");
}
