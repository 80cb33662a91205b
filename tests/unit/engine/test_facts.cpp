#include "engine/facts.h"

#include <catch2/catch.hpp>

#include <limits>
#include <nlohmann/json.hpp>

using namespace memrb;
using engine::facts_json;
using engine::StepFacts;
using Steps = std::map<std::string, StepFacts>;
using Vars = std::map<std::string, std::string>;

namespace {

constexpr std::string_view no_features =
    R"({"anon_share_of_growth":null,"file_share_of_growth":null,"load_correlation":null,"retention":null,)"
    R"("p95_to_limit":null,"peak_soon_after_start":null,"sawtooth_same_slope":null,"growth_slows":null,)"
    R"("descriptors_grow":null,"minutes_after_change":null})";

}  // namespace

TEST_CASE("what is not known is null") {
    Target target;
    target.name = "backend";
    CHECK(
        facts_json({target, {}, nullptr, {}}) ==
        R"({"target":{"name":"backend","platform":"docker","id":null,"running":true,"image":null,"compose":null,"kube":null,"cloud_run":null,)"
        R"("limit_bytes":null},"vars":{},"memory":null,"trend":null,"oom":null,"restarts":null,"load":null,)"
        R"("features":)" +
            std::string(no_features) + R"(,"steps":{}})");
}

TEST_CASE("target, variables and steps") {
    Target target;
    target.name = "backend";
    target.platform = Platform::prometheus;
    target.id = "3f9c";
    target.running = false;
    target.image = "web:1";
    target.limit = Bytes{512};
    target.compose = ComposeRef{"shop", "api", "/srv", {"compose.yml"}};
    const Vars vars{{"language", "python"}, {"text", "a \"b\""}};
    const Steps steps{
        {"usage.stats", {StepStatus::ok, {{"n", "7"}, {"list", R"([1,{"a":null}])"}, {"odd", "not JSON"}}}},
        {"usage.gone", {StepStatus::no_data, {}}},
        {"oom.events", {StepStatus::skipped, {}}}};
    CHECK(
        facts_json({target, vars, nullptr, steps}) ==
        R"({"target":{"name":"backend","platform":"prometheus","id":"3f9c","running":false,"image":"web:1",)"
        R"("compose":{"project":"shop","service":"api"},"kube":null,"cloud_run":null,"limit_bytes":512},"vars":{"language":"python",)"
        R"("text":"a \"b\""},"memory":null,"trend":null,"oom":null,"restarts":null,"load":null,"features":)" +
            std::string(no_features) +
            R"(,"steps":{"oom":{"events":{"status":"skipped","captures":{}}},"usage":{"gone":{"status":"no data",)"
            R"("captures":{}},"stats":{"status":"ok","captures":{"n":7,"list":[1,{"a":null}],"odd":null}}}}})");
}

TEST_CASE("the assessment: memory with its level, trend, OOM, restarts, load and features") {
    Target target;
    Assessment assessment;
    assessment.memory = MemoryReading{};
    assessment.memory->at = Timestamp{} + std::chrono::seconds(1);
    assessment.memory->used = 498;
    assessment.memory->limit = Bytes{512};
    assessment.memory->anon = 400;
    assessment.memory->source = "cgroup v2";
    assessment.ratio = 0.9726;
    assessment.level = Level::critical;
    assessment.trend.verdict = Verdict::growing;
    assessment.trend.reason = "steady";
    assessment.trend.slope_bytes_per_hour = 86.4;
    assessment.trend.slope_ci90 = {79.0, 94.0};
    assessment.trend.seconds_to_limit = Interval{420, 600, std::numeric_limits<double>::infinity()};
    assessment.trend.samples = 268;
    assessment.trend.span = std::chrono::hours(6);
    assessment.trend.restarts_seen = 3;
    assessment.oom.verdict = OomAssessment::Verdict::confirmed;
    assessment.oom.count = 3;
    assessment.oom.level = OomLevel::container;
    assessment.oom.evidence = {"a docker event"};
    assessment.oom.confirmed_by = {OomSource::docker_event, OomSource::kernel_log};
    assessment.restarts = 4;
    assessment.features.load_correlation = 0.1;
    assessment.features.descriptors_grow = false;
    const auto facts = nlohmann::ordered_json::parse(facts_json({target, {}, &assessment, {}}));
    CHECK(facts["memory"].dump() ==
          R"({"at":"1970-01-01T00:00:01Z","metric":"working set","used_bytes":498,"limit_bytes":512,)"
          R"("limit_kind":"bytes","ratio":0.9726,"usage_bytes":null,"anon_bytes":400,"file_bytes":null,)"
          R"("shmem_bytes":null,"reclaimable_bytes":null,"source":"cgroup v2","why":null,"level":"critical",)"
          R"("droppable_share":null})");
    CHECK(facts["trend"].dump() ==
          R"({"verdict":"growing","reason":"steady","slope_bytes_per_hour":86,"slope_ci90":[79,94],)"
          R"("seconds_to_limit":{"low":420,"mid":600,"high":null},"samples":268,"span_seconds":21600,)"
          R"("asymptote_bytes":null,"restarts_seen":3})");
    CHECK(facts["oom"].dump() ==
          R"({"verdict":"confirmed","count":3,"last_at":null,"level":"container","evidence":["a docker event"],)"
          R"("confirmed_by":["docker_event","kernel_log"]})");
    CHECK(facts["restarts"] == 4);
    CHECK(facts["load"].dump() == R"({"correlation":0.1})");
    CHECK(facts["features"]["descriptors_grow"] == false);
    CHECK(facts["features"]["retention"].is_null());
}

TEST_CASE("of the working set, what the kernel can drop is page cache in use and no idle cache") {
    const auto share = [](std::optional<Bytes> usage, std::optional<Bytes> reclaimable, Bytes used = 400) {
        Assessment assessment;
        assessment.memory.emplace();
        assessment.memory->used = used;
        assessment.memory->usage = usage;
        assessment.memory->reclaimable = reclaimable;
        const auto facts = nlohmann::json::parse(facts_json({Target{}, {}, &assessment, {}}));
        return facts["memory"]["droppable_share"];
    };
    CHECK(share(500, 300) == 0.5);  // 100 idle, 200 in use
    CHECK(share(500, 100) == 0.0);  // all of it idle
    CHECK(share(500, 80) == 0.0);   // some of it not written yet
    CHECK(share(500, 600) == 1.0);  // counters of two moments
    CHECK(share(300, 100).is_null());
    CHECK(share(std::nullopt, 100).is_null());
    CHECK(share(500, std::nullopt).is_null());
    CHECK(share(500, 100, 0).is_null());
}

TEST_CASE("an assessment without memory: the memory stays null, the rest is told") {
    Target target;
    const Assessment assessment;
    const auto facts = nlohmann::ordered_json::parse(facts_json({target, {}, &assessment, {}}));
    CHECK(facts["memory"].is_null());
    CHECK(facts["trend"]["verdict"] == "insufficient_data");
    CHECK(facts["oom"]["verdict"] == "unknown");
    CHECK(facts["restarts"].is_null());
    CHECK(facts["load"].dump() == R"({"correlation":null})");
}

TEST_CASE("bytes that are no UTF-8 do not spoil the document") {
    Target target;
    target.name = "a\xff";
    const Vars vars{{"x", "\xc3"}};
    const auto facts = nlohmann::ordered_json::parse(facts_json({target, vars, nullptr, {}}));
    CHECK(facts["target"]["name"] == "a\xEF\xBF\xBD");
    CHECK(facts["vars"]["x"] == "\xEF\xBF\xBD");
}
