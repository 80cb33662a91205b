#include "actions/kubectl_rules.h"

#include "base/describe.h"
#include "scene.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

Params words(std::vector<std::string> all, bool reads = false) {
    Params params;
    params.set("args", Param{{}, std::move(all), {}});
    if (reads) {
        params.set("reads", Param{"true", {}, {}});
    }
    return params;
}

std::string refusal(std::vector<std::string> all) {
    const auto checked = check_kubectl_words(words(std::move(all)));
    return checked ? "" : checked.error().message;
}

Scene kube_scene() {
    Scene scene;
    scene.target.platform = Platform::kubernetes;
    scene.target.kube = KubeRef{"prod", "shop", "deployment", "app=backend", "app", "1000"};
    scene.tools.kubectl_command = {"kubectl"};
    return scene;
}

}  // namespace

TEST_CASE("kubectl's risk is known by its verb, and closed by default") {
    struct Row {
        std::vector<std::string> words;
        Risk risk;
    };
    for (const auto& row : std::vector<Row>{
             {{"get", "pods", "-o", "json"}, Risk::read},
             {{"top", "pods"}, Risk::read},
             {{"top", "no"}, Risk::read},
             {{"logs", "x", "--previous"}, Risk::read},
             {{"rollout", "history", "deployment/x"}, Risk::read},
             {{"annotate", "pod", "x", "a=b"}, Risk::reversible},
             {{"scale", "deployment", "x", "--replicas=3"}, Risk::disruptive},
             {{"scale", "deployment", "x", "--current-replicas=2", "--replicas=3"}, Risk::reversible},
             {{"scale", "deployment", "x", "--current-replicas=3", "--replicas=2"}, Risk::disruptive},
             {{"scale", "deployment", "x", "--current-replicas=${n}", "--replicas=3"}, Risk::disruptive},
             {{"rollout", "restart", "deployment/x"}, Risk::disruptive},
             {{"rollout", "undo", "deployment/x"}, Risk::disruptive},
             {{"set", "resources", "deployment", "x", "--limits=memory=1Gi"}, Risk::disruptive},
             {{"exec", "x", "--", "ls"}, Risk::disruptive},
             {{"neat", "get"}, Risk::disruptive},  // a plugin
             {{"delete", "pod", "x"}, Risk::irreversible},
             {{"replace", "--force", "-f", "x"}, Risk::irreversible},
             {{"apply", "--prune", "-f", "x"}, Risk::irreversible},
             {{"drain", "node-1"}, Risk::irreversible},
         }) {
        CAPTURE(row.words);
        CHECK(kubectl_risk(words(row.words)) == row.risk);
    }
}

TEST_CASE("a dry run of kubectl reads, if it is certain to be one") {
    CHECK(kubectl_risk(words({"scale", "deployment", "x", "--replicas=3", "--dry-run=server"})) == Risk::read);
    CHECK(kubectl_risk(words({"delete", "pod", "x", "--dry-run=client"})) == Risk::read);
    CHECK(kubectl_risk(words({"set", "image", "deployment/x", "a=b", "--dry-run=server"})) == Risk::read);
    CHECK(kubectl_risk(words({"delete", "pod", "x", "--dry-run=none"})) == Risk::irreversible);
    CHECK(kubectl_risk(words({"delete", "pod", "x", "--dry-run=server", "--dry-run=none"})) == Risk::irreversible);
    // Here it is the value of another option, or a word of the program.
    CHECK(kubectl_risk(words({"label", "pod", "x", "a=b", "--field-manager", "--dry-run=server"})) == Risk::reversible);
    CHECK(kubectl_risk(words({"delete", "pod", "x", "--", "--dry-run=server"})) == Risk::irreversible);
    CHECK(kubectl_risk(words({"exec", "x", "--dry-run=server", "--", "rm"})) == Risk::disruptive);
    CHECK(kubectl_risk(words({"rollout", "restart", "deployment/x", "--dry-run=server"})) == Risk::disruptive);
}

