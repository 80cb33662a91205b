// `memrb diagnose` on Cloud Run: the real gcloud against emulated Google APIs.
#include "support/document.h"
#include "support/gcloud_lab.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

using namespace memrb::test;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds a_while(300);  // a dozen gclouds side by side on a busy machine

/// A home whose config names the service.
TempDir home_for(const GcloudLab& lab, const std::string& project = GcloudLab::project) {
    TempDir home;
    home.write("config/memrb/config.yaml", lab.config(project));
    return home;
}

Ran ran_diagnose(const GcloudLab& lab, const TempDir& home, const std::vector<std::string>& flags = {}) {
    std::vector<std::string> words{"diagnose", GcloudLab::service, "-o", "json"};
    words.insert(words.end(), flags.begin(), flags.end());
    return run_memrb(words).env(lab.env()).home(home.path()).timeout(a_while).run();
}

json step(const json& document, const std::string& id) {
    for (const auto& one : document.at("steps")) {
        if (one.at("id") == id) {
            return one;
        }
    }
    return nullptr;
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string first_cause(const json& document) {
    return document.at("causes").empty() ? "none" : document.at("causes").at(0).at("id").get<std::string>();
}

// The scene's diagnosis, from the config file's name alone; what every scene must show is checked.
json diagnosed(const std::string& scene) {
    const auto lab = GcloudLab::start(scene);
    if (!lab) {
        return nullptr;
    }
    const TempDir home = home_for(*lab);
    const auto document = document_of(ran_diagnose(*lab, home));
    CHECK(document.at("runbook").at("id") == "cloud-run-out-of-memory");
    CHECK(document.at("target").at("id") == lab->revisions().back());
    CHECK(lab->changes().empty());
    for (const auto* id :
         {"usage.now", "usage.service", "usage.revisions", "oom.kills", "oom.warnings", "growth.memory",
          "growth.reported", "growth.cache", "load.requests", "load.rate", "load.instances", "load.percentile",
          "load.errors", "load.concurrency", "payload.sizes", "payload.large"}) {
        INFO(step(document, id).dump());
        CHECK(step(document, id).at("status") == "ok");
    }
    for (const auto* id : {"code.changes", "libraries.list"}) {
        CHECK(step(document, id).at("status") == "skipped");
    }
    return document;
}

// Without padding.
std::string base64_of(const std::string& text) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string encoded;
    for (std::size_t i = 0; i + 2 < text.size(); i += 3) {
        const auto byte = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(text[at])); };
        const unsigned bits = byte(i) << 16U | byte(i + 1) << 8U | byte(i + 2);
        for (int shift = 18; shift >= 0; shift -= 6) {
            encoded += letters[bits >> static_cast<unsigned>(shift) & 63U];
        }
    }
    return encoded;
}

// How a secret could be told: plain, and in base64 at any offset, as in a Basic header.
std::vector<std::string> forms_of(const std::string& secret) {
    return {secret, base64_of(secret), base64_of(secret.substr(1)), base64_of(secret.substr(2))};
}

// A leak's surroundings.
std::string around(const std::string& text, const std::string& form) {
    const auto at = text.find(form);
    return at == std::string::npos ? std::string() : text.substr(at < 120 ? 0 : at - 120, form.size() + 240);
}

using Texts = std::vector<std::pair<std::string, std::string>>;  // where it was seen, and what

void add_files_below(const fs::path& folder, Texts& to) {
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            to.emplace_back(entry.path().string(), read_file(entry.path()));
        }
    }
}

}  // namespace

TEST_CASE("Cloud Run: a leak that began with a revision names it, the kills and the revision to go back to") {
    const auto document = diagnosed("leak");
    if (document.is_null()) {
        return;
    }
    INFO(document.dump(1));
    CHECK(first_cause(document) == "library-leak");
    CHECK(document.at("trend").at("verdict") == "growing");
    CHECK(document.at("memory").at("limit_bytes") == 2147483648);
    CHECK(document.at("memory").at("ratio").get<double>() > 0.9);
    CHECK(holds(document.at("memory").at("metric"), "across instances"));
    CHECK(document.at("oom").at("verdict") == "confirmed");
    CHECK(document.at("oom").at("count") == 3);
    CHECK(holds(step(document, "oom.kills").dump(), "3 kills for want of memory on 2 instances"));
    const std::string found = step(document, "growth.memory").dump();
    CHECK(holds(found, "first unhealthy: aiprod-api-00004"));
    CHECK(holds(found, "to go back to: aiprod-api-00003"));
    CHECK(document.at("options").at(0).at("id") == "rollback");
}

