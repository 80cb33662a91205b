#include "scene.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace memrb::actions {

std::string recorded(const std::string& name) {
    std::ifstream file(std::string(MEMRB_FIXTURES "/recorded/") + name, std::ios::binary);
    if (!file) {
        throw std::runtime_error("no recorded file " + name);
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

const ActionType& action(std::string_view name) {
    for (const ActionType* type : action_types()) {
        if (type->name == name) {
            return *type;
        }
    }
    throw std::runtime_error("no such action");
}

const TargetFinder& finder(Platform platform) {
    for (const TargetFinder* one : target_finders()) {
        if (one->platform == platform) {
            return *one;
        }
    }
    throw std::runtime_error("no such finder");
}

Timestamp at(std::string_view rfc3339) {
    const auto time = parse_rfc3339(rfc3339);
    if (!time) {
        throw std::runtime_error(time.error().message);
    }
    return *time;
}

Params args(std::initializer_list<std::string> words, std::initializer_list<std::pair<std::string, std::string>> more) {
    Params params = texts(more);
    params.set("args", Param{{}, std::vector<std::string>(words), {}});
    return params;
}

Params texts(std::initializer_list<std::pair<std::string, std::string>> all) {
    Params params;
    for (const auto& [name, text] : all) {
        params.set(name, Param{text, {}, {}});
    }
    return params;
}

Outcome ended(Ending ending) {
    Outcome outcome;
    outcome.ending = std::move(ending);
    outcome.started = at("2026-11-21T21:41:50Z");
    return outcome;
}

Outcome exited(int code, std::string out, std::string err) {
    Outcome outcome = ended(Exited{code});
    outcome.out.total = out.size();
    outcome.out.head = std::move(out);
    outcome.err.total = err.size();
    outcome.err.head = std::move(err);
    return outcome;
}

Outcome answered(int status, std::string body) {
    Outcome outcome = ended(HttpStatus{status});
    outcome.out.total = body.size();
    outcome.out.head = std::move(body);
    return outcome;
}

Outcome recorded_failure(const std::string& name) {
    std::string text = recorded(name);
    const std::size_t last = text.rfind("exit ");
    const int code = std::stoi(text.substr(last + 5));
    text.erase(last);
    return exited(code, "", text);
}

Scene::Scene() : now(at("2026-11-21T21:41:50Z")) {
    is("backend", backend_id);
    target.pid = 21605;
    target.limit = Bytes{67'108'864};
    target.started_at = at("2026-11-21T21:41:36.888Z");
    host = {{backend_id, "backend"}, {sidecar_id, "sidecar"}};
    vars = {{"target", "backend"}, {"prometheus", "http://localhost:9090"}};
    tools.docker = {DockerEndpoint::Kind::unix_socket, "/var/run/docker.sock", {}, {}, {}, "default", true};
    tools.docker_command = {"docker"};
    tools.compose_command = {"docker", "compose"};
}

Scene& Scene::is(const std::string& name, const std::string& id) {
    target.name = name;
    target.id = id;
    return *this;
}

}  // namespace memrb::actions
