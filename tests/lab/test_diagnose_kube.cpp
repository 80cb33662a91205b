// `memrb diagnose` in Kubernetes: the real kubectl against the emulated API.
#include "support/kube_lab.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace memrb::test;
using nlohmann::json;

namespace {

Ran ran_diagnose(const KubeLab& lab, const std::string& name, const std::vector<std::string>& flags = {}) {
    std::vector<std::string> words{"diagnose", name, "--platform", "kubernetes", "-o", "json"};
    words.insert(words.end(), flags.begin(), flags.end());
    return run_memrb(words).env(lab.env()).timeout(std::chrono::seconds(90)).run();
}

json diagnose(const KubeLab& lab, const std::string& name, const std::vector<std::string>& flags = {}) {
    const Ran ran = ran_diagnose(lab, name, flags);
    INFO(ran.describe());
    auto document = json::parse(ran.out, nullptr, false);
    REQUIRE_FALSE(document.is_discarded());
    return document;
}

json step(const json& document, const std::string& id) {
    for (const auto& one : document.at("steps")) {
        if (one.at("id") == id) {
            return one;
        }
    }
    return nullptr;
}

std::string output_of(const json& document, const std::string& id) {
    const std::string folder = document.at("folder");
    std::ifstream file(folder + "/" + step(document, id).at("output").get<std::string>());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a deployment's limit, use, restarts and OOM kill are told, and nothing is changed") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    const TempDir home;  // outlives the run: its outputs are read below
    const Ran ran = run_memrb({"diagnose", "backend", "--platform", "kubernetes", "-o", "json"})
                        .env(lab->env())
                        .home(home.path())
                        .timeout(std::chrono::seconds(90))
                        .run();
    const auto document = json::parse(ran.out);
    INFO(document.dump(1));
    CHECK(document.at("target").at("platform") == "kubernetes");
    CHECK(document.at("target").at("id") == lab->get("deployments", "backend").at("metadata").at("uid"));
    CHECK(document.at("memory").at("limit_bytes") == 268435456);
    CHECK(document.at("memory").at("used_bytes") == (230 * 1024 + 512) * 1024);
    CHECK(document.at("memory").at("ratio").get<double>() == Approx(0.9).epsilon(0.01));
    CHECK(document.at("oom").at("verdict") == "confirmed");
    CHECK(document.at("level") == "oom");  // 2 minutes ago
    CHECK(holds(document.at("oom").dump(), "OOMKilled, exit 137"));
    for (const auto* id :
         {"identify.pods", "identify.nodes", "usage.now", "usage.pods", "usage.workload", "usage.pod_limit",
          "oom.pod_events", "oom.describe", "oom.previous_logs", "growth.rollouts"}) {
        INFO(id);
        CHECK(step(document, id).at("status") == "ok");
    }
    CHECK(holds(output_of(document, "oom.previous_logs"), "MemoryError"));
    CHECK(holds(output_of(document, "oom.describe"), "OOMKilled"));
    CHECK(lab->changes().empty());
}

TEST_CASE("an old OOM kill stays told, with its time, and does not make the level") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    const auto pods = lab->pods("app=backend");
    lab->killed(pods.at(0), 2 * 3600);
    lab->usage(pods.at(0), R"({"app":"100Mi"})");
    const auto document = diagnose(*lab, "backend");
    INFO(document.dump(1));
    CHECK(document.at("oom").at("verdict") == "confirmed");
    CHECK(document.at("level") == "ok");
    CHECK(document.at("memory").at("used_bytes") == 100 * 1024 * 1024);
}

TEST_CASE("exit 137 without OOMKilled is no OOM kill") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    lab->killed("db-0", 60, "Error", 137);
    const auto document = diagnose(*lab, "db");
    INFO(document.dump(1));
    CHECK(document.at("oom").at("verdict") == "none");
    CHECK(document.at("level") == "ok");
}

