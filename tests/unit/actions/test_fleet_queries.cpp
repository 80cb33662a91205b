#include "actions/fleet_queries.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

const FleetRange hour{Timestamp(Milliseconds(1'000'015'000)), Timestamp(Milliseconds(1'003'600'000)),
                      Milliseconds(15'000)};

}  // namespace

TEST_CASE("label matchers are PromQL's, and nothing more") {
    CHECK(*check_matcher(R"(namespace="prod")") == R"(namespace="prod")");
    CHECK(*check_matcher(R"( name =~ "web-.*" )") == R"(name=~"web-.*")");
    CHECK(*check_matcher(R"(pod!~"a\"b")") == R"(pod!~"a\"b")");
    CHECK(*check_matcher(R"(pod!="")") == R"(pod!="")");
    const auto wrong = GENERATE(as<std::string>{}, "", "namespace", "namespace=prod", R"(="prod")", R"(1a="b")",
                                R"(a=="b")", R"(a="b",c="d")", R"(a="b"} or up{x="")", R"(a="b)", R"(a="b\")");
    INFO(wrong);
    REQUIRE_FALSE(check_matcher(wrong));
    CHECK(check_matcher(wrong).error().fault == Fault::usage);
}

TEST_CASE("every query of a scan carries the matchers") {
    auto queries = companion_queries({{}, hour});
    queries.push_back(FleetQuery::working_set_docker);
    queries.push_back(FleetQuery::working_set_kubernetes);
    for (const FleetQuery query : queries) {
        const std::string url = fleet_url(query, "http://p", {{R"(namespace="prod")"}, hour});
        INFO(url);
        std::size_t selectors = 0;
        std::size_t matched = 0;
        for (std::size_t at = url.find("%7B"); at != std::string::npos; at = url.find("%7B", at + 1)) {
            ++selectors;
            matched += url.substr(at + 3).starts_with("namespace%3D%22prod%22%2C") ? 1 : 0;
        }
        CHECK(selectors > 0);
        CHECK(matched == selectors);
    }
}

TEST_CASE("the working set is asked for as a plain selector over the whole grid") {
    CHECK(fleet_url(FleetQuery::working_set_kubernetes, "http://p", {{}, hour}) ==
          "http://p/api/v1/query_range?query=container_memory_working_set_bytes%7Bcontainer%21%3D%22%22%2Ccontainer%21%"
          "3D%22POD%22%7D&start=1000015.000&end=1003600.000&step=15.000");
}

TEST_CASE("starts are asked for where the start time has changed within the range, as of its end") {
    const std::string url = fleet_url(FleetQuery::starts, "http://p", {{}, hour});
    CHECK(url.find("changes%28container_start_time_seconds%7B") != std::string::npos);
    CHECK(url.find("%5B3585000ms%5D%20%40%201003600.000%29%20%3E%200") != std::string::npos);
    CHECK(url.find("&end=1003600.000&step=15.000") != std::string::npos);
}

TEST_CASE("coarse grids end where the fine one ends and begin inside of it") {
    const std::string url = fleet_url(FleetQuery::anon, "http://p", {{}, hour});
    CHECK(url.find("&start=1000090.000&end=1003600.000&step=90.000") != std::string::npos);
}

TEST_CASE("the load is asked for when its metric was named, whatever the matchers, as one for each container") {
    const FleetScope named{{R"(namespace="prod")"}, hour, "http_requests_total"};
    const auto queries = companion_queries(named);
    CHECK(std::count(queries.begin(), queries.end(), FleetQuery::load) == 1);
    const auto others = companion_queries({{}, hour});
    CHECK(std::count(others.begin(), others.end(), FleetQuery::load) == 0);
    const std::string url = fleet_url(FleetQuery::load, "http://p", named);
    CHECK(url.find("query=sum%20by%20%28cluster%2Cnamespace%2Cpod%2Ccontainer%2Cname%29%20%28rate%28%7B__name__%3D%22"
                   "http_requests_total%22%7D%5B300000ms%5D%29%29&") != std::string::npos);
    CHECK(url.find("namespace%3D") == std::string::npos);
    CHECK(url.find("&end=1003600.000&step=30.000") != std::string::npos);
    FleetScope wide = named;
    wide.range.step = Milliseconds(600'000);
    CHECK(fleet_url(FleetQuery::load, "http://p", wide).find("%5B600000ms%5D") != std::string::npos);
}

TEST_CASE("what few containers have is asked for when a cheap query has told of it") {
    CHECK(only_after(FleetQuery::starts) == FleetQuery::start_time);
    CHECK(only_after(FleetQuery::oom_events) == FleetQuery::oom_known);
    CHECK_FALSE(only_after(FleetQuery::anon));
    CHECK(calls_for_more(FleetQuery::start_time, to_unix_seconds(hour.start) + 1, hour));
    CHECK_FALSE(calls_for_more(FleetQuery::start_time, to_unix_seconds(hour.start) - 1, hour));
    CHECK(calls_for_more(FleetQuery::oom_known, 1, hour));
    CHECK_FALSE(calls_for_more(FleetQuery::oom_known, 0, hour));
    CHECK_FALSE(calls_for_more(FleetQuery::limit, 1, hour));
}

TEST_CASE("the name of a metric cannot end its quotes") {
    CHECK(*check_metric_name(" http_requests_total ") == "http_requests_total");
    CHECK(*check_metric_name("http.requests") == "http.requests");
    const auto wrong = GENERATE(as<std::string>{}, "", " ", "a\"b", "a\\", "up{x=1}", "a\nb", "\xff");
    INFO(wrong);
    REQUIRE_FALSE(check_metric_name(wrong));
    CHECK(check_metric_name(wrong).error().fault == Fault::usage);
}
