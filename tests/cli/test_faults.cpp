// What can break around memrb, through the real binary: each fault is told in a line that names the step and why, the
// other steps go on, nothing hangs, and no process is left behind.
#include "fake_docker.h"
#include "support/skip.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace memrb;
using namespace memrb::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr const char* nobody_listens = "prometheus=http://127.0.0.1:1";

const std::vector<std::string> docker_steps{"usage.inspect", "oom.events"};
const std::vector<std::string> prometheus_steps{"oom.metric", "growth.working_set", "growth.limit",    "growth.usage",
                                                "growth.rss", "growth.cache",       "growth.restarts", "growth.rate"};

json document_of(const Ran& ran) {
    auto document = json::parse(ran.out, nullptr, false);
    if (document.is_discarded()) {
        FAIL("no JSON document: " << ran.describe());
    }
    return document;
}

/// The line of stderr that tells of this step.
std::string line_about(const Ran& ran, const std::string& step) {
    const std::string text = "\n" + ran.err;
    const auto begin = text.find("\n" + step + ": ");
    return begin == std::string::npos ? std::string() : text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1);
}

json step_of(const json& document, const std::string& id) {
    for (const auto& step : document.at("steps")) {
        if (step.at("id") == id) {
            return step;
        }
    }
    return json::object();
}

void check_step(const Ran& ran, const json& document, const std::string& id, const std::string& status,
                const std::string& why) {
    const json step = step_of(document, id);
    INFO(id << ": " << step.dump());
    CHECK(step.value("status", "") == status);
    if (!why.empty()) {
        CHECK(step.at("why").dump().find(json(why).dump().substr(1, json(why).dump().size() - 2)) != std::string::npos);
        CHECK(line_about(ran, id).find(why) != std::string::npos);
    }
}

/// A runbook with these steps.
void write_runbook(const std::filesystem::path& file, const std::string& steps) {
    std::ofstream out(file);
    out << "memrb: 1\nid: faults\ntitle: Faults\nvars: {prometheus: {default: \"http://127.0.0.1:1\"}}\n"
        << "diagnose:\n  - id: steps\n    steps:" << steps;
    REQUIRE(out.good());
}

void check_clean(const Ran& ran) {
    CHECK(ran.left_behind.empty());
    CHECK(ran.err.find('\x1b') == std::string::npos);
}

}  // namespace

