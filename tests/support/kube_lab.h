#pragma once

#include "support/prometheus_lab.h"
#include "support/run.h"
#include "support/temp_dir.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace memrb::test {

/// tests/lab/kube/server, the emulated Kubernetes API, for the real kubectl; ended with its scope. Its scene is the
/// namespace `shop`: the deployments backend (2 pods, 256Mi; one pod at 90 %, OOM killed 2 min ago), web (with a
/// sidecar) and worker (no limit), the stateful set db, a deployment and a stateful set `twin`, the pod `lone`.
class KubeLab {
public:
    /// Null: kubectl or Python is not installed; it has said [skipped].
    static std::unique_ptr<KubeLab> start(const std::string& namespace_of_context = "shop");

    /// For Run::env: the kubeconfig and an empty discovery cache of this lab.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> env() const;
    /// The real kubectl on this cluster.
    [[nodiscard]] Ran kubectl(std::vector<std::string> args) const;

    /// Requests that changed something, oldest first: {method, path, body, at}. A dry run is none.
    [[nodiscard]] nlohmann::json changes() const;
    [[nodiscard]] nlohmann::json requests() const;
    /// Rules as in tests/lab/kube/server: `[{"status":403,"path":"/pods"}]`, `[{"hang":true}]`; `[]` ends them all.
    void faults(const std::string& rules) const;
    void metrics_server(bool installed) const;
    /// `usage`: `{"app":"230Mi"}`, or `null` for a pod that has no metrics yet.
    void usage(const std::string& pod, const std::string& usage) const;
    /// What pods that are made from now on use; until this is told they have no metrics.
    void fresh_usage(const std::string& usage) const;
    /// The last run of the pod's first container ended so; it runs again.
    void killed(const std::string& pod, int seconds_ago, const std::string& reason = "OOMKilled", int code = 137) const;
    /// Creates or replaces an object.
    void put(const std::string& resource, const nlohmann::json& object) const;
    [[nodiscard]] nlohmann::json get(const std::string& resource, const std::string& name) const;
    /// Names of the pods with this label, sorted.
    [[nodiscard]] std::vector<std::string> pods(const std::string& selector) const;
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

private:
    KubeLab() = default;
    [[nodiscard]] nlohmann::json ask(const std::string& path) const;
    [[nodiscard]] nlohmann::json tell(const std::string& path, const std::string& body) const;

    TempDir folder_;
    std::unique_ptr<LabServer> server_;
};

}  // namespace memrb::test
