#include "actions/kube_workloads.h"
#include "hostile.h"
#include "scene.h"
#include "scripted_fetch.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

const std::string config = "$ kubectl config view -o json";

std::string list(const std::string& name_space = "shop", const std::string& context = "lab") {
    return "$ kubectl --context=" + context + " --namespace=" + name_space +
           " --request-timeout=5s get deployments,statefulsets,pods -o json";
}

Tools kube_tools() {
    Tools tools;
    tools.kubectl_command = {"kubectl"};
    tools.has_kubeconfig = true;
    return tools;
}

Found find(const std::string& name, ScriptedFetch& script, const std::map<std::string, std::string>& vars = {},
           const Tools& tools = kube_tools()) {
    return finder(Platform::kubernetes)
        .find(FindContext{name, tools, vars, at("2026-11-22T02:22:30Z")}, script.fetch());
}

ScriptedFetch cluster() {
    ScriptedFetch script;
    script.on(config, exited(0, recorded("kubectl/config.json")))
        .on(list(), exited(0, recorded("kubectl/workloads.json")));
    return script;
}

}  // namespace

TEST_CASE("a deployment is found by its name and pinned") {
    auto script = cluster();
    const Found found = find("backend", script);
    CHECK(found.problems.empty());
    REQUIRE(found.matches.size() == 1);
    const Target& target = found.matches[0];
    CHECK(target.name == "backend");
    CHECK(target.platform == Platform::kubernetes);
    CHECK(target.id ==
          nlohmann::json::parse(recorded("kubectl/deployment.json"))["metadata"]["uid"].get<std::string>());
    CHECK(target.limit == Limit(Bytes{268'435'456}));
    CHECK(target.image == "shop/backend:1");
    CHECK(target.running);
    CHECK(target.found_by == "name of deployment/backend in shop");
    REQUIRE(target.kube);
    CHECK(target.kube->context == "lab");
    CHECK(target.kube->name_space == "shop");
    CHECK(target.kube->kind == "deployment");
    CHECK(target.kube->selector == "app=backend");
    CHECK(target.kube->container == "app");
    CHECK_FALSE(target.kube->resource_version.empty());
    CHECK(script.asked == std::vector<std::string>{config, list()});
}

TEST_CASE("stateful sets, pods and labels are found") {
    auto script = cluster();
    CHECK(find("db", script).matches.at(0).kube->kind == "statefulset");
    const Found lone = find("lone", script);
    REQUIRE(lone.matches.size() == 1);
    CHECK(lone.matches[0].kube->kind == "pod");
    CHECK(lone.matches[0].started_at);
    const Found solo = find("solo", script);
    REQUIRE(solo.matches.size() == 1);
    CHECK(solo.matches[0].name == "lone");
    CHECK(solo.matches[0].found_by == "label of pod/lone in shop");
    CHECK(std::holds_alternative<NoLimit>(find("worker", script).matches.at(0).limit));
    const std::string uid = find("db", script).matches.at(0).id;
    CHECK(find(uid.substr(0, 8), script).matches.at(0).name == "db");
}

TEST_CASE("two workloads of one name are an ambiguity, which the kind resolves") {
    auto script = cluster();
    const Found twins = find("twin", script);
    REQUIRE(twins.matches.size() == 2);
    CHECK(twins.matches[0].found_by == "name of deployment/twin in shop");
    CHECK(twins.matches[1].found_by == "name of statefulset/twin in shop");
    CHECK(find("sts/twin", script).matches.at(0).kube->kind == "statefulset");
    CHECK(find("deployment/twin", script).matches.size() == 1);
    CHECK(find("shop/deploy/twin", script).matches.size() == 1);
    CHECK(find("pod/twin", script).matches.empty());
}

TEST_CASE("context and namespace can be chosen") {
    ScriptedFetch script;
    auto two = nlohmann::json::parse(recorded("kubectl/config.json"));
    two["contexts"].push_back({{"name", "prod"}, {"context", {{"cluster", "lab"}}}});
    script.on(config, exited(0, two.dump()))
        .on(list("other"), exited(0, R"({"kind":"List","items":[]})"))
        .on(list("default", "prod"), exited(0, R"({"kind":"List","items":[]})"));
    CHECK(find("other/backend", script).problems.empty());
    CHECK(find("backend", script, {{"kube_namespace", "other"}}).problems.empty());
    CHECK(find("backend", script, {{"kube_context", "prod"}}).problems.empty());
    CHECK(script.asked.back() == list("default", "prod"));
    CHECK(find("backend", script, {{"kube_context", "nix"}}).problems.at(0).message ==
          "the cluster of context nix cannot be asked: the kubeconfig has no context `nix`");
}

