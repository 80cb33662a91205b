// `memrb diagnose TARGET --dry-run` shows exactly what a diagnosis would start and ask, and does none of it: looked at
// from outside, in the system calls.
#include "fake_docker.h"
#include "support/shown.h"
#include "support/traced.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace memrb;
using namespace memrb::test;
using nlohmann::json;

namespace {

/// From the plain preview: `step ID: previewed`, then its lines.
std::map<std::string, Shown> text_preview(const std::string& text) {
    std::map<std::string, Shown> all;
    Shown* present = nullptr;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("step ")) {
            const std::string id = line.substr(5, line.find(": ") - 5);
            const bool skipped = line.find(": skipped") != std::string::npos;
            present = skipped ? nullptr : &all[id];
            continue;
        }
        const auto begin = line.find_first_not_of(' ');
        if (present == nullptr || begin == std::string::npos || begin == 0) {
            continue;
        }
        add_line(line.substr(begin), *present);
    }
    split_lines(all);
    return all;
}

/// The variables that make all steps possible which can be possible outside of Compose.
std::vector<std::string> settings(const HttpServer& web) {
    return {"--set", "prometheus=" + web.url(),
            "--set", "debug_url=" + web.url() + "/debug",
            "--set", "python=python3",
            "--set", "load_metric=http_requests_total",
            "--set", "descriptors_metric=open_files"};
}

}  // namespace

TEST_CASE("a dry run prints each step's exact command or request, as a real diagnosis then does it") {
    FakeDocker docker;
    HttpServer web;
    web.always("*", json_answer(recorded("prometheus/empty.json")));
    auto flags = settings(web);
    flags.insert(flags.end(), {"--dry-run", "--plain"});
    const auto dry = docker.diagnose(flags).run();
    INFO(dry.describe());
    REQUIRE(dry.ending == exited(0));
    CHECK(dry.err.empty());
    CHECK(dry.left_behind.empty());
    CHECK(dry.out.find("Nothing was run.") != std::string::npos);
    CHECK(web.requests().empty());

    TempDir home;
    flags = settings(web);
    flags.insert(flags.end(), {"-o", "json"});
    const auto live = docker.diagnose(flags).home(home.path()).run();
    REQUIRE(live.ending == exited(0));
    const auto done = record_of(json::parse(live.out).at("folder").get<std::string>());
    const auto shown = text_preview(dry.out);
    CHECK(done.size() >= 14);
    CHECK(shown.size() == done.size());
    for (const auto& [step, wanted] : done) {
        INFO(step);
        if (!shown.contains(step)) {
            FAIL_CHECK(step << " was not shown");
            continue;
        }
        CHECK(shown.at(step).commands == wanted.commands);
        CHECK(shown.at(step).requests == wanted.requests);
        CHECK_FALSE((wanted.commands.empty() && wanted.requests.empty()));
    }
}

TEST_CASE("a dry run starts nothing and connects to nothing but what finds the target") {
    FakeDocker docker;
    HttpServer web;
    web.always("*", json_answer(recorded("prometheus/empty.json")));
    auto flags = settings(web);
    TempDir home;
    const auto live = traced(docker.diagnose(flags).home(home.path()));
    if (!live) {
        return;
    }
    INFO(live->ran.describe());
    CHECK(live->ran.ending == exited(0));
    CHECK(live->started.size() >= 3);  // the trace sees what there is to see
    CHECK(live->connected.size() > 3);
    CHECK_FALSE(web.requests().empty());

    const auto asked_before = web.requests().size();
    const auto engine_before = docker.engine().requests().size();
    flags.emplace_back("--dry-run");
    TempDir fresh;
    const auto dry = traced(docker.diagnose(flags).home(fresh.path()));
    REQUIRE(dry);
    INFO(dry->ran.describe());
    CHECK(dry->ran.ending == exited(0));
    CHECK(dry->started == Words{});
    for (const auto& connection : dry->connected) {
        CHECK(connection.find("sun_path=\"" + docker.socket().string() + "\"") != std::string::npos);
    }
    CHECK_FALSE(dry->connected.empty());
    CHECK(web.requests().size() == asked_before);
    const auto asked = docker.engine().requests();
    REQUIRE(asked.size() == engine_before + 2);
    CHECK(asked[engine_before].target == "/containers/json?all=1");
    CHECK(asked[engine_before + 1].path == "/containers/" + docker.container_id() + "/json");
    for (const auto& entry : std::filesystem::recursive_directory_iterator(fresh.path())) {
        CHECK(entry.path().string().find("incidents/") == std::string::npos);  // and nothing is recorded
    }
}

TEST_CASE("a dry run of a target that only Prometheus knows asks for nothing else") {
    FakeDocker docker;
    docker.stop();
    HttpServer prometheus;
    answer_as_healthy(prometheus);
    const auto dry = traced(docker.diagnose({"--dry-run", "--set", "prometheus=" + prometheus.url()}));
    if (!dry) {
        return;
    }
    INFO(dry->ran.describe());
    CHECK(dry->ran.ending == exited(0));
    CHECK(dry->ran.out.find("GET " + prometheus.url() + "/api/v1/query?query=container_memory_working_set_bytes") !=
          std::string::npos);
    for (const auto& connection : dry->connected) {
        const bool engine = connection.find("sun_path=\"" + docker.socket().string() + "\"") != std::string::npos;
        const bool metrics = connection.find("htons(" + std::to_string(prometheus.port()) + ")") != std::string::npos;
        INFO(connection);
        CHECK((engine || metrics));
    }
    CHECK(prometheus.requests().size() == 1);  // the search
    for (const auto& program : dry->started) {
        INFO(program);
        CHECK(program.find("[\"docker\", \"ps\"") != std::string::npos);  // the engine's other door
    }
}