TEST_CASE("Docker is down: that is said, and Prometheus tells of the target") {
    FakeDocker docker;
    docker.stop();
    HttpServer prometheus;
    answer_as_healthy(prometheus);
    const auto ran = docker.diagnose({"-o", "json", "--set", "prometheus=" + prometheus.url()}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    check_clean(ran);
    const auto document = document_of(ran);
    CHECK(document.at("target").at("platform") == "prometheus");
    CHECK(document.at("memory").at("limit_bytes") == 67108864);
    CHECK(document.at("warnings").dump().find("Docker engine at unix://" + docker.socket().string()) !=
          std::string::npos);
    CHECK(document.at("warnings").dump().find("does not exist") != std::string::npos);
}

TEST_CASE("Docker and Prometheus are down: both are named, exit code 3") {
    FakeDocker docker;
    docker.stop();
    const auto ran = docker.diagnose({"--set", nobody_listens}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(3));
    CHECK(ran.out.empty());
    check_clean(ran);
    CHECK(ran.err.find("no source answered") != std::string::npos);
    CHECK(ran.err.find(docker.socket().string() + " does not exist") != std::string::npos);
    CHECK(ran.err.find("nothing listens at 127.0.0.1:1") != std::string::npos);
}

TEST_CASE("an engine that accepts and never answers costs seconds, not the diagnosis") {
    FakeDocker docker;
    HttpServer silent(docker.bin().parent_path() / "silent.sock");
    silent.always("*", answer_ending(Answer::Ending::hang));
    HttpServer prometheus;
    answer_as_healthy(prometheus);
    const auto ran = docker.diagnose({"-o", "json", "--set", "prometheus=" + prometheus.url()})
                         .env("DOCKER_HOST", "unix://" + (docker.bin().parent_path() / "silent.sock").string())
                         .run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    CHECK(ran.elapsed < 15s);
    check_clean(ran);
    CHECK(document_of(ran).at("warnings").dump().find("timed out after 5.0 s") != std::string::npos);
}

TEST_CASE("the engine goes away after the target was found: each step says so, and Prometheus still answers") {
    FakeDocker docker;
    docker.tool("docker",
                "#!/bin/sh\necho 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the "
                "docker daemon running?' >&2\nexit 1\n");
    HttpServer prometheus;
    answer_as_healthy(prometheus);
    const auto ran = docker.diagnose({"-o", "json", "--set", "prometheus=" + prometheus.url()}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    check_clean(ran);
    const auto document = document_of(ran);
    for (const auto& step : docker_steps) {
        check_step(ran, document, step, "failed", "the Docker engine does not answer at unix:///var/run/docker.sock");
    }
    check_step(ran, document, "oom.kernel", "ok", "");
    check_step(ran, document, "growth.working_set", "ok", "");
    CHECK(document.at("memory").at("limit_bytes") == 67108864);
    CHECK(document.at("oom").at("verdict") != "confirmed");
}

TEST_CASE("a Docker socket without permission is told as such, with what to do") {
    FakeDocker docker;
    HttpServer prometheus;
    answer_as_healthy(prometheus);
    REQUIRE(::chmod(docker.socket().c_str(), 0) == 0);
    const std::vector<std::string> words{"diagnose", "backend", "-o",
                                         "json",     "--set",   "prometheus=" + prometheus.url()};
    TempDir home;
    auto run = docker.diagnose({"-o", "json", "--set", "prometheus=" + prometheus.url()});
    if (::geteuid() == 0) {  // to whom no permission is ever denied: somebody else has to ask
        // The binary may lie where nobody else can go.
        const auto binary = home / "memrb";
        std::filesystem::copy_file(memrb_binary(), binary);
        std::vector<std::string> argv{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", binary.string()};
        argv.insert(argv.end(), words.begin(), words.end());
        std::filesystem::create_directory(home / "home");
        REQUIRE(::chown((home / "home").c_str(), 65534, 65534) == 0);
        for (const auto& folder : {home.path(), docker.bin().parent_path()}) {
            REQUIRE(::chmod(folder.c_str(), 0755) == 0);
        }
        run = program(argv).env("DOCKER_HOST", "unix://" + docker.socket().string());
        run.home(home / "home").cwd("/");
    }
    const auto ran = run.run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    check_clean(ran);
    const auto document = document_of(ran);
    CHECK(document.at("target").at("platform") == "prometheus");
    CHECK(document.at("warnings")
              .dump()
              .find("no permission to use the Docker engine at unix://" + docker.socket().string()) !=
          std::string::npos);
}

TEST_CASE("what is wrong with Prometheus is said at each of its steps, and the others go on") {
    struct Fault {
        const char* name;
        Answer answer;
        const char* status;
        std::string why;
    };
    const std::vector<Fault> faults{
        {"an error", json_answer("oops", 500), "failed", "Prometheus answers HTTP 500: oops"},
        {"a page of a gateway", json_answer("<html>Bad gateway</html>"), "no data",
         "not a Prometheus answer: it is a web page"},
        {"broken off JSON", json_answer(R"({"status":"success","data":{"resultType":"vec)"), "no data",
         "not a Prometheus answer: its JSON is broken off or malformed"},
        {"a connection cut in the middle", answer_ending(Answer::Ending::cut, recorded("prometheus/raw-6h.json")),
         "failed", "broke off in the middle"},
        {"a connection closed at once", answer_ending(Answer::Ending::close), "failed",
         "closed the connection without an answer"},
        {"an empty result", json_answer(recorded("prometheus/empty.json")), "no data", "no series matches"},
        {"an empty result with a warning", json_answer(recorded("prometheus/empty-with-warnings.json")), "no data",
         "no series matches"},
    };
    FakeDocker docker;
    for (const auto& fault : faults) {
        HttpServer prometheus;
        prometheus.always("*", fault.answer);
        const auto ran = docker.diagnose({"-o", "json", "--set", "prometheus=" + prometheus.url()}).run();
        INFO(fault.name << "\n" << ran.describe());
        CHECK(ran.ending == exited(0));
        CHECK(ran.elapsed < 15s);
        check_clean(ran);
        const auto document = document_of(ran);
        for (const auto& step : prometheus_steps) {
            check_step(ran, document, step, fault.status, fault.why);
        }
        for (const auto& step : docker_steps) {
            check_step(ran, document, step, "ok", "");
        }
        check_step(ran, document, "usage.now", "ok", "");
        CHECK(document.at("level") == "watch");  // 74.8 %, measured
        CHECK(document.at("trend").at("verdict") == "insufficient_data");
        CHECK(document.at("causes").empty());
    }
}

TEST_CASE("Prometheus is down: the engine still measures") {
    FakeDocker docker;
    const auto ran = docker.diagnose({"-o", "json", "--set", nobody_listens}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    check_clean(ran);
    const auto document = document_of(ran);
    for (const auto& step : prometheus_steps) {
        check_step(ran, document, step, "failed", "nothing listens at 127.0.0.1:1 (connection refused)");
    }
    CHECK(document.at("memory").at("used_bytes") == 50171904);
    CHECK(document.at("level") == "watch");
}

TEST_CASE("samples that are no numbers are told, and judge nothing") {
    FakeDocker docker;
    HttpServer prometheus;
    const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    auto values = json::array();
    for (int minute = 60; minute >= 0; --minute) {
        values.push_back({now - 60.0 * minute, minute % 2 == 0 ? "NaN" : "+Inf"});
    }
    const json series{{"metric", {{"__name__", "container_memory_working_set_bytes"}, {"name", "backend"}}},
                      {"values", values}};
    prometheus.always("*", json_answer(json{{"status", "success"},
                                            {"data", {{"resultType", "matrix"}, {"result", json::array({series})}}}}
                                           .dump()));
    const auto ran = docker.diagnose({"-o", "json", "--set", "prometheus=" + prometheus.url()}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    check_clean(ran);
    const auto document = document_of(ran);
    CHECK(document.at("memory").at("used_bytes") == 50171904);  // the engine's
    CHECK(document.at("level") == "watch");
    CHECK(document.at("trend").at("verdict") == "insufficient_data");
    CHECK(document.at("causes").empty());
    CHECK(document.at("warnings").dump().find("could not be used (NaN, infinite") != std::string::npos);
}

TEST_CASE("a warning of Prometheus is passed on: the answer may be partial") {
    FakeDocker docker;
    HttpServer prometheus;
    prometheus.always("*", json_answer(recorded("prometheus/with-warnings.json")));
    const auto ran = docker.diagnose({"-o", "json", "--set", "prometheus=" + prometheus.url()}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    check_clean(ran);
    const auto document = document_of(ran);
    check_step(ran, document, "growth.working_set", "ok", "");
    CHECK(document.at("warnings").dump().find("partial: remote_read") != std::string::npos);
    CHECK(document.at("level") == "watch");
}

TEST_CASE("a Prometheus that accepts and never answers costs its steps' timeouts once, not one after the other") {
    FakeDocker docker;
    const auto runbook = docker.bin().parent_path() / "slow.yaml";
    write_runbook(runbook, R"(
      - {id: now, memory: target}
      - {id: one, promql: up, timeout: 2s}
      - {id: two, promql: up, timeout: 2s}
      - {id: three, promql: up, range: 1h, timeout: 2s}
      - {id: limit, docker: "inspect ${container} --format '{{.HostConfig.Memory}}'"}
)");
    for (const auto ending : {Answer::Ending::hang, Answer::Ending::stall}) {
        HttpServer prometheus;
        prometheus.always("*", answer_ending(ending, recorded("prometheus/raw-6h.json")));
        const auto ran =
            docker.diagnose({"-o", "json", "--runbook", runbook.string(), "--set", "prometheus=" + prometheus.url()})
                .run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(0));
        CHECK(ran.elapsed < 5s);
        check_clean(ran);
        const auto document = document_of(ran);
        for (const auto* step : {"steps.one", "steps.two", "steps.three"}) {
            check_step(ran, document, step, "failed", "timed out after 2.0 s");
        }
        check_step(ran, document, "steps.now", "ok", "");
        check_step(ran, document, "steps.limit", "ok", "");
        CHECK(document.at("level") == "watch");
    }
}

TEST_CASE("a Prometheus that never answers ends the search for a target, too") {
    HttpServer prometheus;
    prometheus.always("*", answer_ending(Answer::Ending::hang));
    const auto ran =
        run_memrb({"diagnose", "backend", "--platform", "prometheus", "--set", "prometheus=" + prometheus.url()}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(3));
    CHECK(ran.elapsed < 15s);
    CHECK(ran.err.find("timed out after 5.0 s") != std::string::npos);
}

TEST_CASE("a tool that hangs and ignores TERM is killed with its children, and told as timed out") {
    FakeDocker docker;
    docker.tool("hangs", "#!/bin/sh\ntrap '' TERM INT\nsleep 1000 &\necho begun\nsleep 1000\n");
    const auto runbook = docker.bin().parent_path() / "tools.yaml";
    write_runbook(runbook, R"(
      - {id: now, memory: target}
      - {id: hung, shell: [hangs], risk: read, timeout: 1s}
      - {id: script, shell: "trap '' TERM; sleep 1000 & sleep 1000", risk: read, timeout: 1s}
      - {id: well, shell: [echo, fine], risk: read}
)");
    const auto ran = docker.diagnose({"-o", "json", "--runbook", runbook.string()}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    CHECK(ran.elapsed < 10s);
    check_clean(ran);
    const auto document = document_of(ran);
    check_step(ran, document, "steps.hung", "failed", "timed out after 1.0 s");
    check_step(ran, document, "steps.script", "failed", "timed out after 1.0 s");
    check_step(ran, document, "steps.well", "ok", "");
    check_step(ran, document, "steps.now", "ok", "");
}

TEST_CASE("a tool that floods both streams is kept in bounds, one that never stops is ended") {
    FakeDocker docker;
    // 24 MiB on each stream at the same time: a reader of one after the other would wait for ever.
    docker.tool("floods",
                "#!/bin/sh\nhead -c 25165824 /dev/zero | tr '\\0' x >&2 &\n"
                "head -c 25165824 /dev/zero | tr '\\0' x\nwait\n");
    docker.tool("endless", "#!/bin/sh\nyes on standard error >&2 &\nexec yes on standard output\n");
    const auto runbook = docker.bin().parent_path() / "tools.yaml";
    write_runbook(runbook, R"(
      - {id: now, memory: target}
      - {id: flood, shell: [floods], risk: read}
      - {id: endless, shell: [endless], risk: read, timeout: 1s}
      - {id: well, shell: [echo, fine], risk: read}
)");
    TempDir home;
    const auto ran = docker.diagnose({"-o", "json", "--runbook", runbook.string()}).home(home.path()).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    CHECK(ran.elapsed < 15s);
    check_clean(ran);
    CHECK(ran.out.size() < 65536);
    CHECK(ran.err.size() < 65536);
    const auto document = document_of(ran);
    check_step(ran, document, "steps.flood", "ok", "");
    check_step(ran, document, "steps.endless", "failed", "timed out after 1.0 s");
    check_step(ran, document, "steps.well", "ok", "");
    const std::filesystem::path folder = document.at("folder").get<std::string>();
    for (const auto* stream : {"output", "error_output"}) {
        const auto file = folder / step_of(document, "steps.flood").at(stream).get<std::string>();
        CHECK(std::filesystem::file_size(file) == 25165824);
    }
}

TEST_CASE("a tool that is not installed is told as such") {
    FakeDocker docker;
    docker.tool("without-interpreter", "#!/nonexistent/interpreter\n");
    const auto runbook = docker.bin().parent_path() / "tools.yaml";
    write_runbook(runbook, R"(
      - {id: now, memory: target}
      - {id: missing, shell: [no-such-tool, --version], risk: read}
      - {id: dangling, shell: [without-interpreter], risk: read}
      - {id: well, shell: [echo, fine], risk: read}
)");
    const auto ran = docker.diagnose({"-o", "json", "--runbook", runbook.string()}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    check_clean(ran);
    const auto document = document_of(ran);
    check_step(ran, document, "steps.missing", "failed", "no-such-tool is not installed (not on PATH)");
    check_step(ran, document, "steps.dangling", "failed", "the interpreter that it asks for is not installed");
    check_step(ran, document, "steps.well", "ok", "");
}

TEST_CASE("without the docker CLI the engine's own interface still measures") {
    FakeDocker docker;
    TempDir empty;
    const auto ran = docker.diagnose({"-o", "json", "--set", nobody_listens}).path_only(empty.str()).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    check_clean(ran);
    const auto document = document_of(ran);
    for (const auto& step : docker_steps) {
        check_step(ran, document, step, "failed", "docker is not installed");
    }
    check_step(ran, document, "oom.kernel", "failed", "dmesg is not installed");
    CHECK(document.at("memory").at("used_bytes") == 50171904);
}

TEST_CASE("nothing but the docker CLI could ask the engine, and it is not installed") {
    TempDir empty;
    const auto ran = run_memrb({"diagnose", "backend", "--platform", "docker"})
                         .env("DOCKER_HOST", "ssh://somewhere.invalid")
                         .path_only(empty.str())
                         .run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(3));
    CHECK(ran.err.find("docker CLI only, which is not installed") != std::string::npos);
}
