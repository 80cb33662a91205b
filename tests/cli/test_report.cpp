#include "fake_docker.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace memrb;
using namespace memrb::test;
using nlohmann::json;

TEST_CASE("a recorded diagnosis becomes a report in each format") {
    const TempDir home;
    const FakeDocker docker;
    const auto ran = docker.diagnose({"-o", "json"}).home(home.path()).run();
    INFO(ran.describe());
    const std::string id = json::parse(ran.out).at("incident");
    const auto report = [&](const std::vector<std::string>& flags) {
        std::vector<std::string> words{"report", id};
        words.insert(words.end(), flags.begin(), flags.end());
        return run_memrb(words).home(home.path()).cwd(home.path()).run();
    };
    const auto markdown = report({});
    INFO(markdown.describe());
    CHECK(markdown.ending == exited(0));
    CHECK(markdown.out.starts_with("# Incident " + id + ": docker backend"));
    CHECK(markdown.out.find("- [ ] ") != std::string::npos);  // the shipped runbook's checklist
    CHECK(markdown.out.find(".svg") == std::string::npos);

    const auto document = json::parse(report({"--format", "json"}).out);
    CHECK(document.at("schema") == "memrb/report/v1");
    CHECK(document.at("incident") == id);
    CHECK_FALSE(document.at("commands").empty());
    CHECK_FALSE(document.at("checklist").empty());

    CHECK(report({"--format", "html", "--file", "r.html"}).ending == exited(0));
    const auto page = read_file(home / "r.html");
    CHECK(page.starts_with("<!doctype html>"));
    CHECK(page.find("<svg ") != std::string::npos);
    CHECK(page.find("<script") == std::string::npos);
    CHECK(page.find("http-equiv=\"Content-Security-Policy\"") != std::string::npos);

    CHECK(report({"--file", "r.md"}).ending == exited(0));
    CHECK(read_file(home / "r.md").find("![Memory over time](r.svg)") != std::string::npos);
    CHECK(read_file(home / "r.svg").starts_with("<svg "));

    const auto anonymous = report({"--redact-names"});
    CHECK(anonymous.out.find("backend") == std::string::npos);
    CHECK(anonymous.out.find(docker.container_id().substr(0, 12)) == std::string::npos);
}

TEST_CASE("a report that cannot be written or found says so") {
    CHECK(run_memrb({"report", "zzzz"}).run().ending == exited(2));
    CHECK(run_memrb({"report", "zzzz", "--format", "pdf"}).run().ending == exited(2));
}
