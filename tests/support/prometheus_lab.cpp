#include "support/prometheus_lab.h"

#include "support/http_client.h"
#include "support/skip.h"

#include <fcntl.h>

#include <catch2/catch.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

namespace memrb::test {
namespace {

using Clock = std::chrono::steady_clock;

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c == '\n' ? std::string("\\n") : std::string(1, c);
    }
    return out + "\"";
}

std::string number(double value) {
    if (std::isnan(value)) {
        return "NaN";
    }
    if (std::isinf(value)) {
        return value > 0 ? "+Inf" : "-Inf";
    }
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.17g", value);
    return text.data();
}

bool installed(const std::string& name) {
    return find_program(name, own_environment()) != name;
}

}  // namespace

LabSeries series(std::string metric, Labels labels, Timestamp from, Timestamp to, Milliseconds step,
                 const std::function<double(double)>& value) {
    LabSeries out{std::move(metric), std::move(labels), {}};
    for (Timestamp at = from; at <= to; at += step) {
        out.samples.emplace_back(at, value(std::chrono::duration<double>(at - from).count()));
    }
    return out;
}

Labels cadvisor_labels(const std::string& name, const std::string& id, const std::string& image) {
    return {
        {"id", "/docker/" + id}, {"name", name}, {"image", image}, {"job", "cadvisor"}, {"instance", "localhost:8080"}};
}

std::string openmetrics(const std::vector<LabSeries>& all) {
    // The format wants all series of one metric together.
    std::map<std::string, std::string> by_metric;
    for (const auto& one : all) {
        std::string name = one.metric + "{";
        for (const auto& [label, value] : one.labels) {
            name += (name.back() == '{' ? "" : ",") + label + "=" + quoted(value);
        }
        std::string& text = by_metric[one.metric];
        for (const auto& [at, value] : one.samples) {
            std::array<char, 40> seconds{};
            std::snprintf(seconds.data(), seconds.size(), "%.3f",
                          static_cast<double>(at.time_since_epoch().count()) / 1000);
            text += name + "} " + number(value) + " " + seconds.data() + "\n";
        }
    }
    std::string out;
    for (const auto& [metric, text] : by_metric) {
        out.append("# TYPE ").append(metric).append(" unknown\n").append(text);
    }
    return out + "# EOF\n";
}

LabServer::LabServer(std::vector<std::string> argv, const std::vector<std::pair<std::string, std::string>>& env,
                     std::string_view before_port) {
    log_ = Descriptor(::open((folder_ / "log").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600));
    Spawn spawn{
        .argv = std::move(argv), .env = own_environment(), .cwd = folder_.str(), .out = log_.get(), .err = log_.get()};
    for (const auto& [name, value] : env) {
        set_variable(spawn.env, name, value);
    }
    child_ = std::make_unique<Child>(spawn);
    const auto deadline = Clock::now() + std::chrono::seconds(20);
    while (port_ == 0) {
        const std::string text = log();
        const auto found = text.find(before_port);
        // The whole line must be there, or the number might be cut.
        if (found != std::string::npos && text.find('\n', found) != std::string::npos) {
            const char* digits = text.data() + found + before_port.size();
            std::from_chars(digits, text.data() + text.size(), port_);
        }
        if (port_ == 0 && (child_->wait(std::chrono::milliseconds(10)) || Clock::now() > deadline)) {
            throw std::runtime_error(spawn.argv.front() + " does not listen: " + text);
        }
    }
}

void LabServer::stop() {
    child_.reset();
}

std::unique_ptr<PrometheusLab> PrometheusLab::start(const std::vector<LabSeries>& history, const Options& options) {
    if (!installed("prometheus") || !installed("promtool")) {
        skip("prometheus is not installed (scripts/test-deps)");
        return nullptr;
    }
    std::unique_ptr<PrometheusLab> lab(new PrometheusLab);
    const auto store = lab->folder_ / "data";
    if (!history.empty()) {
        const auto text = lab->folder_.write("series.om", openmetrics(history));
        const Ran made =
            program({"promtool", "tsdb", "create-blocks-from", "openmetrics", text.string(), store.string()}).run();
        if (made.ending != exited(0)) {
            FAIL("promtool: " << made.describe());
        }
    }
    std::string config = "global: {scrape_interval: 1s, evaluation_interval: 1s}\n" + options.config;
    if (!options.scrape.empty()) {
        config += "scrape_configs:\n  - job_name: cadvisor\n    honor_labels: true\n    static_configs: [{targets: [";
        for (const auto& target : options.scrape) {
            config += "\"" + target + "\",";
        }
        config += "]}]\n";
    }
    const auto file = lab->folder_.write("prometheus.yml", config);
    // Recorded history may be years old, and is to stay.
    std::vector<std::string> argv = {"prometheus", "--config.file=" + file.string(),
                                     "--storage.tsdb.path=" + store.string(), "--web.listen-address=127.0.0.1:0",
                                     "--storage.tsdb.retention.time=100y"};
    argv.insert(argv.end(), options.flags.begin(), options.flags.end());
    lab->server_ = std::make_unique<LabServer>(argv, std::vector<std::pair<std::string, std::string>>{},
                                               "msg=\"Listening on\" address=127.0.0.1:");
    const auto deadline = Clock::now() + std::chrono::seconds(20);
    for (;;) {
        const auto reply = http({.port = lab->port()}, "GET", "/-/ready");
        if (reply && reply->status == 200) {
            return lab;
        }
        if (Clock::now() > deadline) {
            FAIL("Prometheus is not ready: " << lab->server_->log());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

nlohmann::json PrometheusLab::query(std::string_view promql) const {
    const auto reply = http({.port = port()}, "GET", "/api/v1/query?query=" + percent_encode(promql));
    if (!reply || reply->status != 200) {
        FAIL("Prometheus did not answer " << promql << ": " << (reply ? reply->body : "no answer"));
    }
    return nlohmann::json::parse(reply->body).at("data").at("result");
}

nlohmann::json PrometheusLab::wait_for(std::string_view promql, Milliseconds limit) const {
    const auto deadline = Clock::now() + limit;
    for (;;) {
        auto result = query(promql);
        if (!result.empty()) {
            return result;
        }
        if (Clock::now() > deadline) {
            FAIL("Prometheus has nothing for " << promql);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

CadvisorLab::CadvisorLab(const DockerLab& lab)
    : server_({"/usr/bin/python3", std::string(MEMRB_LAB_SCRIPTS) + "/exporter", "--engine", lab.socket()}, lab.env(),
              "listening on 127.0.0.1:") {}

std::string CadvisorLab::metrics() const {
    const auto reply = http({.port = server_.port()}, "GET", "/metrics");
    if (!reply || reply->status != 200) {
        FAIL("the exporter does not answer: " << server_.log());
    }
    return reply->body;
}

}  // namespace memrb::test
