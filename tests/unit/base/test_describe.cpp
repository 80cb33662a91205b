#include "base/describe.h"

#include <catch2/catch.hpp>
#include <csignal>

using namespace memrb;
using base::describe;
using Lines = std::vector<std::string>;

TEST_CASE("a command is shown as it would be typed", "[describe]") {
    CHECK(describe(Command{{"docker", "stats", "--format", "{{json .}}"}, {}, "", "", false}) ==
          Lines{"$ docker stats --format '{{json .}}'"});
    CHECK(
        describe(Command{{"sh", "-c", "echo $x"}, {{"x", "a b"}, {"Y", "1"}}, std::string(2048, 'y'), "/srv", false}) ==
        Lines{"$ sh -c 'echo $x'", "with x='a b' Y=1", "in /srv", "with 2 KiB on its standard input"});
}

TEST_CASE("an HTTP request is shown whole, save what opens doors", "[describe]") {
    HttpRequest request;
    request.url = "http://docker/v1.41/containers/json";
    request.unix_socket = "/var/run/docker.sock";
    CHECK(describe(request) == Lines{"GET http://docker/v1.41/containers/json", "over /var/run/docker.sock"});
    request = {};
    request.method = "POST";
    request.url = "http://localhost:8000/debug/gc";
    request.headers = {
        {"Accept", "text/plain"}, {"Authorization", "Bearer abc"}, {"X-Api-KEY", "abc"}, {"cookie", "a"}};
    request.body = "{}";
    CHECK(describe(request) == Lines{"POST http://localhost:8000/debug/gc", "header Accept: text/plain",
                                     "header Authorization: (not shown)", "header X-Api-KEY: (not shown)",
                                     "header cookie: (not shown)", "body {}"});
    request = {};
    request.url = "https://monitoring.googleapis.com/v3";
    request.token_command = {"gcloud", "auth", "print-access-token"};
    CHECK(describe(request) == Lines{"GET https://monitoring.googleapis.com/v3",
                                     "header Authorization: (not shown, from `gcloud auth print-access-token`)"});
}

TEST_CASE("a memory sample names its sources in order", "[describe]") {
    const std::string id = "3f9c1d0a7be4aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    HttpRequest stats;
    stats.url = "http://docker/stats";
    CHECK(
        describe(SampleMemory{{ReadCgroup{{{id, 0}}}, stats, Command{{"docker", "stats"}, {}, "", "", false}}}) ==
        Lines{"read the memory cgroup of 3f9c1d0a7be4, or else", "GET http://docker/stats, or else", "$ docker stats"});
    CHECK(describe(SampleMemory{{ReadCgroup{{{id, 0}, {id, 0}}}}}) == Lines{"read the memory cgroups of 2 containers"});
    CHECK(describe(SampleMemory{}).empty());
}

TEST_CASE("a person's task and a wait", "[describe]") {
    CHECK(describe(HumanTask{"Ask the owner.\nWrite it down.\n"}) == Lines{"Ask the owner.", "Write it down."});
    CHECK(describe(HumanTask{}) == Lines{""});
    CHECK(describe(Wait{Milliseconds(90'000)}) == Lines{"wait 90 s"});
}

TEST_CASE("endings keep exit codes and signals apart", "[describe]") {
    CHECK(describe(Ending(Exited{137})) == "exit 137");
    CHECK(describe(Ending(Signalled{SIGKILL})) == "killed by SIGKILL");
    CHECK(describe(Ending(Signalled{64})) == "killed by signal 64");
    CHECK(describe(Ending(TimedOut{Milliseconds(30'000)})) == "timed out after 30 s");
    CHECK(describe(Ending(Interrupted{})) == "interrupted");
    CHECK(describe(Ending(NotStarted{"docker is not installed", true, false})) == "docker is not installed");
    CHECK(describe(Ending(HttpStatus{503})) == "HTTP 503");
    CHECK(describe(Ending(Previewed{})) == "previewed");
    CHECK(describe(Ending(Unknown{"the connection broke"})) == "unknown: the connection broke");
    CHECK(base::signal_name(0) == "signal 0");
    CHECK(base::signal_name(-1) == "signal -1");
    CHECK(base::signal_name(SIGTERM) == "SIGTERM");
}
