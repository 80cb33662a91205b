#include "actions/kube_complaint.h"
#include "actions/pod_state.h"
#include "hostile.h"
#include "scene.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

const std::string killed_pod = "backend-f2ffdba7e-f2mjx";
const std::string other_pod = "backend-f2ffdba7e-t6c7k";

Scene kube_scene() {
    Scene scene;
    scene.target.name = "backend";
    scene.target.platform = Platform::kubernetes;
    scene.target.id = nlohmann::json::parse(recorded("kubectl/deployment.json"))["metadata"]["uid"];
    scene.target.kube = KubeRef{"lab", "shop", "deployment", "app=backend", "app", "1012"};
    scene.tools.kubectl_command = {"kubectl"};
    scene.now = at("2026-11-22T02:22:30Z");
    return scene;
}

Interpretation read(const Scene& scene, std::initializer_list<std::string> words, const Outcome& outcome) {
    return action("kubectl").interpret(args(words), scene.context(), outcome);
}

Interpretation read_file(const Scene& scene, std::initializer_list<std::string> words, const std::string& file) {
    return read(scene, words, exited(0, recorded("kubectl/" + file)));
}

const auto get_pods = {std::string("get"), std::string("pods"), std::string("-o"), std::string("json")};

Interpretation memory_of(const Scene& scene, const std::string& text) {
    return action("memory").interpret(texts({}), scene.context(), exited(0, text));
}

nlohmann::json pods_file(const std::string& name = "pods-with-metrics.json") {
    return nlohmann::json::parse(recorded("kubectl/" + name));
}

template <class Kind>
std::size_t count_of(const Interpretation& interpretation) {
    return static_cast<std::size_t>(
        std::count_if(interpretation.readings.begin(), interpretation.readings.end(),
                      [](const Reading& reading) { return std::holds_alternative<Kind>(reading); }));
}

}  // namespace

TEST_CASE("pods tell state, restarts and OOM kills of a deployment") {
    const auto result = read_file(kube_scene(), get_pods, "pods-backend.json");
    const auto state = only<StateReading>(result);
    CHECK(state.running);
    CHECK(state.status == "Running");
    CHECK(state.restarts == 1);
    CHECK(state.started_at == at("2026-11-22T02:19:58Z"));
    CHECK_FALSE(state.exit_code);
    CHECK_FALSE(state.oom_killed);
    const auto kills = only<OomCheck>(result);
    CHECK(kills.source == OomSource::pod_status);
    REQUIRE(kills.sightings.size() == 1);
    CHECK(kills.sightings[0].level == OomLevel::container);
    CHECK(kills.sightings[0].at == at("2026-11-22T02:19:56Z"));
    CHECK(kills.sightings[0].detail == killed_pod + "/app ended OOMKilled, exit 137");
    CHECK(kills.since == at("2026-11-22T01:19:56Z"));
    CHECK(result.note == "2 pods, 1 restart, " + killed_pod +
                             "/app ended OOMKilled with 137 2 min ago, limit 256 MiB, request 128 MiB");
    CHECK(result.warnings.empty());
}

TEST_CASE("OOMKilled with another exit code is a flag only, and 137 without it is no OOM kill") {
    auto pods = pods_file("pods-backend.json");
    auto& last = pods["items"][0]["status"]["containerStatuses"][0]["lastState"]["terminated"];
    last["exitCode"] = 143;
    const auto flagged = read(kube_scene(), get_pods, exited(0, pods.dump()));
    REQUIRE(count_of<OomCheck>(flagged) == 2);
    for (const auto& reading : flagged.readings) {
        if (const auto* check = std::get_if<OomCheck>(&reading)) {
            CHECK(check->sightings.empty() == (check->source == OomSource::pod_status));
            for (const auto& sighting : check->sightings) {
                CHECK(check->source == OomSource::container_state);
                CHECK(sighting.level == OomLevel::process);
            }
        }
    }
    last["exitCode"] = 137;
    last["reason"] = "Error";
    CHECK(only<OomCheck>(read(kube_scene(), get_pods, exited(0, pods.dump()))).sightings.empty());
}

