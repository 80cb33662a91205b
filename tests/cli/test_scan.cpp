// `memrb scan` against a scripted Prometheus and a scripted engine, through the real binary.
#include "fake_docker.h"
#include "support/document.h"
#include "support/http_server.h"
#include "support/run.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

using namespace memrb;
using namespace memrb::test;
using nlohmann::json;

namespace {

constexpr double mib = 1024.0 * 1024;
// Samples go on beyond the present, so that a slow machine does not make them stale; memrb looks at none of those.
constexpr int ahead = -40;

json labels_of(const std::string& name) {
    return {{"name", name}, {"id", "/docker/" + name}, {"image", "shop:1"}, {"instance", "h:8080"}};
}

std::string answer(const char* type, const json& result) {
    return json{{"status", "success"}, {"data", {{"resultType", type}, {"result", result}}}}.dump();
}

/// Three containers: `full` at 97 % of 64 MiB, `free` without a limit, `calm` at a quarter of its 64 MiB.
class FakeFleet {
public:
    explicit FakeFleet(const std::string& container_series = "", const json& loads = json::array()) {
        const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
        auto memory = json::array();
        auto limits = json::array();
        for (const auto& [name, used, limit] :
             {std::tuple{"calm", 16.0, 64.0}, std::tuple{"free", 300.0, 0.0}, std::tuple{"full", 62.1, 64.0}}) {
            auto points = json::array();
            for (int i = 239; i >= ahead; --i) {
                points.push_back({std::floor(now) - 15.0 * i, std::to_string(used * mib)});
            }
            memory.push_back({{"metric", labels_of(name)}, {"values", points}});
            limits.push_back(
                {{"metric", labels_of(name)}, {"value", {std::floor(now) - 1, std::to_string(limit * mib)}}});
        }
        const std::string body = container_series.empty() ? answer("matrix", memory) : container_series;
        server.always("GET /api/v1/query_range?query=container_memory_working_set_bytes%7Bname%21*", json_answer(body));
        server.always("GET /api/v1/query?query=container_spec_memory_limit_bytes*",
                      json_answer(answer("vector", limits)));
        server.always("GET /api/v1/query_range?query=sum%20by*", json_answer(answer("matrix", loads)));
        server.always("GET /api/v1/*", json_answer(answer("vector", json::array())));
    }

    Run scan(std::vector<std::string> flags) const {
        std::vector<std::string> words{"scan", "--set", "prometheus=" + server.url()};
        words.insert(words.end(), flags.begin(), flags.end());
        return run_memrb(std::move(words));
    }

    HttpServer server;
};

}  // namespace

TEST_CASE("a scan shows the worst first, and never a ratio where there is no limit") {
    const FakeFleet fleet;
    const auto ran = fleet.scan({}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < ran.out.size(); at = ran.out.find('\n', at) + 1) {
        lines.push_back(ran.out.substr(at, ran.out.find('\n', at) - at));
    }
    REQUIRE(lines.size() >= 5);
    CHECK(lines[0].starts_with("LEVEL"));
    CHECK(lines[1].starts_with("critical  97 %"));
    CHECK(lines[1].ends_with("  full"));
    CHECK(lines[2].starts_with("unknown   no limit"));
    CHECK(lines[2].ends_with("  free"));
    CHECK(lines[3].starts_with("ok        25 %"));
    CHECK(lines[4] == "3 containers: 2 judged by their limit, 1 without a limit");
}

