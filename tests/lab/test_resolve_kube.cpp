// Options of the shipped runbook on workloads of Kubernetes: the real kubectl, an emulated API that counts what
// changed.
#include "support/kube_lab.h"
#include "support/pty.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memrb::test;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds a_while(90);  // a diagnosis under sanitizers on a busy machine

// However the lines were broken.
bool holds(const std::string& text, const std::string& part) {
    std::string flat;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n' || c == '\r';
        if (!space || flat.empty() || flat.back() != ' ') {
            flat += space ? ' ' : c;
        }
    }
    return flat.find(part) != std::string::npos;
}

// A lab whose new pods are measured at once.
std::unique_ptr<KubeLab> start() {
    auto lab = KubeLab::start();
    if (lab) {
        lab->fresh_usage(R"({"app":"40Mi"})");
    }
    return lab;
}

Run resolve(const KubeLab& lab, const std::string& option, const std::vector<std::string>& flags) {
    std::vector<std::string> words{"resolve", "backend", option, "--platform", "kubernetes"};
    words.insert(words.end(), flags.begin(), flags.end());
    return run_memrb(words).env(lab.env()).timeout(std::chrono::seconds(150));
}

std::string limit_now(const KubeLab& lab) {
    return lab.get("deployments", "backend")
        .at("/spec/template/spec/containers/0/resources/limits/memory"_json_pointer);
}

int replicas_now(const KubeLab& lab) {
    return lab.get("deployments", "backend").at("/spec/replicas"_json_pointer);
}

std::vector<std::string> paths(const json& changes) {
    std::vector<std::string> all;
    for (const auto& change : changes) {
        all.push_back(change.at("method").get<std::string>() + " " + change.at("path").get<std::string>());
    }
    return all;
}

}  // namespace

TEST_CASE("each confirmed option of Kubernetes is exactly one change, with evidence before it and checks after it") {
    struct Row {
        std::string option;
        std::vector<std::string> flags;
        std::string command, request;
    };
    const auto rows = std::vector<Row>{
        {"restart", {}, "rollout restart deployment/backend", "PATCH shop/deployments/backend"},
        {"raise-limit",
         {"--set", "memory_limit=512Mi"},
         "set resources deployment/backend --containers=app --limits=memory=512Mi",
         "PATCH shop/deployments/backend"},
        {"scale-out",
         {"--set", "replicas=4"},
         "scale deployment/backend --current-replicas=2 --replicas=4",
         "PUT shop/deployments/backend/scale"},
        {"rollback", {}, "rollout undo deployment/backend", "PATCH shop/deployments/backend"},
    };
    for (const auto& row : rows) {
        const auto lab = start();
        if (!lab) {
            return;
        }
        if (row.option == "rollback") {  // to have a revision to go back to
            (void)lab->kubectl({"set", "image", "deployment/backend", "app=shop/backend:2"});
        }
        const auto before = lab->changes();
        auto flags = row.flags;
        flags.insert(flags.end(), {"--confirm=backend"});
        const Ran ran = resolve(*lab, row.option, flags).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(0));
        CHECK(holds(ran.err, "$ kubectl --context=lab --namespace=shop --request-timeout=15s " + row.command));
        CHECK(holds(ran.err, row.option + " applied"));
        const auto requests = lab->requests();
        CHECK(std::any_of(requests.begin(), requests.end(), [](const json& request) {
            const std::string path = request.at("path");
            return holds(path, "previous=true") && holds(path, "tailLines=500");
        }));
        auto made = paths(lab->changes());
        REQUIRE(made.size() == before.size() + 1);
        CHECK(made.back() == row.request);
        if (row.option == "raise-limit") {
            CHECK(limit_now(*lab) == "512Mi");
        } else if (row.option == "scale-out") {
            CHECK(lab->pods("app=backend").size() == 4);
        } else if (row.option == "rollback") {
            CHECK(lab->get("deployments", "backend").at("/spec/template/spec/containers/0/image"_json_pointer) ==
                  "shop/backend:1");
        }
    }
}

