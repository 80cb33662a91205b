// Dry runs in Kubernetes, against what the emulated API was asked: nothing but the target, and for each option, word
// for word, what the real run then sends.
#include "support/kube_lab.h"
#include "support/records.h"
#include "support/shown.h"
#include "support/traced.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

using namespace memrb::test;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds a_while(200);
const std::vector<std::string> options{"restart", "raise-limit", "scale-out", "rollback"};
const std::vector<std::string> flags{"--set", "memory_limit=512Mi", "--set", "replicas=4"};

// New pods are measured at once, and there is a revision to go back to.
std::unique_ptr<KubeLab> start() {
    auto lab = KubeLab::start();
    if (lab) {
        lab->fresh_usage(R"({"app":"40Mi"})");
        (void)lab->kubectl({"set", "image", "deployment/backend", "app=shop/backend:2"});
    }
    return lab;
}

Run in_cluster(const KubeLab& lab, std::vector<std::string> words) {
    words.insert(words.end(), {"--platform", "kubernetes"});
    words.insert(words.end(), flags.begin(), flags.end());
    return run_memrb(words).env(lab.env()).timeout(a_while);
}

// Names that the cluster gives, versions and moments differ between two clusters.
std::string same_everywhere(std::string text) {
    text =
        std::regex_replace(without_moments(std::move(text)), std::regex("resourceVersion=[0-9]+"), "resourceVersion=N");
    text = std::regex_replace(text, std::regex(R"("resourceVersion": ?"[0-9]+")"), R"("resourceVersion":"N")");
    text = std::regex_replace(text, std::regex("timeoutSeconds=[0-9]+"), "timeoutSeconds=N");  // drawn by lot
    text = std::regex_replace(text, std::regex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "UID");
    text = std::regex_replace(text, std::regex(R"(\d{4}-\d\d-\d\dT[0-9:]+(Z|[+-]\d\d:\d\d))"), "MOMENT");
    return std::regex_replace(text, std::regex("backend-[0-9a-z]+-[0-9a-z]{5}"), "backend-POD");
}

// kubectl writes the terms of a selector in any order.
std::string in_order(std::string request) {
    std::smatch found;
    const std::regex selector("fieldSelector=([^&]*)");
    if (!std::regex_search(request, found, selector)) {
        return request;
    }
    std::multiset<std::string> terms;
    const std::string all = found[1].str() + "%2C";
    for (std::size_t at = 0, end = 0; (end = all.find("%2C", at)) != std::string::npos; at = end + 3) {
        terms.insert(all.substr(at, end - at));
    }
    std::string sorted;
    for (const auto& term : terms) {
        sorted += term + ",";
    }
    return std::regex_replace(request, selector, "fieldSelector=" + sorted);
}

std::multiset<std::string> changes_since(const KubeLab& lab, std::size_t before) {
    std::multiset<std::string> all;
    const json changes = lab.changes();
    for (std::size_t i = before; i < changes.size(); ++i) {
        json change = changes[i];
        change.erase("at");
        all.insert(same_everywhere(change.dump()));
    }
    return all;
}

std::set<std::string> requests_since(const KubeLab& lab, std::size_t before) {
    std::set<std::string> all;
    const json requests = lab.requests();
    for (std::size_t i = before; i < requests.size(); ++i) {
        all.insert(in_order(same_everywhere(requests[i].at("method").get<std::string>() + " " +
                                            requests[i].at("path").get<std::string>())));
    }
    return all;
}

}  // namespace