TEST_CASE("a scan as a document and as lines tells the same") {
    const FakeFleet fleet;
    const auto ran = fleet.scan({"-o", "json"}).run();
    INFO(ran.describe());
    const auto document = json::parse(ran.out, nullptr, false);
    REQUIRE(document.is_object());
    CHECK(document.at("schema") == "memrb/scan/v1");
    CHECK(document.at("counts").at("containers") == 3);
    CHECK(document.at("counts").at("no_limit") == 1);
    const auto& full = document.at("containers").at(0);
    CHECK(full.at("target").at("name") == "full");
    CHECK(full.at("level") == "critical");
    CHECK(full.at("memory").at("limit_bytes") == 67108864);
    CHECK(full.at("trend").at("verdict") == "flat");
    CHECK(full.at("causes").at(0).at("id") == "under-provisioned");
    CHECK(full.at("oom").at("verdict") == "unknown");  // nobody counts kills here
    const auto& free = document.at("containers").at(1);
    CHECK(free.at("state") == "no_limit");
    CHECK(free.at("memory").at("ratio").is_null());
    CHECK(free.at("level") == "unknown");

    const auto lines = fleet.scan({"-o", "jsonl"}).run();
    INFO(lines.describe());
    CHECK(std::count(lines.out.begin(), lines.out.end(), '\n') == 3);
    auto first = json::parse(lines.out.substr(0, lines.out.find('\n')), nullptr, false);
    REQUIRE(first.is_object());
    CHECK(first.at("target") == full.at("target"));
    CHECK(first.at("causes") == full.at("causes"));
    CHECK(lines.err.find("3 containers") != std::string::npos);
}

TEST_CASE("what is shown is chosen, what is counted is not") {
    const FakeFleet fleet;
    const auto top = fleet.scan({"--top", "1"}).run();
    INFO(top.describe());
    CHECK(top.out.find("full") != std::string::npos);
    CHECK(top.out.find("calm") == std::string::npos);
    CHECK(top.out.find("3 containers: 2 judged by their limit, 1 without a limit; 1 shown") != std::string::npos);
    const auto high = fleet.scan({"--min-level", "high", "--exit-code"}).run();
    INFO(high.describe());
    CHECK(high.ending == exited(10));
    CHECK(high.out.find("free") == std::string::npos);
    const auto oom = fleet.scan({"--min-level", "oom"}).run();
    INFO(oom.describe());
    CHECK(oom.ending == exited(0));
    CHECK(oom.out == "3 containers: 2 judged by their limit, 1 without a limit; 0 shown\n");
}

TEST_CASE("matchers, range and step reach Prometheus") {
    const FakeFleet fleet;
    const auto ran =
        fleet.scan({"--match", R"(namespace="prod")", "--match", R"(pod=~"web.*")", "--range", "2h", "--step", "1m"})
            .run();
    INFO(ran.describe());
    const auto requests = fleet.server.requests();
    const auto range = std::find_if(requests.begin(), requests.end(), [](const Seen& seen) {
        return seen.path == "/api/v1/query_range" && seen.query.at("query").starts_with("container_memory_working_set");
    });
    REQUIRE(range != requests.end());
    CHECK(range->query.at("query") ==
          R"(container_memory_working_set_bytes{namespace="prod",pod=~"web.*",name!="",container="",pod=""})");
    CHECK(range->query.at("step") == "60.000");
    CHECK(std::stod(range->query.at("end")) - std::stod(range->query.at("start")) == 119 * 60);
}

TEST_CASE("a mistaken flag is named and nothing is asked") {
    const auto [flags, named] = GENERATE(
        table<std::vector<std::string>, std::string>({{{"--match", "namespace=prod"}, "--match"},
                                                      {{"--range", "yesterday"}, "--range"},
                                                      {{"--step", "2h"}, "--step"},
                                                      {{"--range", "90d", "--step", "15s"}, "--step"},
                                                      {{"--min-level", "terrible"}, "--min-level"},
                                                      {{"--platform", "cloud-run"}, "--platform"},
                                                      {{"--platform", "docker", "--match", R"(a="b")"}, "--match"}}));
    const FakeFleet fleet;
    const auto ran = fleet.scan(flags).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(2));
    CHECK(ran.err.find(named) != std::string::npos);
    CHECK(ran.out.empty());
    CHECK(fleet.server.requests().empty());
}

