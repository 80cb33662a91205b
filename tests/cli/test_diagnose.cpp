#include "fake_docker.h"
#include "support/http_server.h"
#include "support/run.h"
#include "support/temp_dir.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
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

TEST_CASE("MEMRB_LOG names a file that gets a line for each request, and nobody else may read it") {
    FakeDocker docker;
    HttpServer prometheus;
    answer_as_healthy(prometheus);
    TempDir folder;
    const auto log = folder / "own.log";
    const auto ran =
        docker.diagnose({"-o", "json", "--set", "prometheus=" + prometheus.url()}).env("MEMRB_LOG", log.string()).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    std::ifstream file(log);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    INFO(text);
    CHECK(text.find(" usage.inspect docker: ") != std::string::npos);
    CHECK(text.find(" growth.working_set GET: HTTP 200") != std::string::npos);
    CHECK(text.find(docker.container_id()) == std::string::npos);  // an argument
    CHECK(text.find(prometheus.url()) == std::string::npos);
    CHECK(std::filesystem::status(log).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    CHECK(ran.err.find("HTTP 200, ") == std::string::npos);
}

TEST_CASE("help explains exit codes and the environment, and a wrong topic is told the right ones") {
    const auto codes = run_memrb({"help", "exit-codes"}).run();
    CHECK(codes.ending == exited(0));
    CHECK(codes.out.find("127") != std::string::npos);
    const auto environment = run_memrb({"help", "environment"}).run();
    CHECK(environment.ending == exited(0));
    CHECK(environment.out.find("MEMRB_LOG") != std::string::npos);
    const auto wrong = run_memrb({"help", "enviroment"}).run();
    CHECK(wrong.ending == exited(2));
    CHECK(wrong.err.find("did you mean `environment`?") != std::string::npos);
}

TEST_CASE("an option that is not known is named, and what was probably meant") {
    const auto alone = run_memrb({"diagnose", "-x"}).run();
    CHECK(alone.ending == exited(2));
    CHECK(alone.err.find("unknown option `-x`") != std::string::npos);
    const auto near = run_memrb({"diagnose", "backend", "--platfrom", "docker"}).run();
    CHECK(near.ending == exited(2));
    CHECK(near.err.find("unknown option `--platfrom`: did you mean `--platform`?") != std::string::npos);
    const auto missing = run_memrb({"diagnose"}).run();
    CHECK(missing.ending == exited(2));
    CHECK(missing.err.find("target is required") != std::string::npos);
}
