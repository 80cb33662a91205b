// The emulated Kubernetes API: does the real kubectl find in it what it needs?
#include "support/kube_lab.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace memrb::test;

namespace {

std::string printed(const KubeLab& lab, const std::vector<std::string>& args) {
    const Ran ran = lab.kubectl(args);
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    return ran.out;
}

std::string refused(const KubeLab& lab, const std::vector<std::string>& args) {
    const Ran ran = lab.kubectl(args);
    INFO(ran.describe());
    CHECK(ran.ending == exited(1));
    return ran.err;
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string limit_of(const KubeLab& lab, const std::string& deployment) {
    return lab.get("deployments",
                   deployment)["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]["memory"];
}

}  // namespace

TEST_CASE("kubectl reads the emulated cluster, and nothing counts as a change") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    const std::string pod = lab->pods("app=backend").at(0);
    CHECK(holds(printed(*lab, {"get", "pods", "-l", "app=backend", "-o", "wide"}), "1 (2m ago)"));
    CHECK(holds(printed(*lab, {"describe", "pod", pod}), "Reason:       OOMKilled"));
    CHECK(printed(*lab, {"get", "pods", "-l", "app=backend", "-o",
                         "jsonpath={.items[*].status.containerStatuses[*].restartCount}"}) == "1 0");
    CHECK(holds(
        printed(*lab, {"get", "pods", "-l", "app=backend", "-o", "jsonpath={.items[*].spec.containers[*].resources}"}),
        R"({"limits":{"cpu":"500m","memory":"256Mi"})"));
    CHECK(holds(printed(*lab, {"top", "nodes"}), "43%"));
    CHECK(holds(printed(*lab, {"top", "pods"}), "230Mi"));
    CHECK(holds(printed(*lab, {"logs", pod, "--previous"}), "MemoryError"));
    CHECK(holds(printed(*lab, {"get", "events"}), "BackOff"));
    CHECK(holds(printed(*lab, {"rollout", "status", "deployment/backend", "--timeout=10s"}), "successfully"));
    CHECK(holds(printed(*lab, {"auth", "can-i", "patch", "deployments"}), "yes"));
    CHECK(holds(printed(*lab, {"scale", "deployment", "backend", "--replicas=5", "--dry-run=server"}), "dry run"));
    CHECK(holds(printed(*lab, {"set", "resources", "deployment", "backend", "--limits=memory=1Gi", "--dry-run=server"}),
                "dry run"));
    CHECK(lab->changes().empty());
    CHECK(limit_of(*lab, "backend") == "256Mi");
}

TEST_CASE("each change that kubectl makes takes effect and is counted once") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    (void)printed(*lab, {"scale", "deployment", "backend", "--replicas=3"});
    CHECK(lab->pods("app=backend").size() == 3);
    (void)printed(*lab, {"set", "resources", "deployment", "backend", "--limits=memory=512Mi"});
    CHECK(limit_of(*lab, "backend") == "512Mi");
    const auto before = lab->pods("app=backend");
    (void)printed(*lab, {"rollout", "restart", "deployment/backend"});
    CHECK(lab->pods("app=backend") != before);
    CHECK(holds(printed(*lab, {"rollout", "history", "deployment/backend"}), "3 "));
    (void)printed(*lab, {"rollout", "undo", "deployment/backend", "--to-revision=1"});
    CHECK(limit_of(*lab, "backend") == "256Mi");
    const std::string history = printed(*lab, {"rollout", "history", "deployment/backend"});
    CHECK_FALSE(holds(history, "\n1 "));  // its replica set is revision 4 now
    CHECK(holds(history, "\n4 "));
    const std::string pod = lab->pods("app=backend").at(0);
    (void)printed(*lab, {"delete", "pod", pod});
    CHECK(lab->pods("app=backend").size() == 3);
    CHECK(lab->pods("app=backend").at(0) != pod);
    CHECK(lab->changes().size() == 5);
}

TEST_CASE("the emulated API fails as told") {
    const auto lab = KubeLab::start();
    if (!lab) {
        return;
    }
    const std::vector<std::string> get{"--request-timeout=1s", "get", "pods"};
    CHECK(holds(printed(*lab, get), "db-0"));  // discovery is cached from here on
    lab->faults(R"([{"status":401}])");
    CHECK(holds(refused(*lab, get), "Unauthorized"));
    lab->faults(R"([{"status":403,"path":"/pods"}])");
    CHECK(holds(refused(*lab, get), "pods is forbidden"));
    lab->faults(R"([{"status":503}])");
    CHECK(holds(refused(*lab, get), "ServiceUnavailable"));
    lab->faults(R"([{"hang":true}])");
    CHECK(holds(refused(*lab, get), "Unable to connect"));
    lab->faults(R"([{"status":409,"methods":["PATCH"]}])");
    CHECK(holds(refused(*lab, {"rollout", "restart", "deployment/backend"}), "has been modified"));
    lab->faults(R"([{"delay":0.2}])");
    CHECK(holds(printed(*lab, get), "db-0"));
    lab->faults("[]");
    lab->metrics_server(false);
    CHECK(holds(refused(*lab, {"top", "pods"}), "Metrics API not available"));
    CHECK(lab->changes().empty());
}
