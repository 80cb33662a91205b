#include "actions/docker_state.h"

#include "hostile.h"
#include "scene.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

Interpretation inspect(const Scene& scene, const std::string& out, const std::string& format = {}) {
    const Params params = format.empty() ? args({"inspect", scene.target.name})
                                         : args({"inspect", "--format", format, scene.target.name});
    return action("docker").interpret(params, scene.context(), exited(0, out));
}

std::string state_of(const std::string& name) {
    const auto document = read_json(recorded("docker/" + name));
    return document->front().at("State").dump();
}

const NoData& nothing(const Interpretation& read) {
    REQUIRE(read.readings.size() == 1);
    return std::get<NoData>(read.readings.front());
}

}  // namespace

TEST_CASE("inspect tells a running container's state") {
    const Scene scene;
    const auto read = inspect(scene, recorded("docker/inspect-limit.json"));
    const auto state = only<StateReading>(read);
    CHECK(state.status == "running");
    CHECK(state.running);
    CHECK_FALSE(state.exit_code);
    CHECK(state.oom_killed == false);
    CHECK(state.restarts == 0);
    CHECK(state.started_at == at("2026-11-21T21:41:36.888Z"));
    CHECK_FALSE(state.finished_at);
    CHECK(state.health.empty());
    const auto check = only<OomCheck>(read);
    CHECK(check.source == OomSource::container_state);
    CHECK(check.sightings.empty());
    CHECK(check.since == at("2026-11-21T21:41:36.888Z"));
    CHECK(read.note == "running, limit 64 MiB");
}

TEST_CASE("inspect tells an OOM kill") {
    Scene scene;
    scene.is("eater", eater_id);
    const auto read = inspect(scene, recorded("docker/inspect-oom-killed.json"));
    const auto state = only<StateReading>(read);
    CHECK(state.status == "exited");
    CHECK_FALSE(state.running);
    CHECK(state.exit_code == 137);
    CHECK(state.oom_killed == true);
    const auto check = only<OomCheck>(read);
    REQUIRE(check.sightings.size() == 1);
    CHECK(check.sightings[0].level == OomLevel::container);
    CHECK(check.sightings[0].at == at("2026-11-21T21:41:37.646Z"));
    CHECK(check.sightings[0].detail == "OOMKilled, exit 137");
    CHECK(read.note == "exited with 137, OOM killed, limit 32 MiB");
}

TEST_CASE("a docker kill is no OOM kill") {
    Scene scene;
    scene.is("killed", "977188f62ff1b814f45f1d5c719f17c7d556aefdb7e00d4dfaef2000df0a9c01");
    const auto read = inspect(scene, recorded("docker/inspect-docker-killed.json"));
    CHECK(only<StateReading>(read).exit_code == 137);
    CHECK(only<OomCheck>(read).sightings.empty());
    CHECK(read.note == "exited with 137, limit 64 MiB");
}

TEST_CASE("OOMKilled with another exit code is a process of the past") {
    Scene scene;
    scene.is("stopped143", "6b9e2ee1729b1b7c4f9b191465edaddb06024f6c6eb087df4e22a387104d03e9");
    const auto check = only<OomCheck>(inspect(scene, recorded("docker/inspect-oom-then-stopped.json")));
    REQUIRE(check.sightings.size() == 1);
    CHECK(check.sightings[0].level == OomLevel::process);
    CHECK_FALSE(check.sightings[0].at);
    CHECK(check.sightings[0].detail == "OOMKilled, but exit 143: a process inside was killed");
}

TEST_CASE("a container between two restarts tells how its last run ended") {
    Scene scene;
    scene.is("oomloop", oomloop_id);
    const auto read = inspect(scene, recorded("docker/inspect-oom-loop.json"));
    const auto state = only<StateReading>(read);
    CHECK(state.status == "restarting");
    CHECK(state.running);
    CHECK(state.exit_code == 137);
    CHECK(state.restarts == 5);
    CHECK(only<OomCheck>(read).sightings.at(0).level == OomLevel::container);
    CHECK(read.note == "restarting with 137, OOM killed, 5 restarts, limit 16 MiB");
}

