#include "support/http_server.h"
#include "support/run.h"
#include "support/temp_dir.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace memrb;
using namespace memrb::test;
using nlohmann::json;

TEST_CASE("a name that is no name reaches no tool and is refused") {
    TempDir folder;
    for (const std::string name : {"x; rm -rf /", "$(touch pwned)", "../x", "a b", ""}) {
        const auto ran = run_memrb({"diagnose", name}).cwd(folder.path()).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(2));
        CHECK(ran.out.empty());
    }
    const auto flag = run_memrb({"diagnose", "-x"}).cwd(folder.path()).run();
    CHECK(flag.ending == exited(2));
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("with the engine and Prometheus down the diagnosis says that it could ask nobody") {
    const auto ran = run_memrb({"diagnose", "backend", "--set", "prometheus=http://127.0.0.1:1"}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(3));
    CHECK(ran.err.find("no source answered") != std::string::npos);
    CHECK(ran.err.find("127.0.0.1:1") != std::string::npos);
}

TEST_CASE("the demo replays a recorded leak without Docker") {
    const auto ran = run_memrb({"diagnose", "backend", "--replay", "demo", "-o", "json"}).run();
    INFO(ran.describe());
    REQUIRE(ran.ending == exited(0));
    const auto document = json::parse(ran.out);
    CHECK(document.at("schema") == "memrb/diagnosis/v1");
    CHECK(document.at("target").at("name") == "backend");
    CHECK(document.at("memory").at("limit_bytes") == 536870912);
    CHECK(document.at("oom").at("verdict") == "confirmed");
    CHECK(document.at("causes").at(0).at("id") == "leak");
    // The record keeps in step with the shipped runbook: each step that applies has its output.
    for (const auto& step : document.at("steps")) {
        INFO(step.dump());
        CHECK(step.at("status") != "failed");
    }

    const auto text = run_memrb({"diagnose", "backend", "--replay", "demo"}).run();
    INFO(text.describe());
    CHECK(text.ending == exited(0));
    CHECK(text.out.find("512 MiB") != std::string::npos);
    CHECK(text.out.find("Memory leak") != std::string::npos);
}

TEST_CASE("what Prometheus answers wrongly is said, and the rest goes on") {
    struct Case {
        const char* answer;
        int status;
        const char* said;
    };
    for (const Case& one : {Case{"<html>gateway</html>", 200, "not a Prometheus answer"}, Case{"oops", 500, "500"},
                            Case{R"({"status":"success","data":{"resultType":"vec)", 200, "not a Prometheus answer"}}) {
        HttpServer prometheus;
        prometheus.always("*", json_answer(one.answer, one.status));
        const auto ran =
            run_memrb({"diagnose", "backend", "--platform", "prometheus", "--set", "prometheus=" + prometheus.url()})
                .run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(3));
        CHECK(ran.err.find(one.said) != std::string::npos);
    }
}
