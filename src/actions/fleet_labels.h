#pragma once

#include "memrb/reading.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memrb::actions {

using SeriesLabels = std::vector<std::pair<std::string, std::string>>;

/// The value of a label, empty if there is none: for Prometheus both are the same.
std::string_view label_value(const SeriesLabels& labels, std::string_view name);

/// Which container a series is of, over all restarts and redeploys: the pod's container in Kubernetes, wherever it
/// runs, else a container's name on its host. Empty: the series is of no container.
std::string container_key(const SeriesLabels& labels);

/// Which life of it: equal for all metrics of one run of a container.
std::string life_key(const SeriesLabels& labels);

/// Of a service's own metric, which knows less than cAdvisor: its pod's container if it names one, else its pod, else
/// the container's name, on whatever host. Empty: none of them.
std::string service_key(const SeriesLabels& labels);

/// What a person calls it: `backend`, or `namespace/pod/container`.
std::string container_name(const SeriesLabels& labels);

/// The 64 hex digits at the end of a cgroup's path (`/docker/ID`, `/system.slice/docker-ID.scope`), or empty.
std::string container_id(std::string_view cgroup_path);

}  // namespace memrb::actions
