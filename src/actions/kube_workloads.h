#pragma once

#include "actions/json_get.h"
#include "actions/pod_state.h"
#include "memrb/target.h"

#include <string>
#include <string_view>
#include <vector>

namespace memrb::actions {

/// A namespace's workloads and pods, as `kubectl get deployments,statefulsets,pods -o json` lists them.
struct Workloads {
    std::vector<Target> all;  ///< Deployments and StatefulSets
    std::vector<Pod> pods;
    std::vector<Target> pod_targets;  ///< the same pods, each as a target of its own
};

/// Nothing if it is no such list. `context` goes into each target.
std::optional<Workloads> read_workloads(std::string_view text, const std::string& context);

/// Where `name` is to be looked for: `backend`, `deployment/backend`, `sts/db`, `shop/backend`, `shop/pod/x`.
struct KubeName {
    std::string name_space;  ///< empty: that of the context
    std::string kind;        ///< `deployment`, `statefulset`, `pod`; empty: any
    std::string name;
};
KubeName parse_kube_name(std::string_view text);

/// Those that the name means: by their own name, else by uid, else (without a kind) by label `app`,
/// `app.kubernetes.io/name` or `k8s-app`. A pod that belongs to a workload found by its label is not one more choice.
std::vector<Target> match_workloads(const Workloads& workloads, const KubeName& name);

}  // namespace memrb::actions