TEST_CASE("Cloud Run: of two revisions that leak the first one is named, and the one before it to go back to") {
    const auto lab = GcloudLab::start("leak", 5, {.bad = 2, .hours = 5});
    if (!lab) {
        return;
    }
    const auto names = lab->revisions();
    const TempDir home = home_for(*lab);
    const auto document = document_of(ran_diagnose(*lab, home));
    const std::string found = step(document, "growth.memory").dump();
    INFO(found);
    CHECK(holds(found, "first unhealthy: " + names[3]));
    CHECK(holds(found, "to go back to: " + names[2]));
}

TEST_CASE("Cloud Run: a limit that is too low is told from a leak") {
    const auto document = diagnosed("under-provisioned");
    if (document.is_null()) {
        return;
    }
    INFO(document.dump(1));
    CHECK(first_cause(document) == "under-provisioned");
    CHECK(document.at("memory").at("limit_bytes") == 536870912);
    CHECK(document.at("oom").at("count") == 6);
    CHECK(holds(step(document, "oom.kills").dump(), "on 3 instances"));
    CHECK(document.at("right_size").at("limit_bytes").get<long>() > 536870912);
}

TEST_CASE("Cloud Run: large requests at the peaks are named as the cause") {
    const auto document = diagnosed("payloads");
    if (document.is_null()) {
        return;
    }
    INFO(document.dump(1));
    CHECK(first_cause(document) == "large-payloads");
    CHECK(holds(document.at("causes").dump(), "there are requests or responses over 10 MiB"));
}

TEST_CASE("Cloud Run: a cache without eviction is told from a leak") {
    const auto document = diagnosed("cache");
    if (document.is_null()) {
        return;
    }
    INFO(document.dump(1));
    CHECK(first_cause(document) == "unbounded-cache");
    CHECK(document.at("oom").at("verdict") == "none");
}

TEST_CASE("Cloud Run: the source code is searched where it is given") {
    const auto lab = GcloudLab::start("leak", 2);
    if (!lab) {
        return;
    }
    const TempDir source;
    source.write("src/api/main.py",
                 "from functools import lru_cache\n@lru_cache\ndef f(x): return x\nrows.append(1)\nopen('x')\n");
    source.write("src/api/good.py", "with open('x') as f: pass\n@lru_cache(maxsize=128)\ndef g(x): return x\n");
    source.write("requirements.txt", "numpy==1.0\n");
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"init", "-q"},
             {"add", "."},
             {"-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "Leak a little"}}) {
        std::vector<std::string> command{"git", "-C", source.str()};
        command.insert(command.end(), words.begin(), words.end());
        REQUIRE(program(command).run().ending == exited(0));
    }
    const TempDir home = home_for(*lab);
    const auto document = document_of(ran_diagnose(
        *lab, home, {"--set", "source=" + source.str(), "--set", "python=python3", "--set", "library=json"}));
    INFO(document.dump(1));
    const auto said = [&](const std::string& id) {
        const json one = step(document, id);
        return one.at("output").is_string()
                   ? read_file(fs::path(document.at("folder").get<std::string>()) / one.at("output").get<std::string>())
                   : std::string();
    };
    CHECK(holds(said("code.changes"), "Leak a little"));
    CHECK(holds(said("code.main"), "Leak a little"));
    CHECK(holds(said("code.dependencies"), "Leak a little"));
    CHECK(holds(said("code.files"), "main.py:5:open('x')"));
    CHECK_FALSE(holds(said("code.files"), "good.py"));
    CHECK(holds(said("code.lists"), "main.py:4:rows.append(1)"));
    CHECK(holds(said("code.unbounded"), "main.py:2:@lru_cache"));
    CHECK_FALSE(holds(said("code.unbounded"), "good.py"));
    CHECK(holds(said("code.caches"), "main.py:2:"));
    CHECK(holds(said("code.bounds"), "good.py:2:"));
    CHECK(step(document, "libraries.list").at("status") == "ok");
    CHECK(holds(said("libraries.suspect"), "MiB after import:"));
}

TEST_CASE("Cloud Run: answers of several pages and whole distributions give the same diagnosis") {
    const auto lab = GcloudLab::start("leak", 4, {.bad = 1, .hours = 5});
    if (!lab) {
        return;
    }
    lab->set(R"({"page":1,"buckets":true})");
    const TempDir home = home_for(*lab);
    const auto document = document_of(ran_diagnose(*lab, home));
    INFO(document.dump(1));
    CHECK(document.at("oom").at("count") == 3);
    CHECK(document.at("trend").at("verdict") == "growing");
    CHECK(holds(step(document, "usage.revisions").dump(), "4 revisions"));
    std::set<std::string> pages;
    for (const auto& request : lab->requests()) {
        const std::string url = request.at("url");
        const auto at = url.find("/revisions?") == std::string::npos ? std::string::npos : url.find("continue=");
        pages.insert(at == std::string::npos ? std::string() : url.substr(at));
        CHECK(request.at("known_token") == true);
    }
    CHECK(pages.size() == 4);  // each with one revision, the first without a token
}

