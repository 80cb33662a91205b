#include "support/docker_lab.h"
#include "support/run.h"
#include "support/skip.h"

#include <unistd.h>

#include <catch2/catch.hpp>

using namespace memrb::test;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

/// The engine script with a state folder of the test's own, so that the engine of the other tests is left alone.
struct EngineScript {
    TempDir folder;

    EngineScript() = default;
    EngineScript(const EngineScript&) = delete;
    EngineScript& operator=(const EngineScript&) = delete;
    EngineScript(EngineScript&&) = delete;
    EngineScript& operator=(EngineScript&&) = delete;
    ~EngineScript() { (void)call("down"); }

    [[nodiscard]] Ran call(const std::string& verb) const {
        return program({MEMRB_SOURCE_DIR "/tests/lab/engine", verb})
            .env("MEMRB_LAB_DIR", folder.str())
            .env("MEMRB_LAB_ISOLATED", "1")
            .unset("DOCKER_HOST")
            .timeout(minutes(2))
            .run();
    }
    [[nodiscard]] std::string pid() const { return folder.read("docker.pid"); }
};

bool can_start_an_engine() {
    if (::geteuid() == 0) {
        return true;
    }
    skip("only root can start an engine");
    return false;
}

}  // namespace

TEST_CASE("the engine starts, is found again at once, and ends") {
    if (!can_start_an_engine()) {
        return;
    }
    const EngineScript engine;
    const Ran first = engine.call("up");
    INFO(first.describe());
    REQUIRE(first.ending == exited(0));
    CHECK(first.left_behind.empty());
    const std::string pid = engine.pid();
    const Ran second = engine.call("up");
    CHECK(second.ending == exited(0));
    CHECK(second.elapsed < seconds(2));
    CHECK(engine.pid() == pid);
    CHECK(engine.call("env").out.find("export DOCKER_HOST=unix://" + engine.folder.str() + "/docker.sock\n") !=
          std::string::npos);

    CHECK(engine.call("down").ending == exited(0));
    CHECK_FALSE(std::filesystem::exists("/proc/" + pid));
    CHECK_FALSE(std::filesystem::exists(engine.folder / "docker.sock"));
    const Ran env = engine.call("env");
    CHECK(env.ending == exited(1));
    CHECK(env.err == "tests/lab/engine: the engine is not up: run tests/lab/engine up\n");
    CHECK(engine.call("down").ending == exited(0));

    // What the first start found out about the machine must not hurt the next one.
    const Ran again = engine.call("up");
    INFO(again.describe());
    CHECK(again.ending == exited(0));
    CHECK(engine.call("down").ending == exited(0));
}

TEST_CASE("a stale pid file and a socket without a daemon do not keep the engine from starting") {
    if (!can_start_an_engine()) {
        return;
    }
    const EngineScript engine;
    // The number of a live process that is no engine, as after a reboot.
    (void)engine.folder.write("docker.pid", std::to_string(::getpid()));
    (void)engine.folder.write("exec/containerd/containerd.pid", std::to_string(::getpid()));
    REQUIRE(program({"/usr/bin/python3", "-c", "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])",
                     (engine.folder / "docker.sock").string()})
                .run()
                .ending == exited(0));
    const Ran up = engine.call("up");
    INFO(up.describe());
    CHECK(up.ending == exited(0));
    CHECK(engine.pid() != std::to_string(::getpid()));
}

TEST_CASE("an engine that answers already is used, not another one started") {
    const auto lab = DockerLab::open({});
    if (!lab) {
        return;
    }
    const TempDir folder;
    const auto call = [&](const char* verb) {
        return program({MEMRB_SOURCE_DIR "/tests/lab/engine", verb})
            .env("MEMRB_LAB_DIR", folder.str())
            .env("DOCKER_HOST", lab->host())
            .run();
    };
    CHECK(call("up").ending == exited(0));
    CHECK(call("env").out.find("export DOCKER_HOST=" + lab->host() + "\n") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder / "docker.pid"));
    CHECK(call("down").ending == exited(0));
    CHECK(lab->docker({"version"}).ending == exited(0));
}

TEST_CASE("an unknown image is told") {
    const auto lab = DockerLab::open({});
    if (!lab) {
        return;
    }
    const Ran ran = program({MEMRB_SOURCE_DIR "/tests/lab/images", "nosuch"}).env(lab->env()).run();
    CHECK(ran.ending == exited(1));
    CHECK(ran.err == "tests/lab/images: no image is called 'nosuch': busybox, mem, python or redis\n");
}
