#include "actions/fleet_labels.h"

#include <algorithm>

namespace memrb::actions {

namespace {

void add_part(std::string& key, std::string_view part) {
    key += part;
    key += '\n';  // in no label that names a container
}

bool is_pod_container(const SeriesLabels& labels) {
    const std::string_view container = label_value(labels, "container");
    return !container.empty() && container != "POD";
}

}  // namespace

std::string_view label_value(const SeriesLabels& labels, std::string_view name) {
    for (const auto& [key, value] : labels) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

std::string container_key(const SeriesLabels& labels) {
    std::string key;
    if (is_pod_container(labels)) {
        add_part(key, label_value(labels, "cluster"));
        for (const std::string_view part : {"namespace", "pod", "container"}) {
            add_part(key, label_value(labels, part));
        }
        if (label_value(labels, "pod").empty()) {  // not of Kubernetes: only the host tells namesakes apart
            add_part(key, label_value(labels, "instance"));
        }
        return key;
    }
    const std::string_view name = label_value(labels, "name");
    if (name.empty() || !label_value(labels, "container").empty() || !label_value(labels, "pod").empty()) {
        return {};
    }
    add_part(key, label_value(labels, "cluster"));
    add_part(key, name);
    add_part(key, label_value(labels, "instance"));
    return key;
}

std::string life_key(const SeriesLabels& labels) {
    std::string key = container_key(labels);
    if (!key.empty()) {
        add_part(key, label_value(labels, "id"));
    }
    return key;
}

std::string service_key(const SeriesLabels& labels) {
    const bool of_pod = !label_value(labels, "pod").empty();
    std::string key;
    add_part(key, label_value(labels, "cluster"));
    for (const std::string_view part : {"namespace", "pod", "container"}) {
        add_part(key, of_pod ? label_value(labels, part) : std::string_view());
    }
    const std::string_view name = of_pod ? std::string_view() : label_value(labels, "name");
    add_part(key, name);
    return of_pod || !name.empty() ? key : std::string();
}

std::string container_name(const SeriesLabels& labels) {
    if (!is_pod_container(labels)) {
        return std::string(label_value(labels, "name"));
    }
    std::string name;
    for (const std::string_view part : {"namespace", "pod", "container"}) {
        const std::string_view value = label_value(labels, part);
        name += name.empty() || value.empty() ? "" : "/";
        name += value;
    }
    return name;
}

std::string container_id(std::string_view cgroup_path) {
    constexpr std::size_t length = 64;
    const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (cgroup_path.ends_with(".scope")) {
        cgroup_path.remove_suffix(std::string_view(".scope").size());
    }
    if (cgroup_path.size() < length) {
        return {};
    }
    const std::string_view id = cgroup_path.substr(cgroup_path.size() - length);
    return std::all_of(id.begin(), id.end(), is_hex) ? std::string(id) : std::string();
}

}  // namespace memrb::actions