TEST_CASE("a dry run in Kubernetes changes nothing, and the API server can be asked") {
    const auto lab = start();
    if (!lab) {
        return;
    }
    const std::string before = lab->get("deployments", "backend").dump();
    const Ran shown = resolve(*lab, "raise-limit", {"--set", "memory_limit=512Mi", "--dry-run"}).run();
    INFO(shown.describe());
    CHECK(shown.ending == exited(0));
    CHECK(holds(shown.out, "set resources deployment/backend --containers=app --limits=memory=512Mi"));
    const Ran asked = resolve(*lab, "raise-limit", {"--set", "memory_limit=512Mi", "--dry-run=server"}).run();
    INFO(asked.describe());
    CHECK(asked.ending == exited(0));
    CHECK(holds(asked.out, "resource requirements updated (server dry run)"));
    CHECK(holds(asked.out, "raise-limit accepted: by the API server, in a dry run: nothing was changed"));
    const auto requests = lab->requests();
    CHECK(std::count_if(requests.begin(), requests.end(), [](const json& request) {
              return request.at("method") == "PATCH" && holds(request.at("path"), "dryRun=All");
          }) == 1);
    const Ran restart = resolve(*lab, "restart", {"--dry-run=server"}).run();
    INFO(restart.describe());
    CHECK(holds(restart.out, "not previewable: kubectl cannot be asked"));
    lab->faults(R"([{"status":403,"methods":["PATCH"]}])");
    const Ran refused = resolve(*lab, "raise-limit", {"--set", "memory_limit=512Mi", "--dry-run=server"}).run();
    INFO(refused.describe());
    CHECK(refused.ending == exited(1));
    CHECK(holds(refused.out, "not permitted (403)"));
    CHECK(lab->changes().empty());
    CHECK(lab->get("deployments", "backend").dump() == before);
}

TEST_CASE("nothing is sent to the cluster without the whole word") {
    const auto lab = start();
    if (!lab) {
        return;
    }
    const Ran nobody = resolve(*lab, "restart", {}).run();
    INFO(nobody.describe());
    CHECK(nobody.ending == exited(4));
    CHECK(holds(nobody.err, "--confirm=backend"));
    struct Row {
        std::vector<std::string> keys;
        memrb::test::Ending end;
    };
    for (const auto& row : {Row{{"\n", "y\n", "YES\n", "q\n"}, exited(5)}, Row{{"n\n\n"}, exited(5)},
                            Row{{"\x03"}, exited(130)}, Row{{"\x04"}, exited(5)}}) {
        Pty terminal(resolve(*lab, "restart", {}), 100, 40);
        terminal.expect("Type yes to run", a_while);
        for (const auto& key : row.keys) {
            terminal.send(key);
            if (&key != &row.keys.back()) {
                terminal.expect("Type yes to run", a_while);
            }
        }
        CHECK(terminal.wait(a_while) == row.end);
        INFO(terminal.transcript());
        CHECK(terminal.what_is_not_restored() == "");
    }
    CHECK(lab->changes().empty());
}

TEST_CASE("a workload that somebody else has changed meanwhile is left alone") {
    const auto lab = start();
    if (!lab) {
        return;
    }
    Pty terminal(resolve(*lab, "restart", {}), 120, 40);
    terminal.expect("Type yes to run", a_while);
    (void)lab->kubectl({"annotate", "deployment/backend", "owner=somebody"});
    terminal.send("yes\n");
    CHECK(terminal.wait(a_while) == exited(7));
    INFO(terminal.transcript());
    CHECK(holds(terminal.transcript(), "backend has been changed since it was diagnosed (resourceVersion"));
    CHECK(lab->changes().size() == 1);  // theirs

    Pty unreachable(resolve(*lab, "restart", {}), 120, 40);
    unreachable.expect("Type yes to run", a_while);
    lab->faults(R"([{"status":503}])");
    unreachable.send("yes\n");
    CHECK(unreachable.wait(a_while) == exited(7));
    INFO(unreachable.transcript());
    CHECK(holds(unreachable.transcript(), "not able to answer now (503)"));
    CHECK(lab->changes().size() == 1);
}