TEST_CASE("Kubernetes: the dry run of the whole runbook looks for its target and does nothing else") {
    const auto lab = start();
    if (!lab) {
        return;
    }
    for (const std::string target : {"backend", "lone"}) {
        const auto changed = lab->changes().size();
        const auto asked = lab->requests().size();
        TempDir home;
        const auto dry =
            traced(in_cluster(*lab, {"diagnose", target, "--dry-run=all", "-o", "json"}).home(home.path()), a_while);
        if (!dry) {
            return;
        }
        INFO(dry->ran.describe());
        REQUIRE(dry->ran.ending == exited(0));
        CHECK(dry->started.size() >= 1);
        for (const auto& program : dry->started) {
            INFO(program);
            const bool config = program.find(R"("config", "view")") != std::string::npos;
            const bool look =
                program.find(R"("get", "deployments,statefulsets,pods", "-o", "json")") != std::string::npos;
            CHECK((program.find("kubectl") != std::string::npos && (config || look)));
        }
        const std::string port = lab->url().substr(lab->url().rfind(':') + 1);
        for (const auto& connection : dry->connected) {
            INFO(connection);
            CHECK(connection.find("htons(" + port + ")") != std::string::npos);
        }
        CHECK(lab->changes().size() == changed);
        for (const auto& request : requests_since(*lab, asked)) {
            INFO(request);
            CHECK(request.starts_with("GET "));
            CHECK(request.find("metrics.k8s.io") == std::string::npos);
            CHECK(request.find("/log") == std::string::npos);
        }
        const json preview = json::parse(dry->ran.out);
        std::set<std::string> previewed;
        for (const auto& section : preview.at("sections")) {
            if (section.at("part") == "steps") {
                previewed.insert(section.at("option").get<std::string>());
            }
            if (section.at("option") == "restart") {
                CHECK(section.at("applies") == (target == "backend" ? "yes" : "no"));
            }
            CHECK(section.dump().find("\"ok\"") == std::string::npos);
        }
        for (const auto& option : options) {
            CHECK(previewed.contains(option));
        }
        for (const auto& entry : fs::recursive_directory_iterator(home.path())) {
            CHECK(entry.path().string().find("incidents") == std::string::npos);
        }
    }
}

TEST_CASE("Kubernetes: what a dry run shows, run by hand, sends what the real run sends") {
    for (const auto& option : options) {
        INFO(option);
        const auto real = start();
        const auto by_hand = start();
        if (!real || !by_hand) {
            return;
        }
        const Ran dry = in_cluster(*by_hand, {"diagnose", "backend", "--dry-run=all", "-o", "json"}).run();
        REQUIRE(dry.ending == exited(0));

        const auto real_changes = real->changes().size();
        const auto real_requests = real->requests().size();
        TempDir home;
        const Ran ran = in_cluster(*real, {"resolve", "backend", option, "--confirm=backend"}).home(home.path()).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(0));
        const auto folder = only_record(home.path());
        const auto done = record_of(folder);
        const auto shown = preview_of(json::parse(dry.out), captures_of(folder), [&](const json& section) {
            return section.at("part") == "diagnosis" || section.at("part") == "evidence" ||
                   (section.at("option") == option && section.at("part") != "undo");
        });
        for (const auto& [step, one] : done) {
            INFO(step);
            REQUIRE(shown.contains(step));
            CHECK(shown.at(step).commands == one.commands);
            CHECK(shown.at(step).requests == one.requests);
        }
        for (const auto& [step, one] : shown) {
            INFO(step << " was shown as certain");
            CHECK((one.status == "depends" || done.contains(step)));
        }

        const auto hand_changes = by_hand->changes().size();
        const auto hand_requests = by_hand->requests().size();
        std::string script;
        for (const auto& id : ids_in_order(folder)) {
            const auto& lines = shown.at(id).lines;
            if (!lines.empty() && lines.front().starts_with("kubectl ")) {
                script += lines.front() + " >/dev/null\n";
            }
        }
        const Ran shell = program({"bash", "-c", script}).env(by_hand->env()).timeout(a_while).run();
        INFO(script << shell.describe());
        CHECK(changes_since(*by_hand, hand_changes) == changes_since(*real, real_changes));
        CHECK(changes_since(*real, real_changes).size() == 1);
        const auto sent = requests_since(*real, real_requests);
        for (const auto& request : requests_since(*by_hand, hand_requests)) {
            INFO("by hand only: " << request);
            CHECK(sent.contains(request));
        }
    }
}
