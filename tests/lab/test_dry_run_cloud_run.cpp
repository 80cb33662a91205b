// Dry runs on Cloud Run, against what the emulated Google APIs were asked: nothing but the target, and for each option,
// word for word, what the real run then sends.
#include "support/gcloud_lab.h"
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

constexpr std::chrono::seconds a_while(400);
const std::string confirmed = std::string("--confirm=") + GcloudLab::service;

/// memrb where the config names the service.
class Desk {
public:
    explicit Desk(const GcloudLab& lab) : lab_(lab) { home_.write("config/memrb/config.yaml", lab.config()); }
    [[nodiscard]] Run memrb(std::vector<std::string> words) const {
        words.insert(words.end(), {"--set", "memory_limit=4Gi"});
        return run_memrb(words).env(lab_.env()).home(home_.path()).timeout(a_while);
    }
    [[nodiscard]] std::filesystem::path record() const { return only_record(home_.path()); }
    [[nodiscard]] bool recorded() const { return !records_below(home_.path()).empty(); }

private:
    const GcloudLab& lab_;
    TempDir home_;
};

/// After a change another revision serves than that of the dry run.
std::vector<std::string> without_revision(std::vector<std::string> requests) {
    for (auto& request : requests) {
        request = std::regex_replace(request, std::regex("aiprod-api-[0-9]{5}-[0-9a-z]{3}"), "REVISION");
    }
    return requests;
}

bool of_google_apis(const std::string& url) {
    return url.find("monitoring") != std::string::npos || url.find("/v3/") != std::string::npos ||
           url.find("entries:list") != std::string::npos;
}

}  // namespace

TEST_CASE("Cloud Run: the dry run of the whole runbook looks for its target and does nothing else") {
    const auto lab = GcloudLab::start("leak", 3);
    if (!lab) {
        return;
    }
    const Desk desk(*lab);
    const auto dry = traced(desk.memrb({"diagnose", GcloudLab::service, "--dry-run=all", "-o", "json"}), a_while);
    if (!dry) {
        return;
    }
    INFO(dry->ran.describe());
    REQUIRE(dry->ran.ending == exited(0));
    CHECK(lab->changes().empty());
    std::size_t looks = 0;
    for (const auto& program : dry->started) {  // gcloud itself starts a Python, and that asks who it is
        if (program.find("\"services\"") != std::string::npos || program.find("\"run\"") != std::string::npos) {
            INFO(program);
            CHECK(program.find(R"("run", "services", "describe", "aiprod-api")") != std::string::npos);
            ++looks;
        }
        CHECK(program.find("\"logging\"") == std::string::npos);
        CHECK(program.find("print-access-token") == std::string::npos);
        CHECK(program.find("\"update") == std::string::npos);
    }
    CHECK(looks >= 1);
    for (const auto& request : lab->requests()) {
        INFO(request.dump());
        CHECK(request.at("method") == "GET");
        CHECK_FALSE(of_google_apis(request.at("url")));
    }
    CHECK_FALSE(desk.recorded());
    const json preview = json::parse(dry->ran.out);
    std::set<std::string> previewed;
    for (const auto& section : preview.at("sections")) {
        if (section.at("part") == "steps") {
            previewed.insert(section.at("option").get<std::string>());
        }
        CHECK(section.dump().find("\"ok\"") == std::string::npos);
    }
    const auto book = run_memrb({"runbook", "show", "cloud-run-out-of-memory", "-o", "json"}).run();
    const json shown = json::parse(book.out);
    for (const auto& option : shown.at("options")) {
        CHECK(previewed.contains(option.at("id").get<std::string>()));
    }
}

TEST_CASE("Cloud Run: what a dry run shows of an option is what the real run then sends") {
    for (const std::string option : {"rollback", "raise-limit"}) {
        INFO(option);
        const auto lab = GcloudLab::start("leak", 3);
        if (!lab) {
            return;
        }
        const Desk desk(*lab);
        const Ran dry = desk.memrb({"diagnose", GcloudLab::service, "--dry-run=all", "-o", "json"}).run();
        REQUIRE(dry.ending == exited(0));
        const auto before = lab->requests().size();
        const Ran ran = desk.memrb({"resolve", GcloudLab::service, option, confirmed}).run();
        INFO(ran.describe());
        CHECK((ran.ending == exited(0) || ran.ending == exited(6)));
        const auto folder = desk.record();
        const auto done = record_of(folder);
        auto values = captures_of(folder);
        json preview = json::parse(dry.out);
        if (values.contains("rollback_to")) {  // the one hole that is a word of the runbook's
            std::string text = preview.dump();
            for (auto at = text.find("LAST_HEALTHY"); at != std::string::npos; at = text.find("LAST_HEALTHY")) {
                text.replace(at, std::string("LAST_HEALTHY").size(), values.at("rollback_to"));
            }
            preview = json::parse(text);
        }
        const auto shown = preview_of(preview, values, [&](const json& section) {
            return section.at("part") == "diagnosis" || section.at("part") == "evidence" ||
                   (section.at("option") == option && section.at("part") != "undo");
        });
        std::set<std::string> promised;
        for (const auto& [step, one] : done) {
            INFO(step);
            REQUIRE(shown.contains(step));
            CHECK(shown.at(step).commands == one.commands);
            const bool later = step.starts_with(option + ".");  // of the revision that then serves
            CHECK((later ? without_revision(shown.at(step).requests) : shown.at(step).requests) ==
                  (later ? without_revision(one.requests) : one.requests));
            for (const auto& request : shown.at(step).requests) {
                promised.insert(request.substr(request.find("://") + 3));
            }
        }
        for (const auto& [step, one] : shown) {
            INFO(step << " was shown as certain");
            CHECK((one.status == "depends" || done.contains(step)));
        }
        // memrb's own requests, as the APIs saw them; gcloud's are those of its commands.
        const json requests = lab->requests();
        std::size_t own = 0;
        for (std::size_t i = before; i < requests.size(); ++i) {
            const std::string url = without_moments(requests[i].at("url"));
            if (url.find("/v3/") != std::string::npos ||
                url.find("/v1/projects/aiprod-484120/location/global") != std::string::npos) {
                ++own;
                const bool known = std::any_of(promised.begin(), promised.end(), [&](const std::string& one) {
                    const auto slash = one.find('/');
                    const auto sent = without_revision({url, one.substr(slash == std::string::npos ? 0 : slash)});
                    return slash != std::string::npos && sent[0].find(sent[1]) != std::string::npos;
                });
                INFO("sent, not shown: " << url);
                CHECK(known);
            }
        }
        CHECK(own > 3);
        CHECK(lab->changes().size() >= 1);
    }
}
