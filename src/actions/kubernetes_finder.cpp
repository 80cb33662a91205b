#include "actions/ending.h"
#include "actions/json_get.h"
#include "actions/kube_command.h"
#include "actions/kube_complaint.h"
#include "actions/kube_workloads.h"
#include "base/text.h"
#include "memrb/target.h"

#include <fmt/core.h>
#include <algorithm>

namespace memrb::actions {

extern const TargetFinder kubernetes_finder;

namespace {

constexpr std::size_t most_matches = 32;

class Search {
public:
    Search(const FindContext& context, const Fetch& fetch)
        : context_(context), fetch_(fetch), name_(parse_kube_name(context.name)) {}

    Found run() {
        if (!context_.tools.has_kubeconfig || context_.tools.kubectl_command.empty()) {
            found_.absent = true;
            const bool no_tool = context_.tools.kubectl_command.empty();
            found_.problems.push_back({no_tool ? Fault::missing_tool : Fault::no_data,
                                       fmt::format("Kubernetes is not asked: {}",
                                                   no_tool ? "kubectl is not installed" : "there is no kubeconfig"),
                                       no_tool ? "install kubectl" : "KUBECONFIG names it, or ~/.kube/config is it"});
            return std::move(found_);
        }
        if (read_config()) {
            list();
        }
        return std::move(found_);
    }

private:
    // Reads files only; the cluster is not asked.
    bool read_config() {
        Command command;
        command.argv = context_.tools.kubectl_command;
        command.argv.insert(command.argv.end(), {"config", "view", "-o", "json"});
        const Outcome outcome = fetch_(command);
        if (auto why = kube_failure_of(outcome)) {
            // Builds of kubectl that choose their version by the server's ask it even here.
            const bool hangs = std::holds_alternative<TimedOut>(outcome.ending);
            return problem(hangs ? *why : fmt::format("the kubeconfig cannot be read: {}", *why));
        }
        const auto config = outcome.out.truncated() ? std::nullopt : read_json(outcome.out.text());
        if (!config) {
            return problem("`kubectl config view` prints something else than a kubeconfig");
        }
        where_.context = setting("kube_context");
        if (where_.context.empty()) {
            where_.context = get_text(*config, "current-context").value_or("");
        }
        where_.name_space = !name_.name_space.empty() ? name_.name_space : setting("kube_namespace");
        const Json* contexts = member(*config, "contexts");
        bool known = false;
        for (std::size_t i = 0; contexts != nullptr && contexts->is_array() && i < contexts->size(); ++i) {
            const Json& one = (*contexts)[i];
            const Json* inner = member(one, "context");
            if (get_text(one, "name") == where_.context) {
                known = true;
                if (where_.name_space.empty() && inner != nullptr) {
                    where_.name_space = get_text(*inner, "namespace").value_or("");
                }
            }
        }
        where_.name_space = where_.name_space.empty() ? "default" : where_.name_space;
        const bool has_contexts = contexts != nullptr && contexts->is_array() && !contexts->empty();
        return known || (where_.context.empty() && !has_contexts) ? true : unknown_context();
    }

    bool unknown_context() {
        return problem(where_.context.empty()
                           ? "the kubeconfig has no current context"
                           : fmt::format("the kubeconfig has no context `{}`", base::printable(where_.context)));
    }

    void list() {
        const std::vector<std::string> words{"get", "deployments,statefulsets,pods", "-o", "json"};
        const Outcome outcome = fetch_(kube_command(context_.tools, where_, words));
        const auto why = kube_failure_of(outcome);
        // Where only one of the kinds may not be listed, the others are there all the same.
        const auto workloads =
            outcome.out.truncated() ? std::nullopt : read_workloads(outcome.out.text(), where_.context);
        if (why) {
            problem(*why);
        }
        if (!workloads) {
            if (!why) {
                problem("`kubectl get` prints something else than a list");
            }
            return;
        }
        for (const auto* targets : {&workloads->all, &workloads->pod_targets}) {
            for (const auto& target : *targets) {
                found_.known_names.push_back(target.name);
            }
        }
        found_.matches = match_workloads(*workloads, name_);
        if (found_.matches.size() > most_matches) {
            found_.matches.resize(most_matches);
        }
    }

    [[nodiscard]] std::string setting(const std::string& name) const {
        const auto found = context_.vars.find(name);
        return found == context_.vars.end() ? std::string() : found->second;
    }

    bool problem(const std::string& why) {
        const std::string place = where_.context.empty() ? "" : " of context " + base::printable(where_.context);
        found_.problems.push_back({Fault::failed, fmt::format("the cluster{} cannot be asked: {}", place, why),
                                   "another one is chosen by KUBECONFIG or `--set kube_context=NAME`"});
        return false;
    }

    const FindContext& context_;
    const Fetch& fetch_;
    KubeName name_;
    KubeRef where_;
    Found found_;
};

Found find(const FindContext& context, const Fetch& fetch) {
    return Search(context, fetch).run();
}

}  // namespace

const TargetFinder kubernetes_finder{Platform::kubernetes, find};

}  // namespace memrb::actions
