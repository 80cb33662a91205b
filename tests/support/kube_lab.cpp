#include "support/kube_lab.h"

#include "support/http_client.h"
#include "support/skip.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace memrb::test {

std::unique_ptr<KubeLab> KubeLab::start(const std::string& namespace_of_context) {
    if (find_program("kubectl", own_environment()) == "kubectl") {
        skip("kubectl is not installed (scripts/test-deps)");
        return nullptr;
    }
    std::unique_ptr<KubeLab> lab(new KubeLab);
    lab->server_ = std::make_unique<LabServer>(
        std::vector<std::string>{"/usr/bin/python3", std::string(MEMRB_LAB_SCRIPTS) + "/kube/server", "--kubeconfig",
                                 (lab->folder_ / "kubeconfig").string(), "--namespace", namespace_of_context},
        std::vector<std::pair<std::string, std::string>>{}, "listening on 127.0.0.1:");
    return lab;
}

std::vector<std::pair<std::string, std::string>> KubeLab::env() const {
    return {{"KUBECONFIG", (folder_ / "kubeconfig").string()}, {"KUBECACHEDIR", (folder_ / "cache").string()}};
}

Ran KubeLab::kubectl(std::vector<std::string> args) const {
    args.insert(args.begin(), "kubectl");
    return program(std::move(args)).env(env()).timeout(std::chrono::seconds(60)).run();
}

nlohmann::json KubeLab::ask(const std::string& path) const {
    const auto reply = http({.port = server_->port()}, "GET", path);
    if (!reply || reply->status != 200) {
        FAIL("the emulated API does not answer " << path << ": " << (reply ? reply->body : server_->log()));
    }
    return nlohmann::json::parse(reply->body);
}

nlohmann::json KubeLab::tell(const std::string& path, const std::string& body) const {
    const auto reply = http({.port = server_->port()}, "POST", path, body);
    if (!reply || reply->status != 200) {
        FAIL("the emulated API does not take " << path << ": " << (reply ? reply->body : server_->log()));
    }
    return nlohmann::json::parse(reply->body);
}

nlohmann::json KubeLab::changes() const {
    return ask("/lab/changes");
}

nlohmann::json KubeLab::requests() const {
    return ask("/lab/requests");
}

void KubeLab::faults(const std::string& rules) const {
    (void)tell("/lab/faults", rules);
}

void KubeLab::metrics_server(bool installed) const {
    (void)tell("/lab/metrics", installed ? R"({"available":true})" : R"({"available":false})");
}

void KubeLab::usage(const std::string& pod, const std::string& usage) const {
    (void)tell("/lab/metrics", R"({"namespace":"shop","pod":")" + pod + R"(","usage":)" + usage + "}");
}

void KubeLab::fresh_usage(const std::string& usage) const {
    (void)tell("/lab/metrics", R"({"fresh":)" + usage + "}");
}

void KubeLab::killed(const std::string& pod, int seconds_ago, const std::string& reason, int code) const {
    const nlohmann::json how = {{"seconds_ago", seconds_ago}, {"reason", reason}, {"code", code}};
    (void)tell("/lab/kill/shop/" + pod, how.dump());
}

void KubeLab::put(const std::string& resource, const nlohmann::json& object) const {
    (void)tell("/lab/objects/" + resource, object.dump());
}

nlohmann::json KubeLab::get(const std::string& resource, const std::string& name) const {
    const bool core = resource == "pods" || resource == "events";
    return ask((core ? "/api/v1" : "/apis/apps/v1") + std::string("/namespaces/shop/") + resource + "/" + name);
}

std::vector<std::string> KubeLab::pods(const std::string& selector) const {
    std::vector<std::string> names;
    const auto found = ask("/api/v1/namespaces/shop/pods?labelSelector=" + percent_encode(selector));
    for (const auto& pod : found.at("items")) {
        names.push_back(pod.at("metadata").at("name"));
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace memrb::test
