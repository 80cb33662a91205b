#include "scene.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

using Words = std::vector<std::string>;

Words argv_of(const Result<Request>& planned) {
    REQUIRE(planned);
    return std::get<Command>(*planned).argv;
}

std::string url_of(const Result<Request>& planned) {
    REQUIRE(planned);
    return std::get<HttpRequest>(*planned).url;
}

Scene compose_scene() {
    Scene scene;
    scene.is("shop_backend_1", shop_backend_id);
    scene.target.compose = ComposeRef{"shop", "backend", "/srv/shop", {"compose.yml", "/etc/shop/prod.yml"}};
    return scene;
}

}  // namespace

TEST_CASE("docker runs the docker CLI as it was found") {
    Scene scene;
    const auto planned = action("docker").plan(args({"inspect", "backend"}), scene.context());
    CHECK(argv_of(planned) == Words{"docker", "inspect", "backend"});
    CHECK(std::get<Command>(*planned).env.empty());

    scene.tools.docker_command.clear();
    const auto missing = action("docker").plan(args({"inspect", "backend"}), scene.context());
    REQUIRE_FALSE(missing);
    CHECK(missing.error().fault == Fault::missing_tool);
    CHECK(missing.error().message == "docker is not installed");
}

TEST_CASE("what a variable brings in is checked again") {
    const Scene scene;
    const auto planned = action("docker").plan(args({"logs", "--follow", "backend"}), scene.context());
    REQUIRE_FALSE(planned);
    CHECK(planned.error().message == "`docker logs`: `--follow` never ends: use `--since` or `--tail`");
    CHECK_FALSE(action("compose").plan(args({"-p", "other", "ps"}), compose_scene().context()));
}

TEST_CASE("live sources do not speak for a past moment") {
    Scene scene = compose_scene();
    scene.past = true;
    for (const auto& [name, params] :
         {std::pair{"docker", args({"ps"})}, std::pair{"compose", args({"ps"})}, std::pair{"memory", Params{}},
          std::pair{"http", texts({{"get", "http://x"}})}, std::pair{"shell", texts({{"script", "free"}})}}) {
        CAPTURE(name);
        const auto planned = action(name).plan(params, scene.context());
        REQUIRE_FALSE(planned);
        CHECK(planned.error().fault == Fault::no_data);
        CHECK(planned.error().message.starts_with("not possible for a past moment: "));
    }
    CHECK(action("promql").plan(texts({{"query", "up"}}), scene.context()));
    CHECK(action("shell").plan(texts({{"script", "dmesg"}, {"parse", "kernel-log"}}), scene.context()));
}

TEST_CASE("docker and compose do not apply to a target that only Prometheus knows") {
    Scene scene = compose_scene();
    scene.target.platform = Platform::prometheus;
    for (const auto* name : {"docker", "compose"}) {
        const auto planned = action(name).plan(args({"ps"}), scene.context());
        REQUIRE_FALSE(planned);
        CHECK(planned.error().fault == Fault::no_data);
        CHECK(planned.error().message == "shop_backend_1 is not a container of a Docker engine that memrb has found");
    }
    const auto memory = action("memory").plan(Params{}, scene.context());
    REQUIRE_FALSE(memory);
    CHECK(memory.error().message == "known from Prometheus only: its samples come from the promql steps");
    scene.target.platform = Platform::cloud_run;
    CHECK(action("memory").plan(Params{}, scene.context()).error().message == "shop_backend_1 is not on Cloud Run");
}

TEST_CASE("compose names the target's project, folder and files") {
    Scene scene = compose_scene();
    CHECK(argv_of(action("compose").plan(args({"restart", "backend"}), scene.context())) ==
          Words{"docker", "compose", "-p", "shop", "--project-directory", "/srv/shop", "-f", "/srv/shop/compose.yml",
                "-f", "/etc/shop/prod.yml", "restart", "backend"});
    scene.tools.compose_command = {"docker-compose"};
    scene.target.compose->files = {"-"};
    scene.target.compose->working_dir.clear();
    CHECK(argv_of(action("compose").plan(args({"ps"}), scene.context())) ==
          Words{"docker-compose", "-p", "shop", "ps"});
    scene.target.labels["com.docker.compose.project.environment_file"] = "/srv/a.env,/srv/b.env";
    CHECK(argv_of(action("compose").plan(args({"ps"}), scene.context())) ==
          Words{"docker-compose", "-p", "shop", "--env-file", "/srv/a.env", "--env-file", "/srv/b.env", "ps"});
}