TEST_CASE("a container that ended by itself has an exit code, a created one has none") {
    Scene scene;
    scene.is("job", "1b6248c1d1603bba344410ae05c3965b821ba40306529bc2f794b3879e9d2ee7");
    CHECK(only<StateReading>(inspect(scene, recorded("docker/inspect-exited-0.json"))).exit_code == 0);
    CHECK_FALSE(
        only<StateReading>(
            inspect(scene, R"({"Status":"created","Running":false,"ExitCode":0,"FinishedAt":"0001-01-01T00:00:00Z"})",
                    "{{json .State}}"))
            .exit_code);
}

TEST_CASE("health and no limit are told") {
    Scene scene;
    scene.is("sidecar", sidecar_id);
    CHECK(inspect(scene, recorded("docker/inspect-no-limit.json")).note == "running, no limit");
    const auto unhealthy = read_json(recorded("docker/inspect-unhealthy.json"));
    scene.target.id = unhealthy->front().at("Id").get<std::string>();
    CHECK(only<StateReading>(inspect(scene, unhealthy->dump())).health == "unhealthy");
}

TEST_CASE("parts of an inspection are understood by their format") {
    Scene scene;
    scene.is("eater", eater_id);
    const auto state = inspect(scene, state_of("inspect-oom-killed.json") + "\n", "{{json .State}}");
    CHECK(only<StateReading>(state).exit_code == 137);
    CHECK_FALSE(only<StateReading>(state).restarts);
    CHECK(only<OomCheck>(state).sightings.size() == 1);

    const auto killed = inspect(scene, "true\n", "{{.State.OOMKilled}}");
    CHECK(only<OomCheck>(killed).sightings.at(0).level == OomLevel::unknown);
    CHECK(killed.note == "OOM killed");
    const auto healthy = inspect(scene, "false\n", "{{.State.OOMKilled}}");
    CHECK(only<OomCheck>(healthy).sightings.empty());
    CHECK(healthy.note == "not OOM killed");
    CHECK(nothing(inspect(scene, "<nil>", "{{.State.OOMKilled}}")).why == "`<nil>` is neither true nor false");

    CHECK(inspect(scene, "33554432\n", "{{.HostConfig.Memory}}").note == "limit 32 MiB");
    CHECK(inspect(scene, "33554432\n", "{{.HostConfig.Memory}}").readings.empty());
    CHECK(inspect(scene, "0\n", "{{.HostConfig.Memory}}").note == "no limit");
    CHECK(nothing(inspect(scene, "-1\n", "{{.HostConfig.Memory}}")).why == "`-1` is no number of bytes");
    CHECK(inspect(scene, R"({"Memory":67108864})", "{{json .HostConfig}}").note == "limit 64 MiB");
    CHECK(nothing(inspect(scene, R"({"Memory":"x"})", "{{json .HostConfig}}")).why ==
          "the answer holds no container's state");
    CHECK(inspect(scene, "5\n", "{{.RestartCount}}").note == "5 restarts");
    CHECK(inspect(scene, "anything", "{{.Name}}").readings.empty());
    CHECK(inspect(scene, "5", "{{.Name}}").note.empty());
}

TEST_CASE("a format that builds JSON of the same shape is read like the whole") {
    Scene scene;
    scene.is("eater", eater_id);
    const std::string format =
        R"({"State":{{json .State}},"RestartCount":{{.RestartCount}},"HostConfig":{"Memory":{{.HostConfig.Memory}}}})";
    const std::string state = state_of("inspect-oom-killed.json");
    const auto read =
        inspect(scene, R"({"State":)" + state + R"(,"RestartCount":4,"HostConfig":{"Memory":33554432}})", format);
    CHECK(only<StateReading>(read).restarts == 4);
    CHECK(only<OomCheck>(read).sightings.size() == 1);
    CHECK(read.note == "exited with 137, OOM killed, 4 restarts, limit 32 MiB");
    CHECK(nothing(inspect(scene, R"({"State":null,"RestartCount":4})", format)).why ==
          "the answer holds no container's state");
    CHECK(nothing(inspect(scene, R"({"State":{"Status":)", format)).why ==
          "the answer is not JSON, or only a part of it");
}

