#include "actions/docker_list.h"
#include "hostile.h"
#include "scene.h"
#include "scripted_fetch.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

const std::string list_url = "GET http://docker/containers/json?all=1";
const std::string list_cli = "$ docker ps -a --no-trunc --format '{{json .}}'";

std::string inspect_url(const std::string& id) {
    return "GET http://docker/containers/" + id + "/json";
}

Found find(const std::string& name, ScriptedFetch& script, const Tools& tools = Scene().tools) {
    const std::map<std::string, std::string> vars;
    return finder(Platform::docker).find(FindContext{name, tools, vars, at("2026-11-21T21:41:50Z")}, script.fetch());
}

Outcome no_such_socket() {
    return ended(NotStarted{"nothing listens at /var/run/docker.sock", false, false});
}

// A second container of the service `backend`, made from the recorded one.
std::string two_replicas() {
    auto list = nlohmann::json::parse(recorded("engine-api/containers-by-service.json"));
    auto second = list.at(0);
    second["Id"] = std::string(64, 'b');
    second["Names"] = {"/shop_backend_2"};
    list.push_back(second);
    return list.dump();
}

std::string second_inspected() {
    auto one = nlohmann::json::parse(recorded("engine-api/container-compose.json"));
    one["Id"] = std::string(64, 'b');
    one["Name"] = "/shop_backend_2";
    return one.dump();
}

}  // namespace

TEST_CASE("a container is found by its exact name and pinned") {
    ScriptedFetch script;
    script.on(list_url, answered(200, recorded("engine-api/containers-all.json")))
        .on(inspect_url(backend_id), answered(200, recorded("engine-api/container-limit.json")));
    const Found found = find("backend", script);
    CHECK(found.problems.empty());
    REQUIRE(found.matches.size() == 1);
    const Target& target = found.matches[0];
    CHECK(target.name == "backend");
    CHECK(target.platform == Platform::docker);
    CHECK(target.id == backend_id);
    CHECK(target.started_at == at("2026-11-21T21:41:36.888Z"));
    CHECK(target.image == "memrb-lab/mem");
    CHECK(target.running);
    CHECK(target.pid == 21605);
    CHECK(target.limit == Limit(Bytes{67'108'864}));
    CHECK_FALSE(target.compose);
    CHECK(target.found_by == "docker container");
    CHECK(found.host_containers == std::vector<std::pair<std::string, std::string>>{
                                       {parent_id, "parent"}, {sidecar_id, "sidecar"}, {backend_id, "backend"}});
    CHECK(found.known_names ==
          std::vector<std::string>{"backend", "eater", "job", "killed", "parent", "sidecar", "stopped143"});
    CHECK(script.asked.size() == 2);
}

TEST_CASE("a stopped container and one without a limit are found as such") {
    ScriptedFetch script;
    script.on(list_url, answered(200, recorded("engine-api/containers-all.json")))
        .on(inspect_url(eater_id), answered(200, recorded("engine-api/container-oom-killed.json")))
        .on(inspect_url(sidecar_id), answered(200, recorded("engine-api/container-no-limit.json")));
    const Found eater = find("eater", script);
    REQUIRE(eater.matches.size() == 1);
    CHECK_FALSE(eater.matches[0].running);
    CHECK(eater.matches[0].pid == 0);
    const Found sidecar = find("sidecar", script);
    CHECK(std::holds_alternative<NoLimit>(sidecar.matches.at(0).limit));
}

TEST_CASE("the beginning of an id finds a container, if it is long enough") {
    ScriptedFetch script;
    script.on(list_url, answered(200, recorded("engine-api/containers-all.json")))
        .on(inspect_url(backend_id), answered(200, recorded("engine-api/container-limit.json")));
    CHECK(find("31bc", script).matches.at(0).found_by == "docker container id");
    CHECK(find(backend_id, script).matches.at(0).name == "backend");
    CHECK(find("31b", script).matches.empty());
    CHECK(find("31BC", script).matches.empty());
}

TEST_CASE("a Compose service is found with its project") {
    ScriptedFetch script;
    script.on(list_url, answered(200, recorded("engine-api/containers-by-service.json")))
        .on(inspect_url(shop_backend_id), answered(200, recorded("engine-api/container-compose.json")));
    for (const std::string name : {"backend", "shop/backend"}) {
        CAPTURE(name);
        const Found found = find(name, script);
        REQUIRE(found.matches.size() == 1);
        const Target& target = found.matches[0];
        CHECK(target.name == "shop_backend_1");
        CHECK(target.found_by == "compose service");
        REQUIRE(target.compose);
        CHECK(target.compose->project == "shop");
        CHECK(target.compose->service == "backend");
        CHECK(target.compose->working_dir == "/srv/shop");
        CHECK(target.compose->files == std::vector<std::string>{"compose.yml"});
        CHECK(target.limit == Limit(Bytes{134'217'728}));
    }
    CHECK(find("shop_backend_1", script).matches.at(0).found_by == "docker container");
    CHECK(find("other/backend", script).matches.empty());
    CHECK(find("back", script).known_names == std::vector<std::string>{"backend", "shop_backend_1"});
}