TEST_CASE("a step of kubectl addresses nothing but the pinned context and namespace") {
    for (const auto& all : std::vector<std::vector<std::string>>{{"-n", "other", "get", "pods"},
                                                                 {"get", "pods", "-n", "other"},
                                                                 {"get", "pods", "-nother"},
                                                                 {"get", "pods", "-wn", "other"},
                                                                 {"logs", "x", "-pn", "other"},
                                                                 {"get", "pods", "--namespace=other"},
                                                                 {"get", "pods", "--namespace", "other"},
                                                                 {"get", "pods", "--context=other"},
                                                                 {"get", "pods", "--kubeconfig", "x"},
                                                                 {"get", "pods", "-s", "http://x"},
                                                                 {"get", "pods", "--as=root"},
                                                                 {"get", "pods", "--token=x"}}) {
        CAPTURE(all);
        CHECK(refusal(all).find("would address something else than the target") != std::string::npos);
    }
    CHECK(refusal({"delete", "pods", "-A"}).find("`--all-namespaces` would change more") != std::string::npos);
    for (const auto& all : std::vector<std::vector<std::string>>{{"get", "pods", "-A"},
                                                                 {"get", "pods", "-ojson"},
                                                                 {"get", "pods", "-lname=n"},
                                                                 {"logs", "x", "-cnginx", "--previous"},
                                                                 {"exec", "x", "--", "ps", "-n", "--context=x"}}) {
        CAPTURE(all);
        CHECK(refusal(all).empty());
    }
    CHECK(refusal({"--frobnicate", "get", "pods"}) == "unknown option `--frobnicate` before the command");
    CHECK(refusal({}) == "no command: write for example `kubectl: get pods`");
}

TEST_CASE("what never ends or wants a person is refused with a way out") {
    CHECK(refusal({"get", "pods", "-w"}).find("never ends: use `kubectl: wait`") != std::string::npos);
    CHECK(refusal({"get", "pods", "--watch"}).find("never ends") != std::string::npos);
    CHECK(refusal({"get", "pods", "--watch=false"}).empty());
    CHECK(refusal({"logs", "-f", "x"}) == "`kubectl logs`: `--follow` never ends: use `--since` or `--tail`");
    CHECK(refusal({"logs", "x", "-pf"}).find("--follow") != std::string::npos);
    CHECK(refusal({"exec", "-it", "x", "--", "sh"}).find("no terminal") != std::string::npos);
    CHECK(refusal({"exec", "x", "ls", "-t"}).find("no terminal") != std::string::npos);
    CHECK(refusal({"exec", "x", "ls"}).find("put `--` before the program") != std::string::npos);
    CHECK(refusal({"rollout", "status", "deployment/x"}).find("add `--timeout=60s`") != std::string::npos);
    CHECK(refusal({"rollout", "status", "deployment/x", "--timeout=0s"}).find("--timeout") != std::string::npos);
    CHECK(refusal({"rollout", "status", "deployment/x", "--timeout=60s"}).empty());
    CHECK(refusal({"rollout", "status", "deployment/x", "--watch=false"}).empty());
    CHECK(refusal({"wait", "pod/x", "--for=delete", "--timeout=-1s"}).find("without an end") != std::string::npos);
    CHECK(refusal({"delete", "pod", "x", "-i"}).find("cannot answer") != std::string::npos);
    const auto edit = check_kubectl_words(words({"edit", "deployment/x"}));
    REQUIRE_FALSE(edit);
    CHECK(edit.error().message == "`kubectl edit`: it needs an editor, which a step does not have");
    CHECK(edit.error().hint == "use `kubectl: set ...` or `kubectl: patch ...`");
    CHECK_FALSE(refusal({"port-forward", "x", "80"}).empty());
    CHECK_FALSE(refusal({"proxy"}).empty());
    CHECK_FALSE(refusal({"attach", "x"}).empty());
}