TEST_CASE("a part of an inspection of another container is not the target's") {
    const Scene scene;
    const auto read = action("docker").interpret(args({"inspect", "--format={{.State.OOMKilled}}", "redis"}),
                                                 scene.context(), exited(0, "true\n"));
    CHECK(read.readings.empty());
}

TEST_CASE("an inspection of another container is told from the pinned one") {
    Scene scene;
    CHECK(inspect(scene, recorded("docker/inspect-oom-killed.json")).readings.empty());
    scene.target.id = sidecar_id;
    CHECK(nothing(inspect(scene, recorded("docker/inspect-limit.json"))).why ==
          "backend is another container now (31bc72ba5b78): the pinned one is gone");
}

TEST_CASE("a failed inspection says why") {
    const Scene scene;
    const auto why = [&](const Outcome& outcome) {
        return nothing(action("docker").interpret(args({"inspect", "backend"}), scene.context(), outcome)).why;
    };
    CHECK(why(recorded_failure("docker/inspect-missing.txt")) == "No such object: nosuch (exit 1)");
    CHECK(why(recorded_failure("docker/engine-down.txt")) ==
          "the Docker engine does not answer at unix:///var/run/nothing.sock");
    CHECK(why(recorded_failure("docker/socket-denied.txt")) ==
          "no permission to use the Docker socket: join the group `docker` or use sudo");
    CHECK(why(recorded_failure("docker/exec-stopped.txt")) ==
          "Container 576812ce7604d0088bb70bf49ea5a24be298feb67016490d12764b204e03818a is not running (exit 1)");
    CHECK(why(ended(TimedOut{Milliseconds{30'000}})) == "timed out after 30 s");
    CHECK(why(ended(Signalled{9})) == "killed by SIGKILL");
    CHECK(why(ended(NotStarted{"docker is not installed", true, false})) == "docker is not installed");
    CHECK(why(exited(1, "", "\x1b[31mred\x1b[0m\n")) == "\\x1b[31mred\\x1b[0m (exit 1)");
    CHECK(why(exited(0, "")) == "the answer is not JSON, or only a part of it");
    CHECK(why(exited(0, "[]")) == "the answer is no list of containers");
    Outcome flood = exited(0, "[{");
    flood.out.total = 5'000'000;
    flood.out.dropped = 4'999'998;
    CHECK(why(flood) == "the answer of 4.77 MiB is too long to be kept whole");
}

TEST_CASE("a broken inspection is never a reading of the target") {
    Scene scene;
    scene.is("eater", eater_id);
    const std::string small = R"([{"Id":")" + eater_id + R"(","Name":"/eater","RestartCount":2,"State":)" +
                              state_of("inspect-oom-killed.json") + R"(,"HostConfig":{"Memory":33554432}}])";
    REQUIRE(only<StateReading>(inspect(scene, small)).restarts == 2);
    each_beginning(small, [&](const std::string& text) {
        CAPTURE(text);
        CHECK(std::holds_alternative<NoData>(inspect(scene, text).readings.at(0)));
    });
    each_corruption(small, [&](const std::string& text) { (void)inspect(scene, text); });
    for (const auto& text : with_wrong_types(small)) {
        const auto read = inspect(scene, text);
        for (const auto& reading : read.readings) {
            if (const auto* state = std::get_if<StateReading>(&reading)) {
                CHECK((!state->restarts || *state->restarts != 18'446'744'073'709'551'614U));
            }
        }
    }
    for (const std::size_t depth : {65U, 100'000U}) {
        CHECK(nothing(inspect(scene, nested(depth))).why == "the answer is not JSON, or only a part of it");
    }
}
