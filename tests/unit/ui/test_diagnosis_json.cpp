#include "ui/diagnosis_json.h"

#include "sample_views.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;

TEST_CASE("the document holds what its contract names") {
    DiagnosisView view = leaking();
    view.steps[0].outcome->out.file = "outputs/usage.stats.out";
    view.assessment.warnings = {"clock skew"};
    const auto json = diagnosis_json(view);
    CHECK(json["schema"] == "memrb/diagnosis/v1");
    CHECK(json["incident"] == "k7f2");
    CHECK(json["mode"] == "live");
    CHECK(json["at"] == "2026-11-21T08:52:00Z");
    CHECK(json["target"]["name"] == "backend");
    CHECK(json["target"]["platform"] == "docker");
    CHECK(json["target"]["id"] == view.target.id);
    CHECK(json["target"]["started_at"] == "2026-11-21T06:38:00Z");
    CHECK(json["runbook"]["id"] == "container-high-memory");
    CHECK(json["runbook"]["digest"] == std::string(64, 'a'));
    CHECK(json["memory"]["used_bytes"] == 498 * mib);
    CHECK(json["memory"]["limit_bytes"] == 512 * mib);
    CHECK(json["level"] == "critical");
    CHECK(json["thresholds"].size() == 5);
    CHECK(json["trend"]["verdict"] == "growing");
    CHECK(json["oom"]["verdict"] == "confirmed");
    CHECK(json["causes"][0]["id"] == "leak");
    CHECK(json["options"][0]["suggested"] == true);
    CHECK(json["right_size"]["limit_bytes"] == 768 * mib);
    REQUIRE(json["steps"].size() == 4);
    CHECK(json["steps"][0]["id"] == "usage.stats");
    CHECK(json["steps"][0]["status"] == "ok");
    CHECK(json["steps"][0]["exit"] == 0);
    CHECK(json["steps"][0]["elapsed_ms"] == 64);
    CHECK(json["steps"][0]["output"] == "outputs/usage.stats.out");
    CHECK(json["steps"][0]["why"].is_null());
    CHECK(json["steps"][3]["status"] == "skipped");
    CHECK(json["steps"][3]["why"] == "not permitted");
    CHECK(json["warnings"] ==
          wire::Json({"usage.working_set: the answer is partial (1 of 2 stores did not answer)", "clock skew"}));
}

TEST_CASE("unknown is null, never zero") {
    DiagnosisView view = without_data();
    view.steps[0].outcome->ending = Signalled{9};
    const auto json = diagnosis_json(view);
    CHECK(json["memory"]["used_bytes"].is_null());
    CHECK(json["memory"]["ratio"].is_null());
    CHECK(json["level"] == "unknown");
    CHECK(json["target"]["id"].is_null());
    CHECK(json["target"]["started_at"].is_null());
    CHECK(json["trend"]["seconds_to_limit"].is_null());
    CHECK(json["right_size"].is_null());
    CHECK(json["steps"][0]["exit"].is_null());
    CHECK(json["steps"][0]["ending"] == "killed by SIGKILL");
    CHECK(json["steps"][2]["status"] == "blocked");
    CHECK(json["steps"][2]["elapsed_ms"].is_null());
    CHECK(json["steps"][2]["output"].is_null());
}

TEST_CASE("neither labels nor variables of the target are told") {
    DiagnosisView view = leaking();
    view.target.vars["password"] = "hunter2";
    view.target.labels["token"] = "hunter2";
    CHECK(to_text(diagnosis_json(view)).find("hunter2") == std::string::npos);
}

TEST_CASE("bytes that are no text do not break the document") {
    DiagnosisView view = leaking();
    view.target.name = "back\xff";
    view.warnings = {"w\xc3"};
    const std::string text = to_text(diagnosis_json(view));
    CHECK(text.find("back\xEF\xBF\xBD") != std::string::npos);
    CHECK(text.ends_with("}\n"));
}
