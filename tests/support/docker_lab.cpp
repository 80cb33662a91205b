#include "support/docker_lab.h"

#include "support/http_client.h"
#include "support/skip.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace memrb::test {
namespace {

using Clock = std::chrono::steady_clock;

/// The scripts see the real environment: their engine may be one that DOCKER_HOST names.
Run script(const std::string& name, std::initializer_list<std::string> args) {
    Run run({std::string(MEMRB_LAB_SCRIPTS) + "/" + name});
    for (const char* variable : {"DOCKER_HOST", "TMPDIR"}) {
        const char* value = std::getenv(variable);
        value == nullptr ? run.unset(variable) : run.env(variable, value);
    }
    return run.args(args).timeout(std::chrono::minutes(5));
}

/// Reads `export NAME=value` lines. The values that the script prints need no quotes, or it would print some.
std::vector<std::pair<std::string, std::string>> exported(const std::string& text) {
    std::vector<std::pair<std::string, std::string>> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        const auto equals = line.find('=');
        if (line.starts_with("export ") && equals != std::string::npos) {
            out.emplace_back(line.substr(7, equals - 7), line.substr(equals + 1));
        }
    }
    return out;
}

/// Asks again until the answer is yes. Containers change on their own time and there is nothing to wait on.
template <class Question>
bool comes_true(Milliseconds limit, Question question) {
    const auto deadline = Clock::now() + limit;
    while (!question()) {
        if (Clock::now() >= deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

}  // namespace

std::shared_ptr<const DockerLab> DockerLab::open(std::initializer_list<std::string> images) {
    const Ran up = script("engine", {"up"}).run();
    if (up.ending != exited(0)) {
        skip("no Docker engine: " + up.err);
        return nullptr;
    }
    const std::shared_ptr<DockerLab> lab(new DockerLab);
    lab->env_ = exported(script("engine", {"env"}).run().out);
    if (images.size() > 0) {
        const Ran built = script("images", images).run();
        if (built.ending != exited(0)) {
            skip("no container images: " + built.err);
            return nullptr;
        }
    }
    return lab;
}

std::string DockerLab::host() const {
    for (const auto& [name, value] : env_) {
        if (name == "DOCKER_HOST") {
            return value;
        }
    }
    return {};
}

std::string DockerLab::socket() const {
    const std::string name = host();
    return name.starts_with("unix://") ? name.substr(7) : std::string();
}

Ran DockerLab::docker(std::vector<std::string> args) const {
    args.insert(args.begin(), "docker");
    return program(std::move(args)).env(env_).timeout(std::chrono::minutes(1)).run();
}

std::string DockerLab::docker_out(std::vector<std::string> args) const {
    const std::string verb = args.empty() ? std::string() : args.front();
    Ran ran = docker(std::move(args));
    if (ran.ending != exited(0)) {
        FAIL("docker " << verb << ": " << ran.describe());
    }
    ran.out.erase(ran.out.find_last_not_of('\n') + 1);
    return ran.out;
}

std::string DockerLab::unique_name(std::string_view label) {
    static std::atomic<int> count{0};
    return std::string(label) + "-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

Container DockerLab::run(const ContainerSpec& spec) const {
    const std::string name = spec.name.empty() ? unique_name("backend") : spec.name;
    std::vector<std::string> args = {"run", "-d", "--name", name};
    if (!spec.network) {
        args.insert(args.end(), {"--network", "none"});
    }
    if (!spec.memory.empty()) {
        args.insert(args.end(), {"--memory", spec.memory});
    }
    args.insert(args.end(), spec.options.begin(), spec.options.end());
    args.push_back("memrb-lab/" + spec.image);
    args.insert(args.end(), spec.command.begin(), spec.command.end());
    // Made before it is known that the start worked: a container that was created and cannot start is removed, too.
    Container container(shared_from_this(), name, {});
    container.id_ = docker_out(std::move(args));
    return container;
}

Container::Container(std::shared_ptr<const DockerLab> lab, std::string name, std::string id)
    : lab_(std::move(lab)), name_(std::move(name)), id_(std::move(id)) {}

Container::~Container() {
    if (lab_) {
        (void)lab_->docker({"rm", "-f", "-v", name_});
    }
}

nlohmann::json Container::inspect() const {
    return nlohmann::json::parse(lab_->docker_out({"inspect", "--type", "container", id_})).at(0);
}

pid_t Container::pid() const {
    return std::stoi(lab_->docker_out({"inspect", "-f", "{{.State.Pid}}", id_}));
}

CgroupMemory Container::memory() const {
    const auto memory = read_cgroup(pid());
    if (!memory) {
        FAIL("the container " << name_ << " has no cgroup: it does not run");
    }
    return *memory;
}

void Container::wait_for_state(std::string_view status, Milliseconds limit) const {
    std::string present;
    if (!comes_true(limit, [&] {
            present = lab_->docker_out({"inspect", "-f", "{{.State.Status}}", id_});
            return present == status;
        })) {
        FAIL("the container " << name_ << " is " << present << ", not " << status);
    }
}

void Container::wait_for_log(std::string_view text, Milliseconds limit) const {
    Ran logs;
    if (!comes_true(limit, [&] {
            logs = lab_->docker({"logs", id_});
            return (logs.out + logs.err).find(text) != std::string::npos;
        })) {
        FAIL("the container " << name_ << " does not say \"" << text << "\" but: " << logs.out << logs.err);
    }
}

void Container::wait_for_restarts(int count, Milliseconds limit) const {
    int present = 0;
    if (!comes_true(limit, [&] {
            present = std::stoi(lab_->docker_out({"inspect", "-f", "{{.RestartCount}}", id_}));
            return present >= count;
        })) {
        FAIL("the container " << name_ << " was restarted " << present << " times, not " << count);
    }
}

void Container::wait_for_oom_events(int count, Milliseconds limit) const {
    long present = 0;
    if (!comes_true(limit, [&] {
            // `--until 0s` would be cut to the whole second and miss what has just happened.
            const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
            const auto events =
                lab_->docker_out({"events", "--since", "1h", "--until", std::to_string(now.count()), "--filter",
                                  "event=oom", "--filter", "container=" + id_, "--format", "{{.Action}};"});
            present = std::count(events.begin(), events.end(), ';');
            return present >= count;
        })) {
        FAIL("the engine told of " << present << " OOM events of the container " << name_ << ", not " << count);
    }
}

void Container::wait_for_working_set(std::uint64_t bytes, Milliseconds limit) const {
    const pid_t first_process = pid();
    std::optional<CgroupMemory> present;
    if (!comes_true(limit, [&] {
            present = read_cgroup(first_process);
            return present && present->working_set >= bytes;
        })) {
        FAIL("the container " << name_ << " uses " << (present ? present->working_set : 0) << " bytes, not " << bytes);
    }
}

Ran Container::exec(std::vector<std::string> command) const {
    command.insert(command.begin(), {"exec", id_});
    return lab_->docker(std::move(command));
}

std::string Container::address() const {
    auto text = lab_->docker_out({"inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", id_});
    text = text.substr(0, text.find(' '));
    if (text.empty()) {
        FAIL("the container " << name_ << " has no address");
    }
    return text;
}

nlohmann::json Container::tell(std::string_view command) const {
    const auto reply = http({.port = 8000, .host = address()}, "POST", "/run/" + std::string(command));
    if (!reply || reply->status != 200) {
        FAIL("the container " << name_ << " did not do \"" << command << "\": " << (reply ? reply->body : "no answer"));
    }
    return nlohmann::json::parse(reply->body);
}

}  // namespace memrb::test
