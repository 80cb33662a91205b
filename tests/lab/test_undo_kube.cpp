// Ways back in Kubernetes, and the same options on a StatefulSet: the real kubectl, an emulated API that counts.
#include "support/kube_lab.h"
#include "support/pty.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>

using namespace memrb::test;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds a_while(90);

std::unique_ptr<KubeLab> start() {
    auto lab = KubeLab::start();
    if (lab) {
        lab->fresh_usage(R"({"app":"40Mi","postgres":"100Mi"})");
    }
    return lab;
}

std::string image_of(const KubeLab& lab) {
    return lab.get("deployments", "backend").at("/spec/template/spec/containers/0/image"_json_pointer);
}

int replicas_of(const KubeLab& lab, const std::string& resource, const std::string& name) {
    return lab.get(resource, name).at("/spec/replicas"_json_pointer);
}

/// Runs the option under `yes`, declines the watch, and takes it back under another `yes`.
void there_and_back(const KubeLab& lab, const std::string& option, const std::string& undo_command,
                    const std::function<void()>& there) {
    const std::size_t before = lab.changes().size();
    Pty terminal(run_memrb({"resolve", "backend", option, "--platform", "kubernetes"}).env(lab.env()), 140, 60);
    terminal.expect("Type yes to run", a_while);
    CHECK(terminal.transcript().find(undo_command) != std::string::npos);  // shown before anything is done
    terminal.send("yes\n");
    terminal.expect("Watch whether it recovers", a_while);
    terminal.send("n\n");
    terminal.expect("Keep it?", a_while);
    there();
    CHECK(lab.changes().size() == before + 1);
    terminal.send("undo\n");
    terminal.expect(undo_command, a_while);
    terminal.expect("Type yes to run", a_while);
    CHECK(lab.changes().size() == before + 1);
    terminal.send("yes\n");
    terminal.expect(option + ", undo applied", a_while);
    CHECK(terminal.wait(a_while) == exited(0));
    CHECK(lab.changes().size() == before + 2);
}

}  // namespace

TEST_CASE("the undo of a scale out runs as many as before, and only then") {
    const auto lab = start();
    if (!lab) {
        return;
    }
    there_and_back(*lab, "scale-out", "scale deployment/backend --current-replicas=3 --replicas=2", [&] {
        CHECK(replicas_of(*lab, "deployments", "backend") == 3);
        CHECK(lab->pods("app=backend").size() == 3);
    });
    CHECK(replicas_of(*lab, "deployments", "backend") == 2);
    CHECK(lab->pods("app=backend").size() == 2);
}

TEST_CASE("the undo of a rollback goes forward again") {
    const auto lab = start();
    if (!lab) {
        return;
    }
    (void)lab->kubectl({"set", "image", "deployment/backend", "app=shop/backend:2"});
    REQUIRE(image_of(*lab) == "shop/backend:2");
    there_and_back(*lab, "rollback", "rollout undo deployment/backend",
                   [&] { CHECK(image_of(*lab) == "shop/backend:1"); });
    CHECK(image_of(*lab) == "shop/backend:2");
}

TEST_CASE("a StatefulSet is restarted, gets its limit and is scaled like a Deployment, one change each") {
    struct Row {
        std::string option;
        std::vector<std::string> flags;
        std::string command, request;
    };
    for (const auto& row : std::vector<Row>{
             {"restart", {}, "rollout restart statefulset/db", "PATCH shop/statefulsets/db"},
             {"raise-limit",
              {"--set", "memory_limit=2Gi"},
              "set resources statefulset/db --containers=postgres --limits=memory=2Gi",
              "PATCH shop/statefulsets/db"},
             {"scale-out",
              {},
              "scale statefulset/db --current-replicas=1 --replicas=3",
              "PUT shop/statefulsets/db/scale"},
         }) {
        const auto lab = start();
        if (!lab) {
            return;
        }
        std::vector<std::string> words{"resolve", "db", row.option, "--platform", "kubernetes", "--confirm=db"};
        words.insert(words.end(), row.flags.begin(), row.flags.end());
        const Ran ran = run_memrb(words).env(lab->env()).timeout(std::chrono::seconds(150)).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(0));
        CHECK(ran.err.find(row.command) != std::string::npos);
        const auto changes = lab->changes();
        REQUIRE(changes.size() == 1);
        CHECK(changes[0].at("method").get<std::string>() + " " + changes[0].at("path").get<std::string>() ==
              row.request);
        if (row.option == "raise-limit") {
            CHECK(lab->get("statefulsets", "db")
                      .at("/spec/template/spec/containers/0/resources/limits/memory"_json_pointer) == "2Gi");
        } else if (row.option == "scale-out") {
            CHECK(replicas_of(*lab, "statefulsets", "db") == 3);
            CHECK(lab->pods("app=db").size() == 3);
        }
    }
}

TEST_CASE("a limit that is only proposed is asked of the API server too") {
    const auto lab = start();
    if (!lab) {
        return;
    }
    const Ran ran = run_memrb({"resolve", "backend", "raise-limit", "--platform", "kubernetes", "--dry-run=server"})
                        .env(lab->env())
                        .timeout(std::chrono::seconds(150))
                        .run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    CHECK(ran.out.find("raise-limit accepted") != std::string::npos);
    const auto requests = lab->requests();
    CHECK(std::count_if(requests.begin(), requests.end(), [](const json& request) {
              return request.at("method") == "PATCH" &&
                     request.at("path").get<std::string>().find("dryRun=All") != std::string::npos;
          }) == 1);
    CHECK(lab->changes().empty());
}
