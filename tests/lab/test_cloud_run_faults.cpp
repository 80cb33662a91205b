// What goes wrong at Google's side, told by `memrb diagnose` and `memrb resolve`: the real gcloud, emulated APIs.
#include "support/gcloud_lab.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace memrb::test;
using nlohmann::json;

namespace {

constexpr std::chrono::seconds a_while(300);

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

Ran diagnosed(const GcloudLab& lab, const std::string& project = GcloudLab::project,
              const std::string& name = GcloudLab::service, const std::vector<std::string>& flags = {}) {
    TempDir home;
    home.write("config/memrb/config.yaml", lab.config(project));
    std::vector<std::string> words{"diagnose", name, "-o", "json"};
    words.insert(words.end(), flags.begin(), flags.end());
    return run_memrb(words).env(lab.env()).home(home.path()).timeout(a_while).run();
}

std::string why(const json& document, const std::string& id) {
    for (const auto& one : document.at("steps")) {
        if (one.at("id") == id) {
            return one.dump();
        }
    }
    return "no such step";
}

}  // namespace

TEST_CASE("Cloud Run: a service that cannot be looked up is a clear line") {
    const auto lab = GcloudLab::start("leak", 2);
    if (!lab) {
        return;
    }
    struct Row {
        std::string rules, line;
    };
    for (const auto& row :
         std::vector<Row>{{R"([{"status":401}])", "Google does not accept the login (401)"},
                          {R"([{"status":403}])", "not permitted (403), or there is no such project"},
                          {R"([{"status":429}])", "Google has been asked too often (429)"},
                          {R"([{"status":503}])", "the API is not able to answer now (503)"},
                          {R"([{"truncate":true}])", "the API's answer is no JSON, or only a part of it"},
                          {R"([{"empty":true}])", "gcloud printed no service: the API has answered with nothing"},
                          {R"([{"hang":true}])", "gcloud does not answer in time"}}) {
        lab->faults(row.rules);
        const Ran ran = diagnosed(*lab);
        INFO(row.rules << ran.describe());
        CHECK(ran.ending != exited(0));
        CHECK(holds(ran.err, "Cloud Run in aiprod-484120, europe-west1: "));
        CHECK(holds(ran.err, row.line));
    }
    lab->faults("[]");
    const Ran wrong = diagnosed(*lab, "another-project");
    INFO(wrong.describe());
    CHECK(holds(wrong.err,
                "Cloud Run in another-project, europe-west1: not permitted (403), or there is no such project"));
    const Ran mistyped =
        diagnosed(*lab, GcloudLab::project, "aiprod-ap",
                  {"--platform", "cloud-run", "--set", "project=aiprod-484120", "--set", "region=europe-west1"});
    INFO(mistyped.describe());
    CHECK(holds(mistyped.err, "there is no such service in this project and region (404)"));
    CHECK(holds(mistyped.err, "did you mean `aiprod-api`?"));
    CHECK(lab->changes().empty());
}

TEST_CASE("Cloud Run: what fails in part is said, and the rest goes on") {
    const auto lab = GcloudLab::start("leak", 2);
    if (!lab) {
        return;
    }
    struct Row {
        std::string rules, step, line;
        bool memory = false;  ///< what is known all the same
        bool kills = false;
    };
    for (const auto& row : std::vector<Row>{
             {R"([{"url":"timeSeries","status":401}])", "usage.now", "does not accept the login (401)", false, true},
             {R"([{"url":"timeSeries","status":401,"times":1}])", "usage.now", "\"ok\"", true, true},
             {R"([{"url":"timeSeries","status":403}])", "usage.now", "Cloud Monitoring: not permitted (403)", false,
              true},
             {R"([{"url":"timeSeries","status":404}])", "usage.now", "not found (404)", false, true},
             {R"([{"url":"timeSeries","status":429,"retry_after":1,"times":2}])", "usage.now", "\"ok\"", true, true},
             {R"([{"url":"timeSeries","status":503}])", "usage.now", "not able to answer now (503)", false, true},
             {R"([{"url":"timeSeries","truncate":true}])", "usage.now", "not JSON, or only a part of it", false, true},
             {R"([{"url":"timeSeries","empty":true}])", "usage.now", "Cloud Monitoring has no sample of", false, true},
             {R"([{"url":"timeSeries","hang":true}])", "usage.now", "does not answer in time", false, true},
             {R"([{"url":"entries:list","status":403}])", "oom.kills", "not permitted (403)", true, false},
             {R"([{"url":"entries:list","truncate":true}])", "oom.kills", "no JSON, or only a part of it", true, false},
             {R"([{"url":"/revisions","status":403}])", "usage.revisions", "not permitted (403)", true, true},
             {R"([{"url":"/revisions","empty":true}])", "usage.revisions", "gcloud crashed", true, true}}) {
        lab->faults(row.rules);
        const Ran ran = diagnosed(*lab);
        INFO(row.rules << "\n" << ran.describe());
        const auto document = json::parse(ran.out, nullptr, false);
        REQUIRE_FALSE(document.is_discarded());
        CHECK(holds(why(document, row.step), row.line));
        CHECK(document.at("memory").at("used_bytes").is_null() == !row.memory);
        CHECK(document.at("memory").at("why").is_null() == row.memory);
        CHECK(document.at("oom").at("verdict") == (row.kills ? "confirmed" : "unknown"));
        CHECK(holds(why(document, "load.errors"), row.kills ? "\"ok\"" : "failed"));
    }
    CHECK(lab->changes().empty());
}

TEST_CASE("Cloud Run: a token that has expired is told, and after a new login the same command works") {
    const auto lab = GcloudLab::start("leak", 2);
    if (!lab) {
        return;
    }
    lab->set(R"({"tokens":["of-the-new-login"]})");
    const Ran expired = diagnosed(*lab);
    INFO(expired.describe());
    CHECK(holds(expired.err, "Google does not accept the login (401): sign in again with `gcloud auth login`"));
    lab->hand_out("of-the-new-login");
    CHECK(diagnosed(*lab).ending == exited(0));
}

TEST_CASE("Cloud Run: without gcloud memrb says where to get it, and these tests skip and say why") {
    const auto lab = GcloudLab::start("leak", 2);
    if (!lab) {
        return;
    }
    TempDir home;
    home.write("config/memrb/config.yaml", lab->config());
    const Ran ran = run_memrb({"diagnose", GcloudLab::service}).home(home.path()).path_only("/nowhere").run();
    INFO(ran.describe());
    CHECK(ran.ending != exited(0));
    CHECK(holds(ran.err, "gcloud is not installed"));
    CHECK(holds(ran.err, "https://cloud.google.com/sdk/docs/install"));
    const std::string these = std::filesystem::read_symlink("/proc/self/exe").string();
    const std::vector<std::string> one{these, "Cloud Run: a service that cannot be looked up is a clear line"};
    const Ran skipped = program(one).path_only("/nowhere").run();
    INFO(skipped.describe());
    CHECK(skipped.ending == exited(0));
    CHECK(holds(skipped.out, "[skipped] gcloud is not installed (https://cloud.google.com/sdk/docs/install)"));
    const Ran required = program(one).path_only("/nowhere").env("MEMRB_LAB_REQUIRED", "1").run();
    CHECK(required.ending != exited(0));
}
