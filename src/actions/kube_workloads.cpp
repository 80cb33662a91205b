#include "actions/kube_workloads.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>

namespace memrb::actions {

namespace {

constexpr auto name_labels =
    std::to_array<std::string_view>({"app.kubernetes.io/name", "app", "k8s-app", "app.kubernetes.io/instance"});

struct KindName {
    std::string_view written, kind;
};
constexpr auto kind_names = std::to_array<KindName>({{"deployment", "deployment"},
                                                     {"deployments", "deployment"},
                                                     {"deploy", "deployment"},
                                                     {"statefulset", "statefulset"},
                                                     {"statefulsets", "statefulset"},
                                                     {"sts", "statefulset"},
                                                     {"pod", "pod"},
                                                     {"pods", "pod"},
                                                     {"po", "pod"}});

std::string_view kind_of(std::string_view written) {
    const auto found = std::find_if(kind_names.begin(), kind_names.end(),
                                    [&](const KindName& name) { return name.written == written; });
    return found == kind_names.end() ? std::string_view() : found->kind;
}

std::string term_of(const Json& expression) {
    const std::string key = get_text(expression, "key").value_or("");
    const std::string operation = get_text(expression, "operator").value_or("");
    std::string values;
    if (const Json* list = member(expression, "values"); list != nullptr && list->is_array()) {
        for (const auto& value : *list) {
            values += (values.empty() ? "" : ",") + (value.is_string() ? value.get<std::string>() : std::string());
        }
    }
    return operation == "In"       ? fmt::format("{} in ({})", key, values)
           : operation == "NotIn"  ? fmt::format("{} notin ({})", key, values)
           : operation == "Exists" ? key
                                   : "!" + key;
}

// As `kubectl -l` takes it.
std::string selector_of(const Json& spec) {
    std::vector<std::string> terms;
    if (const Json* selector = member(spec, "selector"); selector != nullptr) {
        for (const auto& [key, value] : get_texts(*selector, "matchLabels")) {
            terms.push_back(fmt::format("{}={}", key, value));
        }
        if (const Json* all = member(*selector, "matchExpressions"); all != nullptr && all->is_array()) {
            for (const auto& expression : *all) {
                terms.push_back(term_of(expression));
            }
        }
    }
    return base::join(terms, ",");
}

// The main container: told by annotation, named as its workload, or the first.
const PodContainer* main_of(const std::vector<PodContainer>& all, const std::string& annotated,
                            const std::string& name) {
    for (const auto& wanted : {annotated, name}) {
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const PodContainer& one) { return one.name == wanted; });
        if (!wanted.empty() && found != all.end()) {
            return &*found;
        }
    }
    return all.empty() ? nullptr : &all.front();
}

std::string annotated_container(const Json& meta) {
    const auto annotations = get_texts(meta, "annotations");
    const auto found = annotations.find("kubectl.kubernetes.io/default-container");
    return found == annotations.end() ? std::string() : found->second;
}

void take_container(const PodContainer* container, Target& target) {
    if (container != nullptr) {
        target.kube->container = container->name;
        target.image = container->image;
        target.limit = container->limit;
    }
}

std::optional<Target> target_from(const Json& object, std::string kind, const std::string& context) {
    const Json* meta = member(object, "metadata");
    const auto name = meta == nullptr ? std::nullopt : get_text(*meta, "name");
    const auto uid = meta == nullptr ? std::nullopt : get_text(*meta, "uid");
    const auto space = meta == nullptr ? std::nullopt : get_text(*meta, "namespace");
    if (!name || !uid || !space || uid->empty()) {
        return std::nullopt;
    }
    Target target;
    target.name = *name;
    target.platform = Platform::kubernetes;
    target.id = *uid;
    target.labels = get_texts(*meta, "labels");
    target.kube = KubeRef{context,
                          *space,
                          std::move(kind),
                          {},
                          {},
                          get_text(*meta, "resourceVersion").value_or(""),
                          get_small(*meta, "generation").value_or(0)};
    return target;
}