TEST_CASE("a container that waits for its restart has ended") {
    auto pods = pods_file("pods-backend.json");
    pods["items"].erase(1);
    auto& status = pods["items"][0]["status"]["containerStatuses"][0];
    status["state"] = {{"waiting", {{"reason", "CrashLoopBackOff"}}}};
    status["restartCount"] = 7;
    const auto state = only<StateReading>(read(kube_scene(), get_pods, exited(0, pods.dump())));
    CHECK_FALSE(state.running);
    CHECK(state.status == "CrashLoopBackOff");
    CHECK(state.exit_code == 137);
    CHECK(state.finished_at == at("2026-11-22T02:19:56Z"));
    CHECK(state.restarts == 7);
}

TEST_CASE("pods of others say nothing of the target") {
    Scene scene = kube_scene();
    const auto nothing = only<NoData>(read_file(scene, get_pods, "pods-web.json"));
    CHECK(nothing.what == "pod status");
    CHECK(nothing.why == "backend has no pod in this answer");
    CHECK(only<NoData>(read_file(scene, get_pods, "pods-none.json")).what == "pod status");
    scene.target.kube->name_space = "other";
    CHECK(only<NoData>(read_file(scene, get_pods, "pods-backend.json")).what == "pod status");
    scene = kube_scene();
    scene.target.name = killed_pod;
    scene.target.id = "another";
    scene.target.kube->kind = "pod";
    CHECK(only<NoData>(read_file(scene, get_pods, "pods-backend.json")).what == "pod status");
}

TEST_CASE("a container without a limit and an evicted pod are said") {
    Scene scene = kube_scene();
    scene.target.name = "web";
    scene.target.kube->selector = "app=web";
    auto pods = pods_file("pods-web.json");
    pods["items"][0]["status"]["reason"] = "Evicted";
    const auto result = read(scene, get_pods, exited(0, pods.dump()));
    REQUIRE(result.warnings.size() == 2);
    CHECK(result.warnings[0].find("evicted by its node, which is not an OOM kill: web-") == 0);
    CHECK(result.warnings[1] == "no memory limit: container proxy");
}

