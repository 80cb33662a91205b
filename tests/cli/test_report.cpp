#include "fake_docker.h"

#include <catch2/catch.hpp>
#include <chrono>
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

TEST_CASE("an output of 50 MiB that means harm leaves the report small and harmless") {
    const TempDir home;
    const FakeDocker docker;
    const std::string hostile =
        "</script></pre><script>alert(1)</script><img src=x onerror=alert(1)> \x1b[2J \u202egnp.exe ";
    std::string text;
    while (text.size() < (std::size_t{50} << 20U)) {
        text += hostile + "an ordinary line of an ordinary tool\n";
    }
    const auto output = home.write("long.txt", text).string();
    const auto file = home.write("long.yaml",
                                 "memrb: 1\nid: long\ntitle: Long\nplatforms: [docker]\ndiagnose:\n"
                                 "  - id: a\n    title: A\n    steps:\n"
                                 "      - {id: file, shell: [cat, \"" +
                                     output +
                                     "\"], risk: read}\n"
                                     "      - {id: now, memory: target}\n")
                          .string();
    const auto ran =
        docker.diagnose({"-r", file, "-o", "json"}).home(home.path()).timeout(std::chrono::seconds(120)).run();
    INFO(ran.err);
    REQUIRE(ran.ending == exited(0));
    const std::string id = json::parse(ran.out).at("incident");
    for (const std::string format : {"html", "md", "json"}) {
        const auto report = run_memrb({"report", id, "--format", format}).home(home.path()).run();
        INFO(format);
        CHECK(report.ending == exited(0));
        CHECK(report.out.size() > 4'000);
        CHECK(report.out.size() < 2'000'000);
        CHECK(report.out.find('\x1b') == std::string::npos);
        if (format == "html") {
            CHECK(report.out.find("<script") == std::string::npos);
            CHECK(report.out.find("<img") == std::string::npos);
            CHECK(report.out.find("&lt;script") != std::string::npos);
        }
    }
}

TEST_CASE("a report that cannot be written or found says so") {
    CHECK(run_memrb({"report", "zzzz"}).run().ending == exited(2));
    CHECK(run_memrb({"report", "zzzz", "--format", "pdf"}).run().ending == exited(2));
}