std::optional<Target> workload_from(const Json& object, std::string_view kind, const std::string& context) {
    auto target = target_from(object, std::string(kind), context);
    const Json* spec = member(object, "spec");
    const Json* pod_template = spec == nullptr ? nullptr : member(*spec, "template");
    const Json* pod = pod_template == nullptr ? nullptr : member(*pod_template, "spec");
    const Json* containers = pod == nullptr ? nullptr : member(*pod, "containers");
    if (!target || containers == nullptr || !containers->is_array()) {
        return std::nullopt;
    }
    std::vector<PodContainer> all;
    for (const auto& container : *containers) {
        all.push_back(read_pod_container(container));
    }
    const Json* meta = member(*pod_template, "metadata");
    take_container(main_of(all, meta == nullptr ? "" : annotated_container(*meta), target->name), *target);
    target->kube->selector = selector_of(*spec);
    return target;
}

std::optional<Target> pod_from(const Json& object, const Pod& pod, const std::string& context) {
    auto target = target_from(object, "pod", context);
    if (target) {
        const PodContainer* container =
            main_of(pod.containers, annotated_container(*member(object, "metadata")), pod.name);
        take_container(container, *target);
        target->running = container != nullptr && container->running();
        target->started_at = container == nullptr ? std::nullopt : container->started_at;
    }
    return target;
}

bool is_labelled(const Target& target, const std::string& name) {
    return std::any_of(name_labels.begin(), name_labels.end(), [&](std::string_view label) {
        const auto found = target.labels.find(std::string(label));
        return found != target.labels.end() && found->second == name;
    });
}

std::string found_as(const Target& target, std::string_view by) {
    return fmt::format("{} {}/{} in {}", by, target.kube->kind, target.name, target.kube->name_space);
}

}  // namespace

std::optional<Workloads> read_workloads(std::string_view text, const std::string& context) {
    const auto document = read_json(text);
    const Json* items = document ? member(*document, "items") : nullptr;
    if (items == nullptr || !items->is_array()) {
        return std::nullopt;
    }
    Workloads found;
    for (const auto& item : *items) {
        if (auto pod = read_pod(item)) {
            if (auto target = pod_from(item, *pod, context)) {
                found.pod_targets.push_back(*std::move(target));
                found.pods.push_back(*std::move(pod));
            }
            continue;
        }
        const std::string kind = get_text(item, "kind").value_or("");
        if (kind == "Deployment" || kind == "StatefulSet") {
            if (auto target = workload_from(item, kind == "Deployment" ? "deployment" : "statefulset", context)) {
                found.all.push_back(*std::move(target));
            }
        }
    }
    for (auto& target : found.all) {
        target.running = std::any_of(found.pods.begin(), found.pods.end(), [&](const Pod& pod) {
            return is_of_target(pod, target) && std::any_of(pod.containers.begin(), pod.containers.end(),
                                                            [](const PodContainer& one) { return one.running(); });
        });
    }
    return found;
}

KubeName parse_kube_name(std::string_view text) {
    const auto parts = base::split(text, '/');
    KubeName name{{}, {}, std::string(text)};
    if (parts.size() == 2) {
        const std::string_view kind = kind_of(parts[0]);
        (kind.empty() ? name.name_space : name.kind) = kind.empty() ? parts[0] : kind;
        name.name = parts[1];
    } else if (parts.size() == 3 && !kind_of(parts[1]).empty()) {
        name = {std::string(parts[0]), std::string(kind_of(parts[1])), std::string(parts[2])};
    }
    return name;
}

std::vector<Target> match_workloads(const Workloads& workloads, const KubeName& name) {
    constexpr std::size_t shortest_uid = 8;
    std::vector<const Target*> candidates;
    for (const auto* list : {&workloads.all, &workloads.pod_targets}) {
        for (const auto& target : *list) {
            if (name.kind.empty() || target.kube->kind == name.kind) {
                candidates.push_back(&target);
            }
        }
    }
    std::vector<Target> matches;
    const auto take = [&](std::string_view by, const auto& fits) {
        for (const Target* target : candidates) {
            if (fits(*target)) {
                matches.push_back(*target);
                matches.back().found_by = found_as(*target, by);
            }
        }
    };
    take("name of", [&](const Target& target) { return target.name == name.name; });
    if (matches.empty() && name.name.size() >= shortest_uid) {
        take("uid of", [&](const Target& target) { return target.id.starts_with(name.name); });
    }
    if (matches.empty() && name.kind.empty()) {
        take("label of",
             [&](const Target& target) { return target.kube->kind != "pod" && is_labelled(target, name.name); });
    }
    if (matches.empty() && name.kind.empty()) {
        take("label of", [&](const Target& target) { return is_labelled(target, name.name); });
    }
    return matches;
}

}  // namespace memrb::actions