TEST_CASE("memory of a deployment is that of the container nearest to its limit") {
    const auto result = memory_of(kube_scene(), recorded("kubectl/pods-with-metrics.json"));
    const auto memory = only<MemoryReading>(result);
    CHECK(memory.used == Bytes{236'032} * 1024);
    CHECK(memory.limit == Limit(Bytes{256} << 20U));
    CHECK(memory.at == at("2026-11-22T02:21:53Z"));
    CHECK(memory.metric == "working set");
    CHECK(memory.source == "metrics.k8s.io " + killed_pod + "/app");
    CHECK_FALSE(memory.anon);
    CHECK(result.note.find(killed_pod + "/app: ") == 0);
    CHECK(result.note.find("the nearest to its limit of 2") != std::string::npos);
}

TEST_CASE("a container without a limit has none, and one whose limit is not understood an unknown one") {
    auto document = pods_file();
    document["items"][0]["spec"]["containers"][0]["resources"] = nlohmann::json::object();
    document["items"][1]["spec"]["containers"][0]["resources"] = nlohmann::json::object();
    CHECK(std::holds_alternative<NoLimit>(only<MemoryReading>(memory_of(kube_scene(), document.dump())).limit));
    document["items"][0]["spec"]["containers"][0]["resources"]["limits"]["memory"] = "much";
    CHECK(std::holds_alternative<LimitUnknown>(only<MemoryReading>(memory_of(kube_scene(), document.dump())).limit));
}

TEST_CASE("missing measurements are no data, never zero") {
    auto document = pods_file();
    document["items"].erase(2);
    const auto partly = memory_of(kube_scene(), document.dump());
    CHECK(only<MemoryReading>(partly).used == Bytes{102'400} * 1024);
    CHECK(partly.warnings == std::vector<std::string>{"metrics-server has no measurement of " + killed_pod + " yet"});
    document["items"].erase(2);
    CHECK(only<NoData>(memory_of(kube_scene(), document.dump())).why ==
          "metrics-server has no measurement of backend (a new pod has none for about 15 s)");
    CHECK(only<NoData>(memory_of(kube_scene(), R"({"kind":"List","items":[]})")).why == "backend has no pod");
    document = pods_file();
    document["items"][2]["containers"][0]["usage"]["memory"] = "lots";
    document["items"][3].erase("timestamp");
    CHECK(count_of<MemoryReading>(memory_of(kube_scene(), document.dump())) == 0);
    for (const auto& [file, why] : std::vector<std::pair<std::string, std::string>>{
             {"no-metrics-server", "metrics-server is not installed or not ready"},
             {"no-pod-metrics", "metrics-server has no measurement of it yet (a new pod has none for about 15 s)"},
             {"503", "the API server is not able to answer now (503)"}}) {
        CAPTURE(file);
        const auto failed = action("memory").interpret(texts({}), kube_scene().context(),
                                                       recorded_failure("kubectl/failed-" + file + ".txt"));
        CHECK(only<NoData>(failed).what == "memory");
        CHECK(only<NoData>(failed).why == why);
    }
}

TEST_CASE("memory in Kubernetes is asked with the limits in one command") {
    Scene scene = kube_scene();
    const auto argv = [&] {
        const auto request = action("memory").plan(texts({}), scene.context());
        REQUIRE(request);
        return std::get<Command>(std::get<SampleMemory>(*request).sources.at(0)).argv;
    };
    CHECK(argv() == std::vector<std::string>{"kubectl", "--context=lab", "--namespace=shop", "--request-timeout=5s",
                                             "get", "pods,pods.v1beta1.metrics.k8s.io", "--selector=app=backend", "-o",
                                             "json"});
    scene.target.kube->kind = "pod";
    CHECK(argv().at(5) == "pods/backend");
    scene.target.running = false;
    CHECK(argv().size() == 9);  // a pod that is being started has no measurement yet, and says so itself
    scene.tools.kubectl_command.clear();
    CHECK(action("memory").plan(texts({}), scene.context()).error().fault == Fault::missing_tool);
}

TEST_CASE("the tables of top and the events are told in a line") {
    const auto pods = read_file(kube_scene(), {"top", "pods"}, "top-pods.txt");
    CHECK(only<FleetReading>(pods).rows.size() == 6);
    CHECK(only<FleetReading>(pods).rows[0].memory.used == Bytes{230} << 20U);
    CHECK(pods.note == "6 measured, most: db-0 with 512 MiB");
    const auto containers = read_file(kube_scene(), {"top", "pods", "--containers"}, "top-containers.txt");
    CHECK(only<FleetReading>(containers).rows[0].name == killed_pod + "/app");
    CHECK(read_file(kube_scene(), {"top", "nodes"}, "top-nodes.txt").note == "2 nodes, fullest 43 %");
    const auto full = read(kube_scene(), {"top", "nodes"},
                           exited(0,
                                  "NAME   CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%\nn1   1   1%   7Gi   93%\n"
                                  "n2   <unknown>   <unknown>   <unknown>   <unknown>\n"));
    CHECK(full.note == "1 node, fullest 93 %");
    CHECK(full.warnings == std::vector<std::string>{"node n1 uses 93% of its memory"});
    CHECK(only<NoData>(read(kube_scene(), {"top", "pods"}, exited(0, ""))).why == "metrics-server has no measurement");
    CHECK(read_file(kube_scene(), {"get", "events", "-o", "json"}, "events.json").note == "BackOff 4x");
    CHECK(only<NoData>(read(kube_scene(), {"top", "pods"}, recorded_failure("kubectl/failed-top.txt"))).why ==
          "metrics-server is not installed or not ready, so there are no measurements");
}

TEST_CASE("a deployment made anew is not the pinned one") {
    Scene scene = kube_scene();
    CHECK(read_file(scene, {"get", "deployment", "backend", "-o", "json"}, "deployment.json").note ==
          "2 of 2 replicas are ready");
    scene.target.id = "another";
    CHECK(only<NoData>(read_file(scene, {"get", "deployment", "backend", "-o", "json"}, "deployment.json")).why ==
          "backend is another deployment now: the pinned one is gone");
}

TEST_CASE("each failure of kubectl is one clear line") {
    for (const auto& [file, why] : std::vector<std::pair<std::string, std::string>>{
             {"401", "the cluster does not accept the login (401): sign in again"},
             {"409", "it has been changed by somebody else meanwhile (409): look again, then decide"},
             {"503", "the API server is not able to answer now (503)"},
             {"hanging", "the API server does not answer in time"},
             {"refused", "the API server cannot be reached: nothing listens at its address"},
             {"not-found", "Error from server (NotFound): pods \"nothing\" not found (exit 1)"}}) {
        CAPTURE(file);
        const auto failed = read(kube_scene(), get_pods, recorded_failure("kubectl/failed-" + file + ".txt"));
        CHECK(only<NoData>(failed).what == "pod status");
        CHECK(only<NoData>(failed).why == why);
    }
    CHECK_FALSE(kube_failure_of(exited(0, "x")));
    CHECK(kube_failure_of(ended(TimedOut{Milliseconds(15'000)})) ==
          "the API server does not answer in time (timed out after 15 s)");
}

TEST_CASE("a change tells what kubectl says of it, and whether a failure leaves it open") {
    const auto restart = [](const Outcome& outcome) {
        return read(kube_scene(), {"rollout", "restart", "deployment/backend"}, outcome);
    };
    CHECK(restart(exited(0, "deployment.apps/backend restarted\n")).note == "deployment.apps/backend restarted");
    CHECK_FALSE(restart(recorded_failure("kubectl/failed-409.txt")).unclear);
    CHECK_FALSE(restart(recorded_failure("kubectl/failed-403.txt")).unclear);
    CHECK_FALSE(restart(recorded_failure("kubectl/failed-refused.txt")).unclear);
    CHECK(restart(recorded_failure("kubectl/failed-hanging.txt")).unclear);
    CHECK(restart(exited(1, "", "error: Patch \"http://x/deployments/backend\": EOF\n")).unclear);
    CHECK_FALSE(restart(exited(1, "", "error: Get \"http://x/deployments/backend\": EOF\n")).unclear);
}

TEST_CASE("broken and hostile answers of kubectl give no reading made up") {
    const Scene scene = kube_scene();
    auto document = pods_file();
    document["items"].erase(3);
    document["items"].erase(1);
    document["items"][0]["metadata"].erase("ownerReferences");
    document["items"][0]["status"].erase("conditions");
    const std::string text = document.dump();
    REQUIRE(count_of<MemoryReading>(memory_of(scene, text)) == 1);
    each_beginning(text, [&](const std::string& part) { CHECK(count_of<MemoryReading>(memory_of(scene, part)) == 0); });
    for (const auto& wrong : with_wrong_types(text)) {
        const auto memory = memory_of(scene, wrong);
        CHECK(memory.readings.size() == 1);
        (void)read(scene, get_pods, exited(0, wrong));
    }
    CHECK(only<NoData>(read(scene, get_pods, exited(0, nested(100'000)))).why.find("not JSON") != std::string::npos);
    Outcome cut = exited(0, text);
    cut.out.dropped = 5;
    CHECK(only<NoData>(read(scene, get_pods, cut)).why.find("too long") != std::string::npos);
}
