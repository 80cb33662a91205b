#include "wire/assessment_json.h"

#include "samples.h"
#include "wire/document.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace memrb;
using wire::Json;

TEST_CASE("an assessment is written as the contract says", "[wire]") {
    const Json json = wire::to_json(samples::full_assessment());
    CHECK(json.at("memory").dump() ==
          R"({"at":"2026-11-22T11:03:22Z","metric":"working set","used_bytes":522190848,"limit_bytes":536870912,)"
          R"("limit_kind":"bytes","ratio":0.97265625,"usage_bytes":534773760,"anon_bytes":509607936,)"
          R"("file_bytes":25165824,"shmem_bytes":4096,"reclaimable_bytes":12582912,"source":"cgroup v2","why":null})");
    CHECK(json.at("level") == "critical");
    CHECK(
        json.at("thresholds")[0].dump() ==
        R"({"at":0.8,"for_seconds":300,"level":"warning","state":"breached","since":"2026-11-22T10:56:40Z","why":""})");
    CHECK(json.at("thresholds")[1].at("for_seconds") == 1.5);
    CHECK(json.at("thresholds")[2].at("since").is_null());
    CHECK(json.at("trend").dump() ==
          R"({"verdict":"growing","reason":"grows steadily","slope_bytes_per_hour":90177536,)"
          R"("slope_ci90":[82837504,98566144],"seconds_to_limit":{"low":420,"mid":590,"high":null},"samples":720,)"
          R"("span_seconds":21600,"asymptote_bytes":600000000,"restarts_seen":3})");
    CHECK(json.at("oom").dump() ==
          R"({"verdict":"confirmed","count":3,"last_at":"2026-11-22T10:03:20Z","level":"container",)"
          R"("evidence":["docker event: 3 kills","exit 137"],"confirmed_by":["docker_event","kernel_log"]})");
    CHECK(json.at("causes")[0].dump() ==
          R"({"id":"leak","title":"Memory leak","score":6,"confidence":"high","evidence":["grows"],)"
          R"("unknown":["load"],"options":["restart","rollback"]})");
    CHECK(json.at("options")[0].dump() == R"({"id":"restart","title":"Restart","suggested":true,"risk":"disruptive",)"
                                          R"("why":"relief now","costs":"about 10 s"})");
    CHECK(json.at("right_size").dump() == R"({"limit_bytes":805306368,"why":"1.5 x the limit"})");
    CHECK(json.at("series")[1].dump() == R"({"at":"2026-11-22T11:02:20Z","bytes":null})");
}

