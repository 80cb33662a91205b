#include "system/tools.h"

#include "base/text.h"

#include <unistd.h>
#include <array>
#include <filesystem>
#include <vector>

namespace memrb::system {

namespace {

namespace fs = std::filesystem;

bool is_program(const fs::path& path) {
    std::error_code none;
    return fs::is_regular_file(path, none) && access(path.c_str(), X_OK) == 0;
}

// Where the docker client looks for its plugins, in its order.
bool has_compose_plugin(const Environment& environment) {
    const fs::path client = environment.has("DOCKER_CONFIG") ? fs::path(environment.get("DOCKER_CONFIG"))
                                                             : fs::path(environment.home()) / ".docker";
    const std::array<fs::path, 5> folders{client, "/usr/local/lib/docker", "/usr/local/libexec/docker",
                                          "/usr/lib/docker", "/usr/libexec/docker"};
    for (const auto& folder : folders) {
        if (is_program(folder / "cli-plugins" / "docker-compose")) {
            return true;
        }
    }
    return false;
}

// Where kubectl looks: the files of KUBECONFIG, else the one at home, else the service account of the pod it runs in.
bool has_kubeconfig(const Environment& environment) {
    std::error_code none;
    if (environment.has("KUBECONFIG") && !environment.get("KUBECONFIG").empty()) {
        const std::string& files = environment.get("KUBECONFIG");
        for (const auto file : base::split(files, ':')) {
            if (!file.empty() && fs::exists(fs::path(file), none)) {
                return true;
            }
        }
    } else if (fs::exists(fs::path(environment.home()) / ".kube" / "config", none)) {
        return true;
    }
    return environment.has("KUBERNETES_SERVICE_HOST");
}

}  // namespace

std::string find_program(std::string_view name, const Environment& environment) {
    const std::string path = environment.has("PATH") ? environment.get("PATH") : "/usr/local/bin:/usr/bin:/bin";
    for (const auto folder : base::split(path, ':')) {
        const fs::path candidate = fs::path(folder.empty() ? std::string_view(".") : folder) / name;
        if (is_program(candidate)) {
            return candidate.string();
        }
    }
    return {};
}

Tools find_tools(const Environment& environment, DockerEndpoint docker) {
    Tools tools;
    tools.docker = std::move(docker);
    if (!find_program("docker", environment).empty()) {
        tools.docker_command = {"docker"};
    }
    if (!tools.docker_command.empty() && has_compose_plugin(environment)) {
        tools.compose_command = {"docker", "compose"};
    } else if (!find_program("docker-compose", environment).empty()) {
        tools.compose_command = {"docker-compose"};
    }
    if (!find_program("kubectl", environment).empty()) {
        tools.kubectl_command = {"kubectl"};
    }
    if (!find_program("gcloud", environment).empty()) {
        tools.gcloud_command = {"gcloud"};
    }
    tools.has_kubeconfig = has_kubeconfig(environment);
    return tools;
}

Tools tools_by_name() {
    Tools tools;
    tools.docker_command = {"docker"};
    tools.compose_command = {"docker", "compose"};
    tools.kubectl_command = {"kubectl"};
    tools.gcloud_command = {"gcloud"};
    return tools;
}

}  // namespace memrb::system