TEST_CASE("several replicas of a service are all given") {
    ScriptedFetch script;
    script.on(list_url, answered(200, two_replicas()))
        .on(inspect_url(shop_backend_id), answered(200, recorded("engine-api/container-compose.json")))
        .on(inspect_url(std::string(64, 'b')), answered(200, second_inspected()));
    const Found found = find("backend", script);
    REQUIRE(found.matches.size() == 2);
    CHECK(found.matches[0].name == "shop_backend_1");
    CHECK(found.matches[1].name == "shop_backend_2");
    CHECK(find("shop_backend_2", script).matches.size() == 1);
}

TEST_CASE("an exact name beats an id, which beats a service") {
    std::vector<ListedContainer> all = {{std::string(64, 'a'), "x", "p", "beef", true},
                                        {"beef" + std::string(60, '0'), "y", "", "", true},
                                        {std::string(64, 'c'), "beef", "", "", true}};
    CHECK(match_name(all, "beef").containers.at(0).name == "beef");
    all.pop_back();
    CHECK(match_name(all, "beef").containers.at(0).name == "y");
    all.pop_back();
    CHECK(match_name(all, "beef").containers.at(0).name == "x");
    CHECK(match_name(all, "p/beef").containers.at(0).name == "x");
    CHECK(match_name(all, "").containers.empty());
}

TEST_CASE("links and one-off containers are neither names nor replicas") {
    auto list = nlohmann::json::parse(recorded("engine-api/containers-by-service.json"));
    list[0]["Names"] = {"/web/db", "/shop_backend_1"};
    CHECK(read_engine_list(list.dump())->at(0).name == "shop_backend_1");
    CHECK(match_name(*read_engine_list(list.dump()), "db").containers.empty());
    list[0]["Labels"]["com.docker.compose.oneoff"] = "True";
    CHECK(match_name(*read_engine_list(list.dump()), "backend").containers.empty());
}

TEST_CASE("an engine behind ssh is asked by the CLI") {
    Tools tools = Scene().tools;
    tools.docker = {DockerEndpoint::Kind::ssh, "ssh://far", {}, {}, {}, "DOCKER_HOST", false};
    ScriptedFetch script;
    script.on(list_cli, exited(0, recorded("docker/ps-all.jsonl")))
        .on("$ docker container inspect " + backend_id, exited(0, recorded("docker/inspect-limit.json")));
    const Found found = find("backend", script, tools);
    REQUIRE(found.matches.size() == 1);
    CHECK(found.matches[0].id == backend_id);
    CHECK(found.matches[0].pid == 0);  // a process of another machine
    CHECK(found.matches[0].limit == Limit(Bytes{67'108'864}));
    CHECK(found.problems.empty());
    CHECK_FALSE(found.host_containers.empty());

    tools.docker_command.clear();
    ScriptedFetch none;
    CHECK(find("backend", none, tools).problems.at(0).message ==
          "the Docker engine at ssh://far (DOCKER_HOST) cannot be asked: the engine at ssh://far (DOCKER_HOST) is "
          "reached by the "
          "docker CLI only, which is not installed");
}

TEST_CASE("where the socket does not answer the CLI may know another way") {
    ScriptedFetch script;
    script.on(list_url, no_such_socket())
        .on(list_cli, exited(0, recorded("docker/ps-all.jsonl")))
        .on("$ docker container inspect " + backend_id, exited(0, recorded("docker/inspect-limit.json")));
    CHECK(find("backend", script).matches.size() == 1);
    ScriptedFetch down;
    down.on(list_url, no_such_socket()).on(list_cli, recorded_failure("docker/engine-down.txt"));
    const Found found = find("backend", down);
    CHECK(found.matches.empty());
    REQUIRE(found.problems.size() == 1);
    CHECK(found.problems[0].message ==
          "the Docker engine at unix:///var/run/docker.sock (default) cannot be asked: nothing listens at "
          "/var/run/docker.sock");
    CHECK(found.problems[0].hint == "is it running? Another engine is chosen by DOCKER_HOST or `docker context use`");
}

TEST_CASE("a Compose service is found by the CLI's list too") {
    nlohmann::json line = {{"ID", shop_backend_id},
                           {"Names", "shop_backend_1"},
                           {"State", "running"},
                           {"Labels",
                            "com.docker.compose.project=shop,com.docker.compose.project.config_files=a.yml,b.yml,"
                            "com.docker.compose.oneoff=False,com.docker.compose.service=backend"}};
    const auto all = read_cli_list(line.dump() + "\n");
    REQUIRE(all);
    CHECK(all->at(0).project == "shop");
    CHECK(all->at(0).service == "backend");
    CHECK(all->at(0).running);
}

