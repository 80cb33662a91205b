#pragma once

#include "support/docker_lab.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::test {

/// A Compose project in a folder of its own; its containers and networks are removed at the end of its scope.
///
///     ComposeProject shop(lab, R"(services: {backend: {image: memrb-lab/python, mem_limit: 64m}})");
///     shop.up();
///     auto ran = run_memrb({"diagnose", "backend"}).env(lab->env()).cwd(shop.folder()).run();
class ComposeProject {
public:
    ComposeProject(std::shared_ptr<const DockerLab> lab, std::string_view compose_yml);
    ComposeProject(const ComposeProject&) = delete;
    ComposeProject& operator=(const ComposeProject&) = delete;
    ComposeProject(ComposeProject&&) = delete;
    ComposeProject& operator=(ComposeProject&&) = delete;
    ~ComposeProject();

    /// Of the folder, which is also the project's name: no two tests have the same.
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::filesystem::path folder() const { return parent_ / name_; }
    [[nodiscard]] std::filesystem::path file() const { return folder() / "compose.yml"; }

    /// `docker compose up -d`; fails the test if it fails.
    void up() const;
    /// `docker compose ARGS...` in the folder.
    [[nodiscard]] Ran compose(std::vector<std::string> args) const;
    /// Id of a service's only container; fails the test if it has none or several.
    [[nodiscard]] std::string container_of(std::string_view service) const;

private:
    std::shared_ptr<const DockerLab> lab_;
    TempDir parent_;
    std::string name_;
};

}  // namespace memrb::test