TEST_CASE("compose exec never takes a terminal") {
    Scene scene = compose_scene();
    scene.target.compose->files.clear();
    scene.target.compose->working_dir.clear();
    scene.tools.compose_command = {"c"};
    const auto plan = [&](const Params& params) { return argv_of(action("compose").plan(params, scene.context())); };
    CHECK(plan(args({"exec", "backend", "ls"})) == Words{"c", "-p", "shop", "exec", "-T", "backend", "ls"});
    CHECK(plan(args({"exec", "-T", "backend", "ls"})) == Words{"c", "-p", "shop", "exec", "-T", "backend", "ls"});
    CHECK(plan(args({"exec", "--no-TTY", "backend", "ls"})) ==
          Words{"c", "-p", "shop", "exec", "--no-TTY", "backend", "ls"});
    CHECK(plan(args({"--ansi", "never", "exec", "backend", "tool", "-T"})) ==
          Words{"c", "-p", "shop", "--ansi", "never", "exec", "-T", "backend", "tool", "-T"});
    CHECK(plan(args({"run", "backend", "ls"})) == Words{"c", "-p", "shop", "run", "-T", "backend", "ls"});
}

TEST_CASE("compose needs a service and the tool") {
    Scene scene;
    const auto none = action("compose").plan(args({"ps"}), scene.context());
    REQUIRE_FALSE(none);
    CHECK(none.error().fault == Fault::no_data);
    CHECK(none.error().message == "backend is not a Compose service");
    scene = compose_scene();
    scene.tools.compose_command.clear();
    const auto missing = action("compose").plan(args({"ps"}), scene.context());
    REQUIRE_FALSE(missing);
    CHECK(missing.error().fault == Fault::missing_tool);
    CHECK(missing.error().message == "Docker Compose is not installed");
}

TEST_CASE("promql asks for stored samples, a grid or the newest value") {
    Scene scene;
    scene.now = at("2026-11-21T22:00:00.500Z");
    const auto url = [&](std::initializer_list<std::pair<std::string, std::string>> params) {
        return url_of(action("promql").plan(texts(params), scene.context()));
    };
    CHECK(url({{"query", "m{name=\"a b\"}"}, {"range", "6h"}}) ==
          "http://localhost:9090/api/v1/query?query=m%7Bname%3D%22a%20b%22%7D%5B6h%5D&time=1795298400.500");
    CHECK(url({{"query", " up \n"}}) == "http://localhost:9090/api/v1/query?query=up&time=1795298400.500");
    CHECK(url({{"query", "rate(m[5m])"}, {"range", "6h"}}) ==
          "http://localhost:9090/api/v1/"
          "query_range?query=rate%28m%5B5m%5D%29&start=1795276800.500&end=1795298400.500&step=15");
    CHECK(url({{"query", "rate(m[5m])"}, {"range", "30d"}}).ends_with("&step=1800"));
    CHECK(url({{"query", "up"}, {"url", "https://prom.example/base///"}}) ==
          "https://prom.example/base/api/v1/query?query=up&time=1795298400.500");
}