TEST_CASE("a vouched exec reads, and nothing else can be vouched for") {
    CHECK(kubectl_risk(words({"exec", "x", "--", "redis-cli", "info"}, true)) == Risk::read);
    CHECK_FALSE(check_kubectl_words(words({"delete", "pod", "x"}, true)));
    CHECK(kubectl_risk(words({"delete", "pod", "x"}, true)) == Risk::irreversible);
}

TEST_CASE("a memory limit that no container can start with is refused") {
    const auto limit = [](const std::string& amount) {
        return refusal({"set", "resources", "deployment/x", "--limits=cpu=1," + amount});
    };
    CHECK(limit("memory=512Mi").empty());
    CHECK(limit("memory=0").empty());  // without a limit
    CHECK(limit("memory=${memory_limit}").empty());
    CHECK(limit("memory=512m") == "`kubectl set resources`: `512m` of memory is 1 byte at most in Kubernetes");
    CHECK(limit("memory=2g").find("`2g` is no amount of memory") != std::string::npos);
    CHECK(limit("memory=512").find("`512` of memory is 512 B") != std::string::npos);
    CHECK(refusal({"set", "resources", "deployment/x", "--requests", "memory=1m"}).find("1 byte") != std::string::npos);
}

TEST_CASE("the API server is asked where kubectl can ask it, and only then") {
    const auto asked = [](std::vector<std::string> all) {
        const auto params = rehearse_kubectl(words(std::move(all)));
        return params ? params->list("args") : std::vector<std::string>{};
    };
    CHECK(asked({"scale", "deployment/x", "--replicas=3"}) ==
          std::vector<std::string>{"scale", "deployment/x", "--replicas=3", "--dry-run=server"});
    CHECK_FALSE(asked({"set", "resources", "deployment/x", "--limits=memory=1Gi"}).empty());
    CHECK_FALSE(asked({"rollout", "undo", "deployment/x"}).empty());
    CHECK(asked({"rollout", "restart", "deployment/x"}).empty());
    CHECK(asked({"exec", "x", "--", "rm", "y"}).empty());
    CHECK(asked({"label", "pod", "x", "a=b", "--field-manager"}).empty());
    CHECK(asked({"get", "pods"}).empty());  // a read is one already
}

TEST_CASE("each call of kubectl names context, namespace and a bound") {
    const Scene scene = kube_scene();
    const auto planned = [&](std::vector<std::string> all) {
        const auto request = action("kubectl").plan(words(std::move(all)), scene.context());
        return request ? base::describe(*request).front() : request.error().message;
    };
    CHECK(planned({"get", "pods", "-l", "app=backend"}) ==
          "$ kubectl --context=prod --namespace=shop --request-timeout=5s get pods -l app=backend");
    CHECK(planned({"rollout", "status", "deployment/x", "--timeout=60s"}) ==
          "$ kubectl --context=prod --namespace=shop --request-timeout=30s rollout status deployment/x --timeout=60s");
    CHECK(planned({"rollout", "restart", "deployment/x"}) ==
          "$ kubectl --context=prod --namespace=shop --request-timeout=15s rollout restart deployment/x");
    CHECK(planned({"get", "pods", "--request-timeout=1s"}) ==
          "$ kubectl --context=prod --namespace=shop get pods --request-timeout=1s");
    CHECK(planned({"get", "pods", "-n", "other"}).find("would address something else") != std::string::npos);
}

TEST_CASE("kubectl does not apply to other targets, past moments, or machines without it") {
    Scene scene;
    const auto why = [&] { return action("kubectl").plan(words({"get", "pods"}), scene.context()).error(); };
    CHECK(why().fault == Fault::no_data);
    CHECK(why().message == "backend is not in Kubernetes");
    scene = kube_scene();
    scene.past = true;
    CHECK(why().message == "not possible for a past moment: kubectl shows the present");
    scene.past = false;
    scene.tools.kubectl_command.clear();
    CHECK(why().fault == Fault::missing_tool);
}
