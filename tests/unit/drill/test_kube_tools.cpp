// The drill's cluster, read by the functions that read the real kubectl.
#include "tool_lab.h"

using namespace memrb;
using namespace memrb::drill;
using namespace memrb::test;

namespace {

/// Two pods that leak since a rollout, and are killed now and then; a database beside them.
Scenario cluster() {
    auto drill = leaking_release(Platform::kubernetes);
    drill.services.front().replicas = 2;
    DrillService database;
    database.name = "database";
    database.versions.push_back({"postgres:16", std::nullopt, DrillMemory{.base = 200 * mebibyte}});
    drill.services.push_back(database);
    return drill;
}

class Cluster : public ToolLab {
public:
    Cluster() : ToolLab(cluster(), "backend") {}

    [[nodiscard]] std::vector<const Container*> pods() const { return world().containers_of(0); }
    Outcome kubectl(std::vector<std::string> words) {
        words.insert(words.begin(), {"kubectl", "--context=drill", "--namespace=shop", "--request-timeout=15s"});
        return run(Command{std::move(words), {}, {}, {}});
    }
};

}  // namespace

TEST_CASE("drill: kubectl's list pins a Deployment with its limit and its container") {
    Cluster lab;
    const Target& target = lab.target();
    REQUIRE(target.kube);
    CHECK(target.kube->kind == "deployment");
    CHECK(target.kube->name_space == "shop");
    CHECK(target.kube->selector == "app=backend");
    CHECK(target.kube->container == "backend");
    CHECK(target.image == "shop/backend:2");
    CHECK(std::get<Bytes>(target.limit) == 512 * mebibyte);
    CHECK(target.running);
}

TEST_CASE("drill: pods and metrics.k8s.io tell the memory, restarts and kills of the world") {
    Cluster lab;
    const auto memory = ToolLab::reading<MemoryReading>(lab.step("memory", scope("target")));
    const auto pods = lab.pods();
    double most = 0;
    std::uint64_t restarts = 0;
    for (const Container* pod : pods) {
        most = std::max(most, pod->working_set());
        restarts += pod->restarts;
    }
    CHECK(static_cast<double>(memory.used) == Approx(most).epsilon(0.02));
    CHECK(std::get<Bytes>(memory.limit) == 512 * mebibyte);
    CHECK(restarts > 0);
    const auto listed = lab.words("kubectl", {"get", "pods", "--selector=app=backend", "-o", "json"});
    const auto state = ToolLab::reading<StateReading>(listed);
    CHECK(state.running);
    CHECK(state.restarts == restarts);
    CHECK_FALSE(ToolLab::reading<OomCheck>(listed).sightings.empty());
    CHECK(lab.words("kubectl", {"get", "events", "-o", "json"}).note.find("BackOff") != std::string::npos);
    CHECK(lab.words("kubectl", {"top", "nodes"}).note.find("1 node") != std::string::npos);
    const auto fleet = ToolLab::reading<FleetReading>(lab.words("kubectl", {"top", "pods", "--containers"}));
    CHECK(fleet.rows.size() == 3);
    const auto series = lab.promql(
        R"(container_memory_working_set_bytes{namespace="shop",container="backend",pod=~"backend(-[0-9a-z]+){0,2}"})",
        "6h");
    CHECK(ToolLab::reading<SeriesReading>(series).points.size() > 300);
}

TEST_CASE("drill: a rollback, a new limit and a scale make new pods, and what does not fit is refused") {
    Cluster lab;
    const auto before = lab.target().kube->generation;
    CHECK(lab.kubectl({"rollout", "undo", "deployment/backend"}).ok());
    for (const Container* pod : lab.pods()) {
        CHECK(pod->version.image == "shop/backend:1");
    }
    CHECK(
        lab.kubectl({"set", "resources", "deployment/backend", "--containers=backend", "--limits=memory=768Mi"}).ok());
    CHECK(lab.pods().front()->limit == 768.0 * mebibyte);
    CHECK(lab.kubectl({"get", "deployment/backend", "-o",
                       R"(jsonpath={.spec.template.spec.containers[?(@.name=="backend")].resources.limits.memory})"})
              .out.head == "768Mi");
    CHECK(lab.kubectl({"scale", "deployment/backend", "--current-replicas=2", "--replicas=3"}).ok());
    CHECK(lab.pods().size() == 3);
    const auto refused = lab.kubectl({"scale", "deployment/backend", "--current-replicas=2", "--replicas=4"});
    CHECK(refused.err.head == "error: Expected replicas to be 2, was 3\n");
    CHECK(lab.pods().size() == 3);
    const auto names = lab.pods();
    const std::string first = names.front()->name;
    CHECK(lab.kubectl({"rollout", "restart", "deployment/backend"}).ok());
    CHECK(lab.world().find(first) == nullptr);
    CHECK_FALSE(lab.kubectl({"rollout", "undo", "deployment/nobody"}).ok());
    CHECK(lab.kubectl({"drain", "node-1"}).ending == Ending(Exited{127}));
    lab.pin_again();
    CHECK(lab.target().kube->generation > before);
}