TEST_CASE("no permission, a hanging engine and something else at the socket are problems, each in its words") {
    const auto problem = [](Outcome outcome) {
        ScriptedFetch script;
        script.on(list_url, std::move(outcome)).on(list_cli, recorded_failure("docker/engine-down.txt"));
        const Found found = find("backend", script);
        CHECK(found.matches.empty());
        REQUIRE(found.problems.size() == 1);
        CHECK(found.problems[0].fault == Fault::failed);
        return found.problems[0];
    };
    const std::string engine = "the Docker engine at unix:///var/run/docker.sock (default) cannot be asked: ";
    const Error denied = problem(ended(NotStarted{"permission denied", false, true}));
    CHECK(denied.message == "no permission to use the Docker engine at unix:///var/run/docker.sock (default)");
    CHECK(denied.hint == "join the group `docker`, or use sudo");
    CHECK(problem(ended(TimedOut{Milliseconds{5'000}})).message == engine + "timed out after 5.0 s");
    CHECK(problem(answered(500, "boom")).message == engine + "it answers HTTP 500: boom");
    CHECK(problem(answered(200, "<html>")).message == engine + "what answers there is no Docker engine");
    CHECK(problem(answered(200, "{}")).message == engine + "what answers there is no Docker engine");
    CHECK(problem(answered(200, R"([{"Id":"../../etc"}])")).message ==
          engine + "what answers there is no Docker engine");
}

TEST_CASE("a container that vanishes while it is looked at is a problem") {
    ScriptedFetch script;
    script.on(list_url, answered(200, recorded("engine-api/containers-all.json")))
        .on(inspect_url(backend_id), answered(404, recorded("engine-api/not-found.json")));
    const Found found = find("backend", script);
    CHECK(found.matches.empty());
    REQUIRE(found.problems.size() == 1);
    CHECK(found.problems[0].message.find(
              R"(backend cannot be inspected: it answers HTTP 404: {"message":"No such container: nosuch"})") !=
          std::string::npos);
    script.on(inspect_url(backend_id), answered(200, recorded("engine-api/container-no-limit.json")));
    CHECK(find("backend", script).matches.empty());  // an answer about another container
}

TEST_CASE("labels that Compose would not write make no Compose service") {
    auto one = nlohmann::json::parse(recorded("engine-api/container-compose.json"));
    for (const std::string odd : {"--all", "", "a b", "$(x)", "-t0"}) {
        one["Config"]["Labels"]["com.docker.compose.service"] = odd;
        CAPTURE(odd);
        CHECK_FALSE(target_from_inspect(one, true, "x")->compose);
    }
    one["Config"]["Labels"]["com.docker.compose.service"] = "a.b_c-1";
    CHECK(target_from_inspect(one, true, "x")->compose);
}

TEST_CASE("broken lists and inspections are never a target") {
    const std::string list =
        R"([{"Id":")" + backend_id + R"(","Names":["/backend"],"State":"running","Labels":{"a":"b"}}])";
    REQUIRE(read_engine_list(list));
    each_beginning(list, [](const std::string& text) { CHECK_FALSE(read_engine_list(text)); });
    each_corruption(list, [](const std::string& text) { (void)read_engine_list(text); });
    for (const auto& text : with_wrong_types(list)) {
        (void)read_engine_list(text);
    }
    const auto inspected = read_json(recorded("engine-api/container-limit.json"));
    REQUIRE(inspected);
    const nlohmann::json small = {{"Id", (*inspected)["Id"]},
                                  {"Name", (*inspected)["Name"]},
                                  {"State", (*inspected)["State"]},
                                  {"HostConfig", {{"Memory", 5}}},
                                  {"Config", {{"Image", "i"}, {"Labels", {{"com.docker.compose.project", "p"}}}}}};
    REQUIRE(target_from_inspect(small, true, "x"));
    for (const auto& text : with_wrong_types(small.dump())) {
        if (const auto json = read_json(text)) {
            const auto target = target_from_inspect(*json, true, "x");
            CHECK((!target || target->id == backend_id));
        }
    }
    const std::string cli = R"({"ID":")" + backend_id + R"(","Names":"backend","State":"running","Labels":"a=b"})";
    REQUIRE(read_cli_list(cli));
    for (const auto& text : with_wrong_types(cli)) {
        (void)read_cli_list(text);
    }
    CHECK_FALSE(read_cli_list("{}\n"));
    CHECK_FALSE(read_engine_list(nested(100'000)));
}