TEST_CASE("the undo of a raised limit sets the one that was before, as a change of its own") {
    const auto lab = start();
    if (!lab) {
        return;
    }
    Pty terminal(
        run_memrb({"diagnose", "backend", "--namespace", "shop", "--set", "memory_limit=512Mi"}).env(lab->env()), 140,
        60);
    terminal.expect("Choose", a_while);
    terminal.send("raise-limit\n");
    terminal.expect("Type yes to run", a_while);
    CHECK(lab->changes().empty());
    terminal.send("yes\n");
    terminal.expect("Watch whether it recovers", a_while);
    terminal.send("n\n");
    terminal.expect("Keep it?", a_while);
    CHECK(limit_now(*lab) == "512Mi");
    // What the rollout does to the status is no other hand's change.
    auto object = lab->get("deployments", "backend");
    object["status"]["unavailableReplicas"] = 1;
    lab->put("deployments", object);
    terminal.send("undo\n");
    terminal.expect("--limits=memory=256Mi", a_while);
    terminal.expect("Type yes to run", a_while);
    CHECK(lab->changes().size() == 1);
    terminal.send("yes\n");
    terminal.expect("raise-limit, undo applied", a_while);
    CHECK(limit_now(*lab) == "256Mi");
    CHECK(lab->changes().size() == 2);
    terminal.expect("Choose", a_while);
    terminal.send("q\n");
    CHECK(terminal.wait(a_while) == exited(5));
}

TEST_CASE("a limit that is half a byte, and a scale out that would be one in, are not sent") {
    const auto lab = start();
    if (!lab) {
        return;
    }
    const Ran tiny = resolve(*lab, "raise-limit", {"--set", "memory_limit=512m", "--confirm=backend"}).run();
    INFO(tiny.describe());
    CHECK(tiny.ending != exited(0));
    CHECK(holds(tiny.err, "`512m` of memory is 1 byte at most in Kubernetes"));
    const Ran fewer = resolve(*lab, "scale-out", {"--set", "replicas=2", "--confirm=backend"}).run();
    INFO(fewer.describe());
    CHECK(fewer.ending == exited(5));
    CHECK(replicas_now(*lab) == 2);
    CHECK(lab->changes().empty());
}

TEST_CASE("each fault of the cluster at the change itself is a clear line, and unknown stays unknown") {
    const auto lab = start();
    if (!lab) {
        return;
    }
    struct Row {
        std::string rule, line;
        int code;
        std::size_t changes;
    };
    for (const auto& row : std::vector<Row>{
             {R"("status":401)", "does not accept the login (401)", 1, 0},
             {R"("status":403)", "not permitted (403)", 1, 0},
             {R"("status":409)", "changed by somebody else meanwhile (409)", 1, 0},
             {R"("status":503)", "not able to answer now (503)", 1, 0},
             {R"("hang":true)", "it may have taken effect or not", 1, 0},
             {R"("delay":0.5)", "restart applied", 0, 1},
             {R"("reset":"after")", "it may have taken effect or not", 1, 2},
         }) {
        lab->faults(R"([{"methods":["PATCH"],)" + row.rule + "}]");
        const Ran ran = resolve(*lab, "restart", {"--confirm=backend"}).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(row.code));
        CHECK(holds(ran.err, row.line));
        CHECK(lab->changes().size() == row.changes);
    }
}

TEST_CASE("kubectl runs it as a plugin, on its own cluster") {
    const auto lab = start();
    if (!lab) {
        return;
    }
    const TempDir plugins;
    std::filesystem::create_symlink(memrb_binary(), plugins / "kubectl-memrb");
    const Ran ran = program({"kubectl", "memrb", "diagnose", "backend", "-n", "shop", "-o", "json"})
                        .env(lab->env())
                        .path_first(plugins.path())
                        .timeout(a_while)
                        .run();
    INFO(ran.describe());
    const auto document = json::parse(ran.out, nullptr, false);
    REQUIRE_FALSE(document.is_discarded());
    CHECK(document.at("target").at("platform") == "kubernetes");
    CHECK(lab->changes().empty());
    const Ran help = program({"kubectl", "memrb", "--help"}).env(lab->env()).path_first(plugins.path()).run();
    CHECK(holds(help.out, "kubectl memrb"));
}
