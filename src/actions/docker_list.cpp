#include "actions/docker_list.h"

#include "actions/docker_state.h"
#include "actions/engine_api.h"
#include "base/text.h"

#include <algorithm>
#include <map>

namespace memrb::actions {

namespace {

using Labels = std::map<std::string, std::string>;

constexpr std::string_view compose_prefix = "com.docker.compose.";

std::string label(const Labels& labels, std::string_view name) {
    const auto found = labels.find(std::string(compose_prefix) + std::string(name));
    return found == labels.end() ? std::string() : found->second;
}

Labels read_labels(const Json* object) {
    Labels labels;
    if (object != nullptr && object->is_object()) {
        for (const auto& [name, value] : object->items()) {
            if (value.is_string()) {
                labels.emplace(name, value.get_ref<const std::string&>());
            }
        }
    }
    return labels;
}

// The CLI's list writes labels as `a=b,c=d`, a comma inside a value being no different: good enough for these two.
Labels read_label_text(std::string_view text) {
    Labels labels;
    for (const auto part : base::split(text, ',')) {
        if (const std::size_t at = part.find('='); at != std::string_view::npos) {
            labels.emplace(part.substr(0, at), part.substr(at + 1));
        }
    }
    return labels;
}

void take_service(const Labels& labels, ListedContainer& container) {
    const std::string oneoff = label(labels, "oneoff");  // `docker compose run`: no replica of the service
    if (oneoff != "True" && oneoff != "true") {
        container.project = label(labels, "project");
        container.service = label(labels, "service");
    }
}

// Of `/backend` and `/web/backend` (a link from another container) the first is the name.
std::string own_name(const Json* names) {
    if (names != nullptr && names->is_array()) {
        for (const auto& entry : *names) {
            const std::string text = entry.is_string() ? entry.get<std::string>() : std::string();
            if (text.size() > 1 && text.front() == '/' && text.find('/', 1) == std::string::npos) {
                return text.substr(1);
            }
        }
    }
    return {};
}

bool is_id_prefix(std::string_view text) {
    constexpr std::size_t shortest = 4;  // shorter ones are more likely a name
    return text.size() >= shortest && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

template <class Fits>
std::vector<ListedContainer> all_that(const std::vector<ListedContainer>& all, const Fits& fits) {
    std::vector<ListedContainer> chosen;
    std::copy_if(all.begin(), all.end(), std::back_inserter(chosen), fits);
    return chosen;
}

// Compose itself makes no other names. A label that begins with a dash would be an option on a command line.
bool is_compose_name(std::string_view name) {
    const auto alnum = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return !name.empty() && (alnum(name.front()) || name.front() == '_') &&
           std::all_of(name.begin(), name.end(), [&](char c) { return alnum(c) || c == '_' || c == '-' || c == '.'; });
}

std::optional<ComposeRef> compose_of(const Labels& labels) {
    ComposeRef compose{label(labels, "project"), label(labels, "service"), label(labels, "project.working_dir"), {}};
    if (!is_compose_name(compose.project) || !is_compose_name(compose.service)) {
        return std::nullopt;
    }
    const std::string files = label(labels, "project.config_files");
    for (const auto file : base::split(files, ',')) {
        if (!file.empty()) {
            compose.files.emplace_back(file);
        }
    }
    return compose;
}

}  // namespace

std::optional<std::vector<ListedContainer>> read_engine_list(std::string_view json) {
    const auto document = read_json(json);
    if (!document || !document->is_array()) {
        return std::nullopt;
    }
    std::vector<ListedContainer> all;
    for (const auto& entry : *document) {
        ListedContainer container{get_text(entry, "Id").value_or(""),
                                  own_name(member(entry, "Names")),
                                  {},
                                  {},
                                  get_text(entry, "State") == "running"};
        if (!is_container_id(container.id)) {
            return std::nullopt;
        }
        take_service(read_labels(member(entry, "Labels")), container);
        all.push_back(std::move(container));
    }
    return all;
}

std::optional<std::vector<ListedContainer>> read_cli_list(std::string_view lines) {
    std::vector<ListedContainer> all;
    for (const auto line : base::lines(lines)) {
        if (base::trim(line).empty()) {
            continue;
        }
        const auto entry = read_json(line);
        ListedContainer container;
        container.id = entry ? get_text(*entry, "ID").value_or("") : "";
        if (!is_container_id(container.id)) {
            return std::nullopt;
        }
        const std::string names = get_text(*entry, "Names").value_or("");
        for (const auto name : base::split(names, ',')) {
            if (name.find('/') == std::string_view::npos) {
                container.name = name;
                break;
            }
        }
        container.running = get_text(*entry, "State") == "running";
        take_service(read_label_text(get_text(*entry, "Labels").value_or("")), container);
        all.push_back(std::move(container));
    }
    return all;
}

NameMatch match_name(const std::vector<ListedContainer>& all, std::string_view name) {
    auto named = all_that(all, [&](const ListedContainer& one) { return one.name == name; });
    if (!named.empty()) {
        return {std::move(named), "docker container"};
    }
    if (is_id_prefix(name)) {
        auto with_id = all_that(all, [&](const ListedContainer& one) { return one.id.starts_with(name); });
        if (!with_id.empty()) {
            return {std::move(with_id), "docker container id"};
        }
    }
    return {all_that(all,
                     [&](const ListedContainer& one) {
                         return !one.service.empty() &&
                                (one.service == name || one.project + "/" + one.service == name);
                     }),
            "compose service"};
}

std::optional<Target> target_from_inspect(const Json& container, bool local, std::string_view found_by) {
    const auto id = get_text(container, "Id");
    const auto name = get_text(container, "Name");
    const Json* state_json = member(container, "State");
    const auto state = state_json == nullptr ? std::nullopt : read_state(*state_json);
    if (!id || !is_container_id(*id) || !name || name->size() < 2 || !state) {
        return std::nullopt;
    }
    Target target;
    target.id = *id;
    target.name = name->front() == '/' ? name->substr(1) : *name;
    target.started_at = state->started_at;
    target.running = state->running;
    const int pid = get_small(*state_json, "Pid").value_or(0);
    target.pid = local && pid > 0 ? pid : 0;
    if (const Json* config = member(container, "Config"); config != nullptr) {
        target.image = get_text(*config, "Image").value_or("");
        target.labels = read_labels(member(*config, "Labels"));
    }
    if (const Json* host_config = member(container, "HostConfig"); host_config != nullptr) {
        target.limit = read_limit(*host_config);
    }
    target.compose = compose_of(target.labels);
    target.found_by = found_by;
    return target;
}

}  // namespace memrb::actions
