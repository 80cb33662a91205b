#pragma once

#include "support/prometheus_lab.h"
#include "support/run.h"
#include "support/temp_dir.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace memrb::test {

/// tests/lab/gcloud/server, emulated Google APIs for the real gcloud; ended with its scope. Its scene is the Cloud Run
/// service aiprod-api of the project aiprod-484120 in europe-west1.
class GcloudLab {
public:
    static constexpr const char* project = "aiprod-484120";
    static constexpr const char* region = "europe-west1";
    static constexpr const char* service = "aiprod-api";
    static constexpr const char* token = "lab-token-1";

    /// What there was before the newest revision.
    struct History {
        int bad = 1;     ///< so many of the last revisions are as the scene says
        int hours = 30;  ///< between two of them
    };

    /// `scene`: leak (2Gi, it began with the newest revision 3 h ago), under-provisioned (512Mi), payloads, cache.
    /// Null: gcloud is not installed; it has said [skipped].
    static std::unique_ptr<GcloudLab> start(const std::string& scene = "leak", int revisions = 4);
    static std::unique_ptr<GcloudLab> start(const std::string& scene, int revisions, const History& history);

    /// For Run::env: gcloud's settings, its token in a file.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> env() const;
    /// The real gcloud; project and region are added.
    [[nodiscard]] Ran gcloud(std::vector<std::string> args) const;
    /// The folder that gcloud writes its own logs to.
    [[nodiscard]] std::string config_folder() const { return (folder_ / "gcloud").string(); }
    /// A config.yaml of memrb's that names the service as a target.
    [[nodiscard]] std::string config(const std::string& with_project = project) const;

    /// What took effect, oldest first: {service, memory, traffic, new_revision, differs}.
    [[nodiscard]] nlohmann::json changes() const;
    [[nodiscard]] nlohmann::json requests() const;
    [[nodiscard]] nlohmann::json service_now() const;
    /// Names of the revisions, oldest first.
    [[nodiscard]] std::vector<std::string> revisions() const;
    /// Rules as in tests/lab/gcloud/server: `[{"status":403,"url":"logging"}]`; `[]` ends them all.
    void faults(const std::string& rules) const;
    /// `{"page":2}`, `{"lag":240}`, `{"buckets":true}`, `{"tokens":["another"]}`.
    void set(const std::string& settings) const;
    /// A line in the service's log.
    void log(const std::string& severity, const std::string& message) const;
    void hand_out(const std::string& new_token) const { folder_.write("token", new_token); }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }

private:
    GcloudLab() = default;
    [[nodiscard]] nlohmann::json ask(const std::string& method, const std::string& path,
                                     const std::string& body = {}) const;

    TempDir folder_;
    std::unique_ptr<LabServer> server_;
};

}  // namespace memrb::test
