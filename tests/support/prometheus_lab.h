#pragma once

#include "memrb/units.h"
#include "support/child.h"
#include "support/docker_lab.h"
#include "support/temp_dir.h"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memrb::test {

using Labels = std::map<std::string, std::string>;

/// One time series as it is to be found in Prometheus. Values may be NaN or infinite.
struct LabSeries {
    std::string metric;
    Labels labels;
    std::vector<std::pair<Timestamp, double>> samples;  ///< rising times
};

/// Samples of `value(seconds since from)` at from, from + step, ... to.
LabSeries series(std::string metric, Labels labels, Timestamp from, Timestamp to, Milliseconds step,
                 const std::function<double(double)>& value);
/// Labels as cAdvisor gives them to a container of Docker.
Labels cadvisor_labels(const std::string& name, const std::string& id, const std::string& image = "shop/backend:1");
/// OpenMetrics text as `promtool tsdb create-blocks-from openmetrics` reads it.
std::string openmetrics(const std::vector<LabSeries>& all);

/// A program that listens on a free loopback port and writes into a log file; ended with its scope.
class LabServer {
public:
    /// Starts it and waits until the log has `before_port` followed by a port number.
    LabServer(std::vector<std::string> argv, const std::vector<std::pair<std::string, std::string>>& env,
              std::string_view before_port);
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::string log() const { return folder_.read("log"); }
    void stop();

private:
    TempDir folder_;
    Descriptor log_;
    std::unique_ptr<Child> child_;
    int port_ = 0;
};

/// A real Prometheus with these series in its store.
///
///     auto prometheus = PrometheusLab::start({series("container_memory_working_set_bytes", cadvisor_labels("backend",
///     id),
///                                                    now - 6h, now, 15s, [](double s) { return 3e8 + 2e4 * s; })});
///     if (!prometheus) { return; }
///     run_memrb({"diagnose", "backend", "--set", "prometheus=" + prometheus->url()})...
class PrometheusLab {
public:
    struct Options {
        std::vector<std::string> scrape = {};  ///< `127.0.0.1:PORT`, scraped each second as job `cadvisor`
        std::string config = {};               ///< more YAML for the configuration file
        std::vector<std::string> flags = {};
    };
    /// Null: prometheus or promtool is not installed; it has said [skipped].
    static std::unique_ptr<PrometheusLab> start(const std::vector<LabSeries>& history, const Options& options);
    static std::unique_ptr<PrometheusLab> start(const std::vector<LabSeries>& history) { return start(history, {}); }

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
    [[nodiscard]] int port() const { return server_->port(); }
    /// `data.result` of an instant query; fails the test if the query fails.
    [[nodiscard]] nlohmann::json query(std::string_view promql) const;
    /// Asks until the query has a result (a scrape has come); fails the test if it does not.
    [[nodiscard]] nlohmann::json wait_for(std::string_view promql, Milliseconds limit = std::chrono::seconds(20)) const;
    /// Ends it now: a Prometheus that is down.
    void stop() { server_->stop(); }

private:
    PrometheusLab() = default;
    TempDir folder_;
    std::unique_ptr<LabServer> server_;
};

/// tests/lab/exporter: cAdvisor's metric names from the cgroup files of the lab engine's containers.
class CadvisorLab {
public:
    explicit CadvisorLab(const DockerLab& lab);
    /// For PrometheusLab::Options::scrape.
    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(server_.port()); }
    [[nodiscard]] std::string metrics() const;

private:
    LabServer server_;
};

}  // namespace memrb::test
