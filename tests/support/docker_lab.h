#pragma once

#include "support/cgroup_files.h"
#include "support/run.h"

#include <chrono>
#include <initializer_list>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memrb::test {

/// What a container is started with.
struct ContainerSpec {
    std::string image = "mem";              ///< `busybox`, `mem`, `python`, `redis`: of tests/lab/images
    std::vector<std::string> command = {};  ///< for `mem`: see tests/lab/memprog/mem.cpp
    std::string memory = {};                ///< `64m`; empty: no limit
    std::vector<std::string> options = {};  ///< more options of `docker run`
    std::string name = {};                  ///< empty: a name that no other test has
    bool network = false;                   ///< containers without one start faster
};

/// A real container; removed, with whatever it runs, at the end of its scope.
class Container {
public:
    Container(Container&& other) noexcept = default;
    Container& operator=(Container&&) = delete;
    Container(const Container&) = delete;
    Container& operator=(const Container&) = delete;
    ~Container();

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& id() const { return id_; }  ///< 64 hexadecimal digits

    /// The first element of `docker inspect`.
    [[nodiscard]] nlohmann::json inspect() const;
    /// First process on this machine; 0 if it does not run.
    [[nodiscard]] pid_t pid() const;
    /// Fails the test if the container does not run.
    [[nodiscard]] CgroupMemory memory() const;

    /// Polls until .State.Status is this (`running`, `exited`, `restarting`); fails the test if it does not come.
    void wait_for_state(std::string_view status, Milliseconds limit = std::chrono::seconds(20)) const;
    void wait_for_log(std::string_view text, Milliseconds limit = std::chrono::seconds(20)) const;
    /// Until .RestartCount is at least this.
    void wait_for_restarts(int count, Milliseconds limit = std::chrono::seconds(30)) const;
    /// Until the engine has told of at least this many `oom` events; they come a moment after the kill.
    void wait_for_oom_events(int count, Milliseconds limit = std::chrono::seconds(20)) const;
    /// Until the working set is at least this many bytes.
    void wait_for_working_set(std::uint64_t bytes, Milliseconds limit = std::chrono::seconds(20)) const;

    /// `docker exec NAME ...`
    [[nodiscard]] Ran exec(std::vector<std::string> command) const;
    /// POST /run/COMMAND of the image `mem` (started with `serve=8000` and a network); its counters.
    [[nodiscard]] nlohmann::json tell(std::string_view command) const;
    /// Address inside the engine's network, reachable from here; fails the test without a network.
    [[nodiscard]] std::string address() const;

private:
    friend class DockerLab;
    Container(std::shared_ptr<const class DockerLab> lab, std::string name, std::string id);

    std::shared_ptr<const class DockerLab> lab_;
    std::string name_;
    std::string id_;
};

/// The engine of tests/lab/engine and its images.
///
///     auto lab = DockerLab::open({"mem"});
///     if (!lab) { return; }  // it has said [skipped] and why
///     auto backend = lab->run({.command = {"working-set=60m", "say=ready"}, .memory = "64m"});
///     backend.wait_for_log("ready");
///     auto ran = run_memrb({"diagnose", backend.name(), "-o", "json"}).env(lab->env()).run();
class DockerLab : public std::enable_shared_from_this<DockerLab> {
public:
    /// Starts the engine and makes the images if need be (fast if not). Null: no engine can run here.
    static std::shared_ptr<const DockerLab> open(std::initializer_list<std::string> images);

    /// DOCKER_HOST, DOCKER_CONFIG (with the `docker compose` plugin) and MEMRB_LAB_DIR for a program under test.
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& env() const { return env_; }
    /// `unix:///.../docker.sock`
    [[nodiscard]] std::string host() const;
    /// The path in `host`; empty if the engine is not reached by a unix socket.
    [[nodiscard]] std::string socket() const;

    [[nodiscard]] Container run(const ContainerSpec& spec) const;
    /// `docker ARGS...`; the result is the caller's to check.
    [[nodiscard]] Ran docker(std::vector<std::string> args) const;
    /// stdout of `docker ARGS...` without the last newline; fails the test if the command fails.
    [[nodiscard]] std::string docker_out(std::vector<std::string> args) const;

    /// `label-PID-N`: no two tests have the same, also when they run at the same time.
    static std::string unique_name(std::string_view label);

private:
    DockerLab() = default;
    std::vector<std::pair<std::string, std::string>> env_;
};

}  // namespace memrb::test
