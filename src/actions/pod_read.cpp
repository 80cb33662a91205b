#include "actions/pod_state.h"
#include "base/text.h"

#include <algorithm>

namespace memrb::actions {

namespace {

const Json* nested(const Json& object, std::initializer_list<std::string_view> path) {
    const Json* at = &object;
    for (const auto key : path) {
        at = at == nullptr ? nullptr : member(*at, key);
    }
    return at;
}

std::optional<Bytes> read_quantity(const Json* resources, std::string_view kind) {
    const Json* amounts = resources == nullptr ? nullptr : member(*resources, kind);
    const auto text = amounts == nullptr ? std::nullopt : get_text(*amounts, "memory");
    const auto bytes = text ? parse_quantity(*text) : Result<Bytes>(fail(Fault::no_data, ""));
    return bytes ? std::optional(*bytes) : std::nullopt;
}

bool has_memory(const Json* resources, std::string_view kind) {
    const Json* amounts = resources == nullptr ? nullptr : member(*resources, kind);
    return amounts != nullptr && member(*amounts, "memory") != nullptr;
}

std::optional<Termination> read_termination(const Json* state) {
    const Json* ended = state == nullptr ? nullptr : member(*state, "terminated");
    if (ended == nullptr || !ended->is_object()) {
        return std::nullopt;
    }
    return Termination{get_text(*ended, "reason").value_or(""), get_small(*ended, "exitCode"),
                       get_time(*ended, "startedAt"), get_time(*ended, "finishedAt")};
}

void read_status(const Json& status, PodContainer& container) {
    container.restarts = get_count(status, "restartCount");
    const Json* state = member(status, "state");
    if (const Json* running = state == nullptr ? nullptr : member(*state, "running"); running != nullptr) {
        container.state = "running";
        container.started_at = get_time(*running, "startedAt");
    } else if (const Json* waiting = state == nullptr ? nullptr : member(*state, "waiting"); waiting != nullptr) {
        container.state = get_text(*waiting, "reason").value_or("waiting");
    } else if (state != nullptr && member(*state, "terminated") != nullptr) {
        container.state = "terminated";
    }
    container.last = read_termination(state);
    if (!container.last) {
        container.last = read_termination(member(status, "lastState"));
    }
}

bool is_kind(const Json& object, std::string_view kind) {
    const auto written = get_text(object, "kind");
    return written == kind || (!written && member(object, "spec") != nullptr && nested(object, {"spec", "containers"}));
}

// One term of a selector.
bool fulfils(const std::map<std::string, std::string>& labels, std::string_view term) {
    const auto value_of = [&](std::string_view key) {
        const auto found = labels.find(std::string(base::trim(key)));
        return found == labels.end() ? std::optional<std::string>() : std::optional(found->second);
    };
    for (const std::string_view among : {std::string_view(" notin ("), std::string_view(" in (")}) {
        const std::size_t at = term.find(among);
        if (at != std::string_view::npos && term.ends_with(')')) {
            const auto value = value_of(term.substr(0, at));
            const auto values = base::split(term.substr(at + among.size(), term.size() - at - among.size() - 1), ',');
            const bool one_of = value && std::any_of(values.begin(), values.end(),
                                                     [&](std::string_view each) { return base::trim(each) == *value; });
            return one_of == (among == " in (");
        }
    }
    const std::size_t equals = term.find('=');
    if (equals != std::string_view::npos) {
        return value_of(term.substr(0, equals)) == std::string(base::trim(term.substr(equals + 1)));
    }
    return term.starts_with('!') ? !value_of(term.substr(1)) : value_of(term).has_value();
}

}  // namespace

std::map<std::string, std::string> get_texts(const Json& object, std::string_view key) {
    std::map<std::string, std::string> texts;
    if (const Json* values = member(object, key); values != nullptr && values->is_object()) {
        for (const auto& [name, value] : values->items()) {
            if (value.is_string()) {
                texts.emplace(name, value.get<std::string>());
            }
        }
    }
    return texts;
}

PodContainer read_pod_container(const Json& spec) {
    PodContainer container;
    container.name = get_text(spec, "name").value_or("");
    container.image = get_text(spec, "image").value_or("");
    const Json* resources = member(spec, "resources");
    const auto limit = read_quantity(resources, "limits");
    container.limit = limit && *limit > 0               ? Limit(*limit)
                      : has_memory(resources, "limits") ? Limit(LimitUnknown{})
                                                        : Limit(NoLimit{});
    container.request = read_quantity(resources, "requests");
    return container;
}

std::optional<Pod> read_pod(const Json& object) {
    const Json* meta = member(object, "metadata");
    const Json* containers = nested(object, {"spec", "containers"});
    const auto name = meta == nullptr ? std::nullopt : get_text(*meta, "name");
    if (!is_kind(object, "Pod") || !name || containers == nullptr || !containers->is_array()) {
        return std::nullopt;
    }
    Pod pod;
    pod.name = *name;
    pod.name_space = get_text(*meta, "namespace").value_or("");
    pod.uid = get_text(*meta, "uid").value_or("");
    pod.created = get_time(*meta, "creationTimestamp");
    pod.labels = get_texts(*meta, "labels");
    pod.deleted = member(*meta, "deletionTimestamp") != nullptr;
    pod.node = get_text(*member(object, "spec"), "nodeName").value_or("");
    if (const Json* status = member(object, "status"); status != nullptr) {
        pod.phase = get_text(*status, "phase").value_or("");
        pod.reason = get_text(*status, "reason").value_or("");
    }
    const Json* statuses = nested(object, {"status", "containerStatuses"});
    for (const auto& spec : *containers) {
        PodContainer container = read_pod_container(spec);
        if (statuses != nullptr && statuses->is_array()) {
            const auto own = std::find_if(statuses->begin(), statuses->end(), [&](const Json& status) {
                return get_text(status, "name") == container.name;
            });
            if (own != statuses->end()) {
                read_status(*own, container);
            }
        }
        pod.containers.push_back(std::move(container));
    }
    return pod;
}

std::vector<Pod> read_pods(const Json& document) {
    std::vector<Pod> pods;
    const Json* items = member(document, "items");
    if (items == nullptr || !items->is_array()) {
        if (auto pod = read_pod(document)) {
            pods.push_back(*std::move(pod));
        }
        return pods;
    }
    for (const auto& item : *items) {
        if (auto pod = read_pod(item)) {
            pods.push_back(*std::move(pod));
        }
    }
    return pods;
}

bool selected(const std::map<std::string, std::string>& labels, const std::string& selector) {
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t i = 0; i <= selector.size(); ++i) {
        const char c = i < selector.size() ? selector[i] : ',';
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c != ',' || depth > 0) {
            continue;
        }
        const std::string_view term = base::trim(std::string_view(selector).substr(begin, i - begin));
        if (!term.empty() && !fulfils(labels, term)) {
            return false;
        }
        begin = i + 1;
    }
    return true;
}

bool is_of_target(const Pod& pod, const Target& target) {
    if (!target.kube || pod.name_space != target.kube->name_space) {
        return false;
    }
    if (target.kube->kind == "pod") {
        return pod.name == target.name && pod.uid == target.id;
    }
    return !target.kube->selector.empty() && selected(pod.labels, target.kube->selector);
}

}  // namespace memrb::actions
