#include "support/gcloud_lab.h"

#include "support/http_client.h"
#include "support/skip.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace memrb::test {

std::unique_ptr<GcloudLab> GcloudLab::start(const std::string& scene, int revisions) {
    return start(scene, revisions, History{});
}

std::unique_ptr<GcloudLab> GcloudLab::start(const std::string& scene, int revisions, const History& history) {
    if (find_program("gcloud", own_environment()) == "gcloud") {
        skip("gcloud is not installed (https://cloud.google.com/sdk/docs/install)");
        return nullptr;
    }
    std::unique_ptr<GcloudLab> lab(new GcloudLab);
    lab->hand_out(token);
    lab->server_ = std::make_unique<LabServer>(
        std::vector<std::string>{"/usr/bin/python3", std::string(MEMRB_LAB_SCRIPTS) + "/gcloud/server", "--scene",
                                 scene, "--revisions", std::to_string(revisions), "--bad", std::to_string(history.bad),
                                 "--hours", std::to_string(history.hours)},
        std::vector<std::pair<std::string, std::string>>{}, "listening on 127.0.0.1:");
    return lab;
}

std::vector<std::pair<std::string, std::string>> GcloudLab::env() const {
    return {{"CLOUDSDK_CONFIG", config_folder()},
            {"CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "true"},
            {"CLOUDSDK_PROXY_TYPE", "http"},
            {"CLOUDSDK_PROXY_ADDRESS", "127.0.0.1"},
            {"CLOUDSDK_PROXY_PORT", std::to_string(server_->port())},
            {"CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN", "http://run.googleapis.com/"},
            {"CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING", "http://logging.googleapis.com/"},
            {"CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", (folder_ / "token").string()}};
}

Ran GcloudLab::gcloud(std::vector<std::string> args) const {
    args.insert(args.begin(), "gcloud");
    args.insert(args.end(), {std::string("--project=") + project, "--quiet"});
    if (args.at(1) == "run") {
        args.push_back(std::string("--region=") + region);
    }
    return program(std::move(args)).env(env()).timeout(std::chrono::seconds(90)).run();
}

std::string GcloudLab::config(const std::string& with_project) const {
    return std::string("targets:\n  aiprod-api:\n    platform: cloud-run\n    vars:\n      project: ") + with_project +
           "\n      region: " + region + "\n      monitoring_url: " + url() + "\n";
}

nlohmann::json GcloudLab::ask(const std::string& method, const std::string& path, const std::string& body) const {
    const auto reply = http({.port = server_->port()}, method, path, body);
    if (!reply || reply->status != 200) {
        FAIL("the emulated APIs do not answer " << path << ": " << (reply ? reply->body : server_->log()));
    }
    return nlohmann::json::parse(reply->body);
}

nlohmann::json GcloudLab::changes() const {
    return ask("GET", "/lab/changes");
}

nlohmann::json GcloudLab::requests() const {
    return ask("GET", "/lab/requests");
}

nlohmann::json GcloudLab::service_now() const {
    return ask("GET", std::string("/lab/service/") + service);
}

std::vector<std::string> GcloudLab::revisions() const {
    return ask("GET", "/lab/revisions").get<std::vector<std::string>>();
}

void GcloudLab::faults(const std::string& rules) const {
    (void)ask("POST", "/lab/faults", rules);
}

void GcloudLab::log(const std::string& severity, const std::string& message) const {
    (void)ask("POST", "/lab/log", nlohmann::json{{"severity", severity}, {"message", message}}.dump());
}

void GcloudLab::set(const std::string& settings) const {
    (void)ask("POST", "/lab/set", settings);
}

}  // namespace memrb::test