TEST_CASE("Cloud Run: no token in output, record, report, logs or any command line, in no form") {
    const auto lab = GcloudLab::start("leak", 2);
    if (!lab) {
        return;
    }
    const std::string secret = "ya29.c0ASRK0GZtoken-of-the-lab-0123456789abcdef";
    lab->hand_out(secret);
    lab->set(R"({"tokens":[")" + secret + R"("]})");
    lab->log("WARNING", "sent Authorization: Bearer " + secret + " to the upstream");
    lab->log("ERROR", "refused: Authorization: Basic " + base64_of("user:" + secret));
    const TempDir home = home_for(*lab);
    auto running = run_memrb({"resolve", GcloudLab::service, "raise-limit", "--set=memory_limit=4Gi",
                              std::string("--confirm=") + GcloudLab::service, "--plain"})
                       .env(lab->env())
                       .env("MEMRB_LOG", (home / "memrb.log").string())
                       .home(home.path())
                       .timeout(a_while)
                       .start();
    std::set<std::string> seen_in_ps;  // arguments and environment of all processes while it runs
    std::jthread watcher([&](const std::stop_token& ended) {
        while (!ended.stop_requested()) {
            std::error_code gone;
            for (const auto& entry : fs::directory_iterator("/proc", gone)) {
                for (const char* name : {"cmdline", "environ"}) {
                    std::ifstream file(entry.path() / name, std::ios::binary);
                    std::ostringstream text;
                    text << file.rdbuf();
                    if (text.str().find("gcloud") != std::string::npos) {
                        seen_in_ps.insert(text.str());
                    }
                }
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    });
    const Ran ran = running.finish();
    watcher.request_stop();
    watcher.join();
    INFO(ran.describe());
    CHECK(ran.ending == exited(0));
    CHECK(lab->changes().size() == 1);
    CHECK(seen_in_ps.size() > 5);
    Texts seen{{"screen", ran.out + ran.err}};
    for (const auto* format : {"md", "html", "json"}) {
        const Ran report = run_memrb({"report", "--format", format}).home(home.path()).run();
        CHECK(report.ending == exited(0));
        CHECK(holds(report.out, GcloudLab::service));
        seen.emplace_back(std::string("report as ") + format, report.out + report.err);
    }
    add_files_below(home.path(), seen);
    add_files_below(lab->config_folder(), seen);
    for (const auto& text : seen_in_ps) {
        seen.emplace_back("ps", text);
    }
    const auto anywhere = [&](const std::string& text) {
        return std::any_of(seen.begin(), seen.end(), [&](const auto& one) { return holds(one.second, text); });
    };
    CHECK(anywhere("print-access-token"));
    CHECK(anywhere("to the upstream"));  // what surrounds it is kept
    for (const auto& form : forms_of(secret)) {
        for (const auto& [where, text] : seen) {
            INFO(form << " in " << where << ": " << around(text, form));
            CHECK_FALSE(holds(text, form));
        }
    }
    for (const auto& request : lab->requests()) {
        CHECK(request.at("known_token") == true);
    }
}

// A measurement, of ratios that a busy machine bends: run it by its name.
TEST_CASE("Cloud Run: the quick diagnosis takes no longer than its slowest gcloud, and a third", "[.]") {
    const auto lab = GcloudLab::start("leak", 4);
    if (!lab) {
        return;
    }
    const TempDir home = home_for(*lab);
    (void)lab->gcloud({"run", "services", "describe", GcloudLab::service});  // what it compiles at its first start
    // Under the sanitizers memrb's own start takes seconds; tests/bench/run has the whole of a release build.
    const auto start = run_memrb({"runbook", "check", "cloud-run-out-of-memory"}).home(home.path()).run().elapsed;
    double best = 1000;
    for (int attempt = 0; attempt < 3 && best > 1.3; ++attempt) {
        const std::size_t asked_before = lab->requests().size();
        const Ran ran = ran_diagnose(*lab, home);
        const auto document = document_of(ran);
        double slowest = 0;
        for (const auto& one : document.at("steps")) {
            slowest = std::max(slowest, one.at("elapsed_ms").is_number() ? one.at("elapsed_ms").get<double>() : 0.0);
        }
        INFO(document.at("steps").dump(1));
        REQUIRE(slowest > 0);
        best = std::min(best, static_cast<double>((ran.elapsed - start).count()) / slowest);
        UNSCOPED_INFO("all " << ran.elapsed.count() << " ms, start " << start.count() << " ms, slowest " << slowest
                             << " ms");
        int described = 0;
        const auto requests = lab->requests();
        for (std::size_t i = asked_before; i < requests.size(); ++i) {
            const std::string url = requests[i].at("url");
            described += url.find("/services/aiprod-api") != std::string::npos ? 1 : 0;
        }
        CHECK(described == 1);  // the lookup's answer is the step's
    }
    CHECK(best <= 1.3);
}