TEST_CASE("without a kubeconfig nobody is asked, and it is no news") {
    ScriptedFetch script;
    Tools tools = kube_tools();
    tools.has_kubeconfig = false;
    const Found found = find("backend", script, {}, tools);
    CHECK(found.absent);
    CHECK(found.problems.at(0).message == "Kubernetes is not asked: there is no kubeconfig");
    tools.kubectl_command.clear();
    CHECK(find("backend", script, {}, tools).problems.at(0).message ==
          "Kubernetes is not asked: kubectl is not installed");
    CHECK(script.asked.empty());
}

TEST_CASE("a cluster that fails is told in a line") {
    struct Row {
        std::string file, why;
    };
    for (const auto& row : std::vector<Row>{
             {"401", "the cluster does not accept the login (401): sign in again"},
             {"403",
              "not permitted (403): User \"lab\" cannot list resource \"pods\" in API group \"\" in the namespace "
              "\"shop\""},
             {"503", "the API server is not able to answer now (503)"},
             {"refused", "the API server cannot be reached: nothing listens at its address"},
             {"hanging", "the API server does not answer in time"}}) {
        CAPTURE(row.file);
        ScriptedFetch script;
        script.on(config, exited(0, recorded("kubectl/config.json")))
            .on(list(), recorded_failure("kubectl/failed-" + row.file + ".txt"));
        const Found found = find("backend", script);
        CHECK(found.matches.empty());
        CHECK_FALSE(found.absent);
        REQUIRE(found.problems.size() == 1);
        CHECK(found.problems[0].message == "the cluster of context lab cannot be asked: " + row.why);
    }
    ScriptedFetch script;
    script.on(config, exited(0, recorded("kubectl/config.json"))).on(list(), ended(TimedOut{Milliseconds(5000)}));
    CHECK(find("backend", script).problems.at(0).message ==
          "the cluster of context lab cannot be asked: the API server does not answer in time (timed out after 5.0 s)");
}

TEST_CASE("what may be listed is used where another kind may not") {
    ScriptedFetch script;
    script.on(config, exited(0, recorded("kubectl/config.json")))
        .on(list(), exited(1, recorded("kubectl/workloads-partly.json"), recorded("kubectl/workloads-partly.err")));
    const Found found = find("backend", script);
    CHECK(found.matches.size() == 1);
    REQUIRE(found.problems.size() == 1);
    CHECK(found.problems[0].message.find("cannot list resource \"statefulsets\"") != std::string::npos);
    CHECK(find("db", script).matches.at(0).kube->kind == "pod");  // by its label
}

TEST_CASE("a broken or hostile list of workloads gives no target made up") {
    const std::string text = nlohmann::json::parse(recorded("kubectl/workloads-partly.json")).dump();
    CHECK_FALSE(read_workloads(text.substr(0, text.size() / 2), "lab"));
    CHECK_FALSE(read_workloads("[]", "lab"));
    CHECK_FALSE(read_workloads(nested(100'000), "lab"));
    const auto one = nlohmann::json::parse(recorded("kubectl/deployment.json"));
    const nlohmann::json small = {{"kind", "List"},
                                  {"items",
                                   {{{"kind", "Deployment"},
                                     {"metadata", {{"name", "backend"}, {"namespace", "shop"}, {"uid", "u"}}},
                                     {"spec", one["spec"]}}}}};
    REQUIRE(read_workloads(small.dump(), "lab")->all.size() == 1);
    for (const auto& wrong : with_wrong_types(small.dump())) {
        if (const auto read = read_workloads(wrong, "lab")) {
            for (const auto& target : read->all) {
                CHECK((!target.id.empty() && target.kube.has_value()));
            }
        }
    }
}

TEST_CASE("selectors are understood as kubectl writes them") {
    const std::map<std::string, std::string> labels{{"app", "web"}, {"tier", "front"}};
    for (const std::string fits : {"app=web", "app=web,tier=front", "app in (api,web)", "tier notin (back)", "app",
                                   "!old", "zone notin (a)", "app in (web),tier"}) {
        CAPTURE(fits);
        CHECK(selected(labels, fits));
    }
    for (const std::string other :
         {"app=api", "app=web,tier=back", "app in (api)", "app notin (web,api)", "!app", "old", "zone in (a)"}) {
        CAPTURE(other);
        CHECK_FALSE(selected(labels, other));
    }
}