TEST_CASE("a grid never has more points than Prometheus allows") {
    Scene scene;
    for (const std::string range : {"1s", "5m", "6h", "1d", "7d", "30d", "365d", "3650d"}) {
        const std::string url =
            url_of(action("promql").plan(texts({{"query", "sum(m)"}, {"range", range}}), scene.context()));
        const double step = std::stod(url.substr(url.find("&step=") + 6));
        const double seconds = static_cast<double>(parse_duration(range)->count()) / 1000.0;
        CAPTURE(range, step);
        CHECK(step >= 15);
        CHECK(seconds / step + 1 <= 11'000);
    }
}

TEST_CASE("promql needs an address and a span") {
    Scene scene;
    const auto error = [&](std::initializer_list<std::pair<std::string, std::string>> params) {
        const auto planned = action("promql").plan(texts(params), scene.context());
        return planned ? Error{} : planned.error();
    };
    CHECK(error({{"query", "up"}, {"range", "0s"}}).message == "`range: 0s` is no span of time");
    CHECK(error({{"query", "up"}, {"range", "6"}}).fault == Fault::usage);
    CHECK(error({{"query", "up"}, {"url", "ftp://x"}}).message == "`ftp://x` is no http:// or https:// address");
    CHECK(error({{"query", "up"}, {"url", "http://x/?a=b"}}).message ==
          "`http://x/?a=b` has a query: give the address without it");
    scene.vars["prometheus"] = "";
    CHECK(error({{"query", "up"}}).fault == Fault::no_data);
    CHECK(error({{"query", "up"}}).message == "no address of Prometheus is set");
    scene.vars.clear();
    CHECK(error({{"query", "up"}}).hint == "give it: --set prometheus=URL");
    CHECK(action("promql").check(texts({{"query", "  "}})).error().message == "`promql` has no query");
}

TEST_CASE("http asks one address") {
    const Scene scene;
    const auto& http = action("http");
    const auto message = [&](const Params& params) {
        const auto checked = http.check(params);
        return checked ? "" : checked.error().message;
    };
    CHECK(message(texts({{"get", "http://x"}})).empty());
    CHECK(message(Params{}) == "`http` needs exactly one of `get` and `post`");
    CHECK(message(texts({{"get", "http://x"}, {"post", "http://x"}})) ==
          "`http` needs exactly one of `get` and `post`");
    CHECK(message(texts({{"get", "http://x"}, {"body", "b"}})) == "a `get` has no body");
    CHECK(http.risk(texts({{"get", "http://x"}})) == Risk::read);
    CHECK(http.risk(texts({{"post", "http://x"}})) == Risk::disruptive);
    CHECK(http.may_lower_risk);

    Params params = texts({{"post", "http://localhost:8000/debug/gc"}, {"body", "{}"}});
    params.set("headers", Param{{}, {}, {{"Accept", "text/plain"}}});
    const auto planned = http.plan(params, scene.context());
    REQUIRE(planned);
    const auto& request = std::get<HttpRequest>(*planned);
    CHECK(request.method == "POST");
    CHECK(request.url == "http://localhost:8000/debug/gc");
    CHECK(request.body == "{}");
    CHECK(request.headers == Pairs{{"Accept", "text/plain"}});
    CHECK(http.plan(texts({{"get", ""}}), scene.context()).error().fault == Fault::no_data);
    CHECK(http.plan(texts({{"get", "http://a b/"}}), scene.context()).error().fault == Fault::usage);
}

TEST_CASE("shell variables arrive as environment, never in the script") {
    Scene scene;
    scene.vars = {{"target", "x; rm -rf /"}, {"1bad", "v"}, {"with-dash", "v"}, {"_ok", "v"}};
    const auto planned = action("shell").plan(texts({{"script", "echo \"$target\""}}), scene.context());
    REQUIRE(planned);
    const auto& command = std::get<Command>(*planned);
    CHECK(command.argv == Words{"/bin/sh", "-c", "echo \"$target\""});
    CHECK(command.env == Pairs{{"_ok", "v"}, {"target", "x; rm -rf /"}});

    Params list;
    list.set("argv", Param{{}, {"dmesg", "--time-format", "iso"}, {}});
    CHECK(argv_of(action("shell").plan(list, scene.context())) == Words{"dmesg", "--time-format", "iso"});
    CHECK(action("shell").risk(list) == Risk::disruptive);
    CHECK(action("shell").may_lower_risk);
    CHECK(action("shell").check(list));
    CHECK(action("shell").check(Params{}).error().message == "`shell` needs exactly one of `script` and `argv`");
}

TEST_CASE("a manual step is a task for a person") {
    const Scene scene;
    const auto planned = action("manual").plan(texts({{"text", "look at the dashboard"}}), scene.context());
    REQUIRE(planned);
    CHECK(std::get<HumanTask>(*planned).instructions == "look at the dashboard");
    CHECK(action("manual").risk(Params{}) == Risk::read);
    CHECK(action("manual").check(texts({{"text", " \n"}})).error().message ==
          "`manual` does not say what is to be done");
}

TEST_CASE("memory asks the best source first") {
    Scene scene;
    const auto planned = action("memory").plan(Params{}, scene.context());
    REQUIRE(planned);
    const auto& sources = std::get<SampleMemory>(*planned).sources;
    REQUIRE(sources.size() == 3);
    CHECK(std::get<ReadCgroup>(sources[0]).containers == std::vector<ReadCgroup::Container>{{backend_id, 21605}});
    const auto& http = std::get<HttpRequest>(sources[1]);
    CHECK(http.url == "http://docker/containers/" + backend_id + "/stats?stream=false&one-shot=true");
    CHECK(http.unix_socket == "/var/run/docker.sock");
    CHECK(std::get<Command>(sources[2]).argv ==
          Words{"docker", "stats", "--no-stream", "--format", "{{json .}}", backend_id});
}

TEST_CASE("memory of an engine elsewhere is not read from this machine's files") {
    Scene scene;
    scene.tools.docker = {
        DockerEndpoint::Kind::tcp, "https://far:2376/", "ca.pem", "cert.pem", "key.pem", "DOCKER_HOST", false};
    const auto planned = action("memory").plan(Params{}, scene.context());
    REQUIRE(planned);
    const auto& sources = std::get<SampleMemory>(*planned).sources;
    REQUIRE(sources.size() == 2);
    const auto& http = std::get<HttpRequest>(sources[0]);
    CHECK(http.url == "https://far:2376/containers/" + backend_id + "/stats?stream=false&one-shot=true");
    CHECK(http.unix_socket.empty());
    CHECK(http.ca_file == "ca.pem");
    CHECK(http.cert_file == "cert.pem");
    CHECK(http.key_file == "key.pem");

    scene.tools.docker.kind = DockerEndpoint::Kind::ssh;
    scene.tools.docker.address = "ssh://far";
    CHECK(std::get<SampleMemory>(*action("memory").plan(Params{}, scene.context())).sources.size() == 1);
    scene.tools.docker_command.clear();
    const auto none = action("memory").plan(Params{}, scene.context());
    REQUIRE_FALSE(none);
    CHECK(none.error().fault == Fault::no_data);
    CHECK(none.error().message == "the engine at ssh://far (DOCKER_HOST) gives no way to measure memory");
}

TEST_CASE("memory takes the one source that is asked for") {
    const Scene scene;
    for (const auto& [source, index] : {std::pair{"cgroup", 0}, std::pair{"engine", 1}, std::pair{"cli", 2}}) {
        const auto planned = action("memory").plan(texts({{"source", source}}), scene.context());
        REQUIRE(planned);
        const auto& sources = std::get<SampleMemory>(*planned).sources;
        REQUIRE(sources.size() == 1);
        CHECK(sources[0].index() == static_cast<std::size_t>(index));
    }
}

TEST_CASE("memory of a stopped container is no zero") {
    Scene scene;
    scene.target.running = false;
    const auto planned = action("memory").plan(Params{}, scene.context());
    REQUIRE_FALSE(planned);
    CHECK(planned.error().fault == Fault::no_data);
    CHECK(planned.error().message == "backend is not running: it uses no memory");
}

TEST_CASE("memory of the host is that of all its containers") {
    Scene scene;
    scene.target.running = false;
    const auto planned = action("memory").plan(texts({{"scope", "host"}}), scene.context());
    REQUIRE(planned);
    const auto& sources = std::get<SampleMemory>(*planned).sources;
    REQUIRE(sources.size() == 2);
    CHECK(std::get<ReadCgroup>(sources[0]).containers ==
          std::vector<ReadCgroup::Container>{{backend_id, 0}, {sidecar_id, 0}});
    CHECK(std::get<Command>(sources[1]).argv == Words{"docker", "stats", "--no-stream", "--format", "{{json .}}"});
    scene.host.clear();
    CHECK(action("memory").plan(texts({{"scope", "host"}}), scene.context()).error().message ==
          "no container is known to run on this host");
}
