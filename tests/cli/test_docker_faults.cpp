// What can break in Docker, through the real binary: each fault is told in a line that names the step and why, the
// other steps go on, nothing hangs, and no process is left behind.
#include "fake_docker.h"
#include "step_checks.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

using namespace memrb;
using namespace memrb::test;
using namespace std::chrono_literals;

TEST_CASE("Docker is down: that is said, and Prometheus tells of the target") {
    FakeDocker docker;
    docker.stop();
    HttpServer prometheus;
    answer_as_healthy(prometheus);
    const auto ran = docker.diagnose({"-o", "json", "--set", "prometheus=" + prometheus.url()}).run();
    INFO(ran.describe());
    const auto document = clean_document_of(ran);
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
    CHECK(ran.elapsed < 15s);
    CHECK(clean_document_of(ran).at("warnings").dump().find("timed out after 5.0 s") != std::string::npos);
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
    const auto document = clean_document_of(ran);
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
    const auto document = clean_document_of(ran);
    CHECK(document.at("target").at("platform") == "prometheus");
    CHECK(document.at("warnings")
              .dump()
              .find("no permission to use the Docker engine at unix://" + docker.socket().string()) !=
          std::string::npos);
}

TEST_CASE("without the docker CLI the engine's own interface still measures") {
    FakeDocker docker;
    TempDir empty;
    const auto ran = docker.diagnose({"-o", "json", "--set", nobody_listens}).path_only(empty.str()).run();
    INFO(ran.describe());
    const auto document = clean_document_of(ran);
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