TEST_CASE("a missing metrics-server and a missing limit are said, never zero") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    const auto unlimited = diagnose(*lab, "worker");
    INFO(unlimited.dump(1));
    CHECK(unlimited.at("memory").at("used_bytes") == 64 * 1024 * 1024);
    CHECK(unlimited.at("memory").at("limit_bytes").is_null());
    CHECK(unlimited.at("memory").at("ratio").is_null());
    CHECK(unlimited.at("level") == "unknown");
    lab->metrics_server(false);
    const auto document = diagnose(*lab, "web");
    INFO(document.dump(1));
    CHECK(document.at("level") == "unknown");
    CHECK((document.at("memory").is_null() || document.at("memory").at("used_bytes").is_null()));
    CHECK(step(document, "usage.now").at("status") == "failed");
    CHECK(holds(step(document, "usage.now").dump(), "metrics-server is not installed or not ready"));
    CHECK(document.at("oom").at("verdict") == "none");
}

TEST_CASE("an ambiguous name lists its choices, and the kind resolves it") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    const Ran twins = ran_diagnose(*lab, "twin");
    INFO(twins.describe());
    CHECK(twins.ending == exited(2));
    CHECK(holds(twins.err, "deployment/twin in shop"));
    CHECK(holds(twins.err, "statefulset/twin in shop"));
    CHECK(diagnose(*lab, "statefulset/twin").at("target").at("id") ==
          lab->get("statefulsets", "twin").at("metadata").at("uid"));
    CHECK(diagnose(*lab, "lone").at("memory").at("used_bytes") == 32 * 1024 * 1024);
    const Ran wrong = ran_diagnose(*lab, "bakcend");
    CHECK(holds(wrong.err, "did you mean `backend`?"));
    CHECK(lab->changes().empty());
}

TEST_CASE("each fault of the cluster is a clear line") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    REQUIRE(diagnose(*lab, "backend").at("level") == "oom");  // discovery is cached from here on
    struct Row {
        std::string rules, line;
    };
    for (const auto& row : std::vector<Row>{{R"([{"status":401}])", "does not accept the login (401)"},
                                            {R"([{"status":403}])", "not permitted (403)"},
                                            {R"([{"status":503}])", "not able to answer now (503)"},
                                            {R"([{"hang":true}])", "does not answer in time"}}) {
        lab->faults(row.rules);
        const Ran ran = ran_diagnose(*lab, "backend");
        INFO(ran.describe());
        CHECK(ran.ending != exited(0));
        CHECK(holds(ran.err, "the cluster of context lab cannot be asked: "));
        CHECK(holds(ran.err, row.line));
        CHECK(ran.elapsed < std::chrono::seconds(30));
    }
    lab->faults(R"([{"delay":0.3}])");
    CHECK(diagnose(*lab, "backend").at("memory").at("limit_bytes") == 268435456);
    // The target is found, and then a part fails: the rest is told all the same.
    lab->faults(R"([{"status":503,"path":"metrics"}])");
    const auto partly = diagnose(*lab, "backend");
    INFO(partly.dump(1));
    CHECK(partly.at("oom").at("verdict") == "confirmed");
    CHECK(holds(step(partly, "usage.now").dump(), "not able to answer now (503)"));
    CHECK(lab->changes().empty());
}

TEST_CASE("a cluster that hangs does not keep a lookup elsewhere, and none is not missed") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    lab->faults(R"([{"hang":true}])");
    // No engine, a cluster that hangs, no Prometheus: the lookups end, and each is told.
    const Ran ran = run_memrb({"diagnose", "nobody", "--set", "prometheus=http://127.0.0.1:1"}).env(lab->env()).run();
    INFO(ran.describe());
    CHECK(holds(ran.err, "cannot be asked: the API server does not answer in time"));
    CHECK(ran.elapsed < std::chrono::seconds(20));
    const Ran none = run_memrb({"diagnose", "nobody", "--set", "prometheus=http://127.0.0.1:1"}).run();
    INFO(none.describe());
    CHECK_FALSE(holds(none.err, "ubernetes"));
    const Ran asked = run_memrb({"diagnose", "nobody", "--platform", "kubernetes"}).run();
    INFO(asked.describe());
    CHECK(holds(asked.err, "Kubernetes is not asked: there is no kubeconfig"));
}

TEST_CASE("a dry run shows the commands of Kubernetes") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    const Ran ran = run_memrb({"diagnose", "backend", "--platform", "kubernetes", "--dry-run"}).env(lab->env()).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    CHECK(
        holds(ran.out, "kubectl --context=lab --namespace=shop --request-timeout=5s get pods --selector=app=backend"));
    CHECK(lab->changes().empty());
}
