#pragma once

#include "actions/json_get.h"
#include "memrb/action.h"
#include "memrb/reading.h"
#include "memrb/target.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace memrb::actions {

/// How a container's run has ended.
struct Termination {
    std::string reason;  ///< OOMKilled, Error, Completed
    std::optional<int> exit_code;
    std::optional<Timestamp> started_at, finished_at;
};

struct PodContainer {
    std::string name;
    std::string image;
    Limit limit;                   ///< of its spec
    std::optional<Bytes> request;  ///< nothing: none, or not understood
    std::optional<std::uint64_t> restarts;
    std::string state;  ///< `running`, the reason that it waits for (`CrashLoopBackOff`), `terminated`; empty: not told
    std::optional<Timestamp> started_at;  ///< of the present run
    std::optional<Termination> last;      ///< the newest end: of this run if it has ended, else of the one before
    [[nodiscard]] bool running() const { return state == "running"; }
};

struct Pod {
    std::string name, name_space, uid, node, phase, reason;
    std::optional<Timestamp> created;
    std::map<std::string, std::string> labels;
    std::vector<PodContainer> containers;
    bool deleted = false;  ///< it is being deleted
};

/// Nothing if it is no pod.
std::optional<Pod> read_pod(const Json& object);
/// The pods of `kubectl get -o json`: one, or those in a list of whatever kinds.
std::vector<Pod> read_pods(const Json& document);

/// The container resources of a pod or of a workload's template: limit and request of each.
PodContainer read_pod_container(const Json& spec);

/// A map of texts, as labels and annotations are.
std::map<std::string, std::string> get_texts(const Json& object, std::string_view key);

/// True if `labels` fulfil a selector as kubectl writes it: `a=b,c in (d,e),!f`.
bool selected(const std::map<std::string, std::string>& labels, const std::string& selector);

/// True if the pod is the target, or one of its pods.
bool is_of_target(const Pod& pod, const Target& target);

/// State, restarts and OOM kills of the target's pods: the state is that of the container killed last, else of the one
/// restarted most; the restarts are those of all. A pod tells only its last end, and keeps telling it.
Interpretation interpret_pods(const std::vector<Pod>& pods, const ActionContext& context);

}  // namespace memrb::actions