TEST_CASE("a Prometheus that is down, or no Prometheus, is told with exit code 3") {
    const auto down = run_memrb({"scan", "--set", "prometheus=http://127.0.0.1:1"}).run();
    INFO(down.describe());
    CHECK(down.ending == exited(3));
    CHECK(down.err.find("Prometheus at http://127.0.0.1:1 cannot be asked") != std::string::npos);
    CHECK(down.out.empty());

    const auto [reply, told] = GENERATE(table<Answer, std::string>(
        {{json_answer("<html>Sign in</html>"), "web page"},
         {json_answer(R"({"status":"error","errorType":"execution","error":"too many samples"})", 422),
          "too many samples"},
         {json_answer("no", 500), "HTTP 500"},
         {json_answer(R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"name":"a"},"val)"),
          "broken off"},
         {answer_ending(Answer::Ending::cut), "cannot be asked"}}));
    HttpServer broken;
    broken.always("GET /api/v1/*", reply);
    const auto ran = run_memrb({"scan", "-o", "json", "--set", "prometheus=" + broken.url()}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(3));
    CHECK(ran.err.find(told) != std::string::npos);
    CHECK(ran.out.empty());
}

TEST_CASE("a Prometheus that knows no container is no healthy fleet") {
    HttpServer empty;
    empty.always("GET /api/v1/*", json_answer(answer("matrix", json::array())));
    const auto ran = run_memrb({"scan", "--set", "prometheus=" + empty.url()}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(3));
    CHECK(ran.err.find("knows no container") != std::string::npos);
}

TEST_CASE("without its limits a fleet is shown, and what is missing is told") {
    HttpServer server;
    const FakeFleet whole;
    const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    auto points = json::array();
    for (int i = 239; i >= ahead; --i) {
        points.push_back({std::floor(now) - 15.0 * i, "1000000"});
    }
    server.always("GET /api/v1/query_range?query=container_memory_working_set_bytes%7Bname%21*",
                  json_answer(answer("matrix", json::array({{{"metric", labels_of("a")}, {"values", points}}}))));
    server.always("GET /api/v1/query?query=container_spec*", json_answer("overloaded", 503));
    server.always("GET /api/v1/*", json_answer(answer("vector", json::array())));
    const auto ran = run_memrb({"scan", "-o", "json", "--set", "prometheus=" + server.url()}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    const auto document = json::parse(ran.out, nullptr, false);
    REQUIRE(document.is_object());
    CHECK(document.at("containers").at(0).at("state") == "limit_unknown");
    CHECK(document.at("warnings").dump().find("the limits are not known") != std::string::npos);
    CHECK(ran.err.find("HTTP 503") != std::string::npos);
}

TEST_CASE("a load that was asked for and is not there is told") {
    const FakeFleet fleet;
    const auto none = fleet.scan({"--set", "load_metric=http_requests_total", "-o", "json"}).run();
    INFO(none.describe());
    CHECK(none.ending == exited(0));
    CHECK(document_of(none).at("warnings").dump().find("`http_requests_total` has no samples of a container") !=
          std::string::npos);

    const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    auto values = json::array();
    values.push_back({std::floor(now) - 60, "7"});
    const json load{{"metric", {{"name", "somebody"}}}, {"values", values}};
    const FakeFleet other("", json::array({load}));
    const auto strange = other.scan({"--set", "load_metric=http_requests_total", "-o", "json"}).run();
    INFO(strange.describe());
    CHECK(document_of(strange).at("warnings").dump().find("is of none of these containers") != std::string::npos);

    const auto wrong = fleet.scan({"--set", "load_metric=rate(x[5m])\"}"}).run();
    INFO(wrong.describe());
    CHECK(wrong.ending == exited(2));
    CHECK(wrong.err.find("is no name of a metric") != std::string::npos);

    const auto unasked = fleet.scan({"-o", "json"}).run();
    CHECK(document_of(unasked).at("warnings").empty());
}

TEST_CASE("the engine's containers are scanned without Prometheus") {
    const FakeDocker docker;
    const auto ran = run_memrb({"scan", "--platform", "docker", "-o", "json"})
                         .env("DOCKER_HOST", "unix://" + docker.socket().string())
                         .path_first(docker.bin())
                         .run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    const auto document = json::parse(ran.out, nullptr, false);
    REQUIRE(document.is_object());
    REQUIRE(document.at("containers").size() == 1);
    const auto& row = document.at("containers").at(0);
    CHECK(row.at("target").at("platform") == "docker");
    CHECK(row.at("memory").at("limit_bytes") == 67108864);
    CHECK(row.at("trend").at("verdict") == "insufficient_data");
    CHECK(document.at("range_seconds").is_null());
}
