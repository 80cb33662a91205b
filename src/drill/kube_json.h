#pragma once

#include "drill/inspect_json.h"
#include "drill/world.h"

#include <string>
#include <string_view>

namespace memrb::drill {

/// The drill's cluster: one context, one namespace; each service is a Deployment, each of its containers a pod.
constexpr std::string_view kube_context = "drill";
constexpr std::string_view kube_namespace = "shop";

/// `kubectl config view -o json`.
Json kube_config_json();

/// Objects as the API server tells them.
Json deployment_json(const World& world, std::size_t service);
Json pod_json(const World& world, const Container& container);
/// Of metrics.k8s.io; null for a pod that has not been measured yet.
Json pod_metrics_json(const World& world, const Container& container);
/// A warning for each pod that was killed within the last hour.
Json events_json(const World& world);

/// A v1 List.
Json list_of(Json items);

/// The Kubernetes quantity of an amount of memory: `512Mi`; in KiB where it is no whole MiB.
std::string quantity(double bytes);

/// The selector of its pods.
std::string service_label(const World& world, std::size_t service);

}  // namespace memrb::drill