TEST_CASE("an assessment comes back the same, through text", "[wire]") {
    const Assessment assessment = samples::full_assessment();
    const Json json = wire::to_json(assessment);
    const auto back = wire::assessment_from_json(*wire::parse_json(wire::dump(json)));
    REQUIRE(back);
    CHECK(wire::dump(wire::to_json(*back)) == wire::dump(json));
    CHECK(back->memory->limit == assessment.memory->limit);
    CHECK(back->ratio == assessment.ratio);
    CHECK(back->thresholds[1].threshold.for_ == Milliseconds(1'500));
    CHECK(std::isinf(back->trend.seconds_to_limit->high));
    CHECK(std::isnan(back->series[1].value));
    CHECK(back->oom.confirmed_by == assessment.oom.confirmed_by);
    CHECK(back->cause_clear);
    CHECK(json.at("capacity").dump() ==
          R"({"base_bytes":200000000,"bytes_each":3000000,"counts":"requests_per_second","given":false,)"
          R"("safe":58,"risky":85,"critical":103,"seen":true})");
}

TEST_CASE("without a reading memory is an object of nulls with a reason", "[wire]") {
    Assessment nothing;
    nothing.no_memory_why = "the container is stopped";
    const Json json = wire::to_json(nothing);
    CHECK(json.at("memory").dump() ==
          R"({"at":null,"metric":null,"used_bytes":null,"limit_bytes":null,"limit_kind":"unknown","ratio":null,)"
          R"("usage_bytes":null,"anon_bytes":null,"file_bytes":null,"shmem_bytes":null,"reclaimable_bytes":null,)"
          R"("source":null,"why":"the container is stopped"})");
    CHECK(json.at("level") == "unknown");
    CHECK(json.at("trend").at("verdict") == "insufficient_data");
    CHECK(json.at("trend").at("slope_bytes_per_hour").is_null());
    CHECK(json.at("trend").at("slope_ci90").is_null());
    CHECK(json.at("trend").at("seconds_to_limit").is_null());
    CHECK(json.at("oom").at("verdict") == "unknown");
    CHECK(json.at("restarts").is_null());
    CHECK(json.at("right_size").is_null());
    CHECK(json.at("causes") == Json::array());
    const auto back = wire::assessment_from_json(json);
    REQUIRE(back);
    CHECK_FALSE(back->memory);
    CHECK(back->no_memory_why == "the container is stopped");
    CHECK_FALSE(back->ratio);
    CHECK_FALSE(back->restarts);
}

TEST_CASE("memory without a limit has no ratio, and says that there is none", "[wire]") {
    Assessment assessment = samples::full_assessment();
    assessment.memory->limit = NoLimit{};
    assessment.memory->anon.reset();
    assessment.ratio.reset();
    const Json memory = wire::to_json(assessment).at("memory");
    CHECK(memory.at("limit_bytes").is_null());
    CHECK(memory.at("limit_kind") == "none");
    CHECK(memory.at("ratio").is_null());
    CHECK(memory.at("anon_bytes").is_null());
    const auto back = wire::assessment_from_json(wire::to_json(assessment));
    REQUIRE(back);
    CHECK(back->memory->limit == Limit(NoLimit{}));
    CHECK_FALSE(back->memory->anon);
}

TEST_CASE("numbers that are none become null, bytes become whole", "[wire]") {
    Assessment assessment = samples::full_assessment();
    assessment.ratio = std::numeric_limits<double>::quiet_NaN();
    assessment.trend.slope_bytes_per_hour = 12.6;
    assessment.trend.slope_ci90 = {-1e300, std::numeric_limits<double>::infinity()};
    assessment.trend.asymptote_bytes = std::numeric_limits<double>::quiet_NaN();
    const Json json = wire::to_json(assessment);
    CHECK(json.at("memory").at("ratio").is_null());
    CHECK(json.at("trend").at("slope_bytes_per_hour") == 13);
    CHECK(json.at("trend").at("slope_bytes_per_hour").is_number_integer());
    CHECK(json.at("trend").at("slope_ci90").dump() == "[null,null]");
    CHECK(json.at("trend").at("asymptote_bytes").is_null());
}

TEST_CASE("every word of the enums is written and read", "[wire]") {
    for (int i = 0; i < 7; ++i) {
        const auto source = static_cast<OomSource>(i);
        CHECK(wire::word(source) != "?");
        Assessment assessment = samples::full_assessment();
        assessment.oom.confirmed_by = {source};
        CHECK(wire::assessment_from_json(wire::to_json(assessment))->oom.confirmed_by.front() == source);
    }
    CHECK(wire::word(static_cast<OomSource>(7)) == "?");
    CHECK(wire::word(static_cast<OomLevel>(5)) == "?");
    CHECK(wire::word(static_cast<OomLevel>(-1)) == "?");
    for (int i = 0; i < 8; ++i) {
        Assessment assessment = samples::full_assessment();
        assessment.trend.verdict = static_cast<Verdict>(i);
        CHECK(wire::assessment_from_json(wire::to_json(assessment))->trend.verdict == assessment.trend.verdict);
    }
    for (int i = 0; i < 7; ++i) {
        Assessment assessment = samples::full_assessment();
        assessment.level = static_cast<Level>(i);
        CHECK(wire::assessment_from_json(wire::to_json(assessment))->level == assessment.level);
    }
}
