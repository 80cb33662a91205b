#pragma once

#include "support/http_server.h"
#include "support/run.h"
#include "support/temp_dir.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace memrb::test {

/// A Docker engine on a unix socket with one running container, `backend` with 81 % of its 64 MiB, and programs
/// `docker` and `dmesg` that go with it: what a healthy host answers, recorded. Each part can be made to fail by
/// itself.
///
///     FakeDocker docker;
///     docker.tool("dmesg", "#!/bin/sh\nexit 1\n");
///     const auto ran = docker.diagnose({"--set", "prometheus=" + prometheus.url()}).run();
class FakeDocker {
public:
    FakeDocker();

    [[nodiscard]] std::filesystem::path socket() const { return folder_ / "docker.sock"; }
    /// The stand-ins for tools: goes first in PATH.
    [[nodiscard]] std::filesystem::path bin() const { return folder_ / "bin"; }
    [[nodiscard]] const std::string& container_id() const { return id_; }

    /// Puts another program in the place of a tool, or beside them.
    void tool(std::string_view name, std::string_view script) const;
    /// The engine ends: its socket is gone.
    void stop() { engine_.reset(); }
    [[nodiscard]] HttpServer& engine() { return *engine_; }

    /// `memrb diagnose backend FLAGS...` on this host.
    [[nodiscard]] Run diagnose(std::vector<std::string> flags = {}) const;

private:
    TempDir folder_;
    std::string id_;
    std::unique_ptr<HttpServer> engine_;
};

/// A file of tests/fixtures/recorded.
std::string recorded(std::string_view name);

/// Answers each query as a Prometheus with two hours of `backend`, seen each minute at 52 of 64 MiB, up to now.
void answer_as_healthy(HttpServer& prometheus);

}  // namespace memrb::test
