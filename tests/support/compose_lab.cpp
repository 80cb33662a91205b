#include "support/compose_lab.h"

#include <catch2/catch.hpp>
#include <sstream>
#include <utility>

namespace memrb::test {
namespace {

std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> out;
    for (std::string word; in >> word;) {
        out.push_back(word);
    }
    return out;
}

}  // namespace

ComposeProject::ComposeProject(std::shared_ptr<const DockerLab> lab, std::string_view compose_yml)
    : lab_(std::move(lab)), name_(DockerLab::unique_name("shop")) {
    (void)parent_.write(name_ + "/compose.yml", compose_yml);
}

ComposeProject::~ComposeProject() {
    // `compose down` would take a second and needs a file that a test may have broken.
    const std::string mine = "label=com.docker.compose.project=" + name_;
    for (const auto& [list, remove] : {std::pair<std::vector<std::string>, std::vector<std::string>>{
                                           {"ps", "-aq", "--filter", mine}, {"rm", "-f", "-v"}},
                                       {{"network", "ls", "-q", "--filter", mine}, {"network", "rm"}}}) {
        auto command = remove;
        const auto ids = words(lab_->docker(list).out);
        command.insert(command.end(), ids.begin(), ids.end());
        if (!ids.empty()) {
            (void)lab_->docker(command);
        }
    }
}

void ComposeProject::up() const {
    const Ran ran = compose({"up", "-d"});
    if (ran.ending != exited(0)) {
        FAIL("docker compose up: " << ran.describe());
    }
}

Ran ComposeProject::compose(std::vector<std::string> args) const {
    args.insert(args.begin(), {"docker", "compose"});
    return program(std::move(args)).env(lab_->env()).cwd(folder()).timeout(std::chrono::minutes(1)).run();
}

std::string ComposeProject::container_of(std::string_view service) const {
    const auto ids =
        words(lab_->docker_out({"ps", "-aq", "--no-trunc", "--filter", "label=com.docker.compose.project=" + name_,
                                "--filter", "label=com.docker.compose.service=" + std::string(service)}));
    if (ids.size() != 1) {
        FAIL("the service " << service << " has " << ids.size() << " containers");
    }
    return ids.front();
}

}  // namespace memrb::test
