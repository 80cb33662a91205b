#include "drill/kube_json.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <cmath>

namespace memrb::drill {

namespace {

constexpr double kibibyte = 1024;

// Kubernetes tells whole seconds.
std::string kube_time(Timestamp at) {
    return format_rfc3339(std::chrono::time_point_cast<Milliseconds>(std::chrono::floor<std::chrono::seconds>(at)));
}

std::string uid(const World& world, std::string_view name, std::uint64_t number) {
    const std::string digits = world.chance().id(name, number);
    return fmt::format("{}-{}-4{}-a{}-{}", digits.substr(0, 8), digits.substr(8, 4), digits.substr(12, 3),
                       digits.substr(15, 3), digits.substr(18, 12));
}

// Each container that is made is one change of the workload more.
int generation(const World& world, std::size_t service) {
    return world.service(service).made;
}

Json container_spec(const Service& service, const DrillVersion& version, double limit) {
    Json resources = Json::object();
    if (limit > 0) {
        resources = {{"limits", {{"memory", quantity(limit)}}}, {"requests", {{"memory", quantity(limit / 4)}}}};
    }
    return {{"image", version.image}, {"name", service.spec->name}, {"resources", std::move(resources)}};
}

Json state_of(const Container& container) {
    return container.running
               ? Json{{"running", {{"startedAt", kube_time(container.started)}}}}
               : Json{{"waiting",
                       {{"message", "back-off 10s restarting failed container"}, {"reason", "CrashLoopBackOff"}}}};
}

// A pod's containers end by kills only: what an operator does makes new pods.
Json last_state_of(const Container& container) {
    if (container.kills == 0 || !container.finished) {
        return Json::object();
    }
    return {{"terminated",
             {{"exitCode", killed_by_kernel},
              {"finishedAt", kube_time(*container.finished)},
              {"reason", "OOMKilled"},
              {"startedAt", kube_time(container.created)}}}};
}

}  // namespace

std::string quantity(double bytes) {
    const double whole = std::floor(bytes / one_mebibyte);
    return whole * one_mebibyte == bytes ? fmt::format("{:.0f}Mi", whole)
                                         : fmt::format("{:.0f}Ki", std::floor(bytes / kibibyte));
}

std::string service_label(const World& world, std::size_t service) {
    return "app=" + world.service(service).spec->name;
}

Json list_of(Json items) {
    return {
        {"apiVersion", "v1"}, {"items", std::move(items)}, {"kind", "List"}, {"metadata", {{"resourceVersion", ""}}}};
}

Json kube_config_json() {
    return {{"kind", "Config"},
            {"apiVersion", "v1"},
            {"clusters", Json::array({{{"name", kube_context}, {"cluster", {{"server", "https://drill.test"}}}}})},
            {"users", Json::array({{{"name", kube_context}, {"user", Json::object()}}})},
            {"contexts",
             Json::array(
                 {{{"name", kube_context},
                   {"context", {{"cluster", kube_context}, {"user", kube_context}, {"namespace", kube_namespace}}}}})},
            {"current-context", kube_context}};
}

Json deployment_json(const World& world, std::size_t number) {
    const Service& service = world.service(number);
    const std::string& name = service.spec->name;
    const auto pods = world.containers_of(number);
    const auto ready = std::count_if(pods.begin(), pods.end(), [](const Container* one) { return one->running; });
    const int changes = generation(world, number);
    return {
        {"apiVersion", "apps/v1"},
        {"kind", "Deployment"},
        {"metadata",
         {{"annotations", {{"deployment.kubernetes.io/revision", std::to_string(service.version + 1)}}},
          {"creationTimestamp", kube_time(world.began())},
          {"generation", changes},
          {"labels", {{"app", name}}},
          {"name", name},
          {"namespace", kube_namespace},
          {"resourceVersion", std::to_string(1000 + changes)},
          {"uid", uid(world, name + "/deployment", 0)}}},
        {"spec",
         {{"replicas", service.replicas},
          {"selector", {{"matchLabels", {{"app", name}}}}},
          {"strategy", {{"type", "RollingUpdate"}}},
          {"template",
           {{"metadata", {{"labels", {{"app", name}}}}},
            {"spec", {{"containers", Json::array({container_spec(service, service.declared(), service.limit)})}}}}}}},
        {"status",
         {{"availableReplicas", ready},
          {"observedGeneration", changes},
          {"readyReplicas", ready},
          {"replicas", pods.size()},
          {"updatedReplicas", pods.size()}}}};
}

Json pod_json(const World& world, const Container& container) {
    const Service& service = world.service(container.service);
    const std::string& name = service.spec->name;
    const std::string hash = container.name.substr(name.size() + 1, container.name.rfind('-') - name.size() - 1);
    return {{"apiVersion", "v1"},
            {"kind", "Pod"},
            {"metadata",
             {{"creationTimestamp", kube_time(container.created)},
              {"labels", {{"app", name}, {"pod-template-hash", hash}}},
              {"name", container.name},
              {"namespace", kube_namespace},
              {"ownerReferences", Json::array({{{"apiVersion", "apps/v1"},
                                                {"controller", true},
                                                {"kind", "ReplicaSet"},
                                                {"name", name + "-" + hash},
                                                {"uid", uid(world, name + "/replicaset/" + hash, 0)}}})},
              {"resourceVersion", std::to_string(1000 + container.restarts)},
              {"uid", uid(world, container.id, 0)}}},
            {"spec",
             {{"containers", Json::array({container_spec(service, container.version, container.limit)})},
              {"nodeName", "node-1"},
              {"restartPolicy", "Always"}}},
            {"status",
             {{"containerStatuses", Json::array({{{"containerID", "containerd://" + container.id},
                                                  {"image", container.version.image},
                                                  {"lastState", last_state_of(container)},
                                                  {"name", name},
                                                  {"ready", container.running},
                                                  {"restartCount", container.restarts},
                                                  {"started", container.running},
                                                  {"state", state_of(container)}}})},
              {"phase", "Running"},
              {"startTime", kube_time(container.created)}}}};
}

Json pod_metrics_json(const World& world, const Container& container) {
    if (!container.running || container.samples.empty() || container.samples.back().started != container.started) {
        return nullptr;
    }
    const Sample& sample = container.samples.back();
    const std::string& name = world.service(container.service).spec->name;
    const double used = sample.working_set();
    return {{"apiVersion", "metrics.k8s.io/v1beta1"},
            {"containers",
             Json::array(
                 {{{"name", name},
                   {"usage", {{"cpu", "12m"}, {"memory", fmt::format("{:.0f}Ki", std::floor(used / kibibyte))}}}}})},
            {"kind", "PodMetrics"},
            {"metadata",
             {{"creationTimestamp", kube_time(world.now())},
              {"labels", {{"app", name}}},
              {"name", container.name},
              {"namespace", kube_namespace}}},
            {"timestamp", kube_time(sample.at)},
            {"window", "15s"}};
}

Json events_json(const World& world) {
    constexpr Milliseconds kept{3'600'000};  // as a cluster does by default
    Json all = Json::array();
    for (const auto& container : world.all()) {
        const auto& events = world.events();
        const auto killed = [&](const EngineEvent& event) {
            return event.id == container.id && event.action == "oom" && event.at > world.now() - kept;
        };
        const auto kills = std::count_if(events.begin(), events.end(), killed);
        const auto last = std::find_if(events.rbegin(), events.rend(), killed);
        if (kills == 0) {
            continue;
        }
        all.push_back({{"apiVersion", "v1"},
                       {"count", kills},
                       {"firstTimestamp", kube_time(container.created)},
                       {"involvedObject",
                        {{"apiVersion", "v1"},
                         {"kind", "Pod"},
                         {"name", container.name},
                         {"namespace", kube_namespace},
                         {"uid", uid(world, container.id, 0)}}},
                       {"kind", "Event"},
                       {"lastTimestamp", kube_time(last->at)},
                       {"message", "Back-off restarting failed container " +
                                       world.service(container.service).spec->name + " in pod " + container.name},
                       {"metadata", {{"name", container.name + ".backoff"}, {"namespace", kube_namespace}}},
                       {"reason", "BackOff"},
                       {"type", "Warning"}});
    }
    return all;
}

}  // namespace memrb::drill
