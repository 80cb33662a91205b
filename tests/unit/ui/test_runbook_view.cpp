#include "ui/runbook_view.h"

#include "sample_views.h"
#include "ui/runbook_json.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;

namespace {

Result<void> accept(const Params& /*params*/) {
    return {};
}
Risk read_risk(const Params& /*params*/) {
    return Risk::read;
}
Result<Request> no_plan(const Params& /*params*/, const ActionContext& /*context*/) {
    return fail(Fault::usage, "not run here");
}
Interpretation nothing(const Params& /*params*/, const ActionContext& /*context*/, const Outcome& /*outcome*/) {
    return {};
}

const ActionType& docker() {
    static const ActionType type{.name = "docker",
                                 .help = "runs docker",
                                 .body = "docker",
                                 .params = {{"docker", ParamKind::argv, true, "the command"},
                                            {"env", ParamKind::pairs, false, "environment"},
                                            {"range", ParamKind::duration, false, "how far back"}},
                                 .check = accept,
                                 .risk = read_risk,
                                 .plan = no_plan,
                                 .interpret = nothing};
    return type;
}

Step stats() {
    Step step;
    step.id = "usage.stats";
    step.title = "One sample";
    step.action = &docker();
    step.risk = Risk::read;
    step.params.set("docker", {{}, {"stats", "--no-stream", "--format", "{{json .}}", "${target}"}, {}});
    step.params.set("env", {{}, {}, {{"LANG", "C"}}});
    step.params.set("range", {"6h", {}, {}});
    step.when = Expression{0, ".target.platform == \"docker\"", {}};
    step.captures.emplace_back("objects", Expression{1, ".stdout | tonumber", {}});
    return step;
}

Runbook sample() {
    Runbook book;
    book.id = "container-high-memory";
    book.title = "Container memory above 80 % of its limit";
    book.summary = "Fires at **80 %** for 5 minutes.";
    book.impact = {"Service restart if OOM killed"};
    book.symptoms = {"Restart loops"};
    book.alerts = {"HighMemoryUsage"};
    book.platforms = {Platform::docker, Platform::kubernetes};
    book.severity = "warning";
    book.vars = {{"service", "${target}", "Compose service or Deployment", false, {}},
                 {"token", std::nullopt, "", true, {}},
                 {"health_url", "", "answers 200 when it is well", false, {}}};
    book.thresholds = {{0.7, {}, Level::watch}, {0.8, std::chrono::minutes(5), Level::warning}};
    book.diagnose.push_back({"usage", "How much memory does it use now?", "Working set is what counts.", {stats()}});
    book.causes.push_back({"leak",
                           "Memory leak",
                           {{Expression{}, 3, "memory grows steadily"}, {Expression{}, -3, "growth slows down"}},
                           {"restart"},
                           {"restarts help for a while"},
                           "Look for:\n\n- unclosed handles\n\n```\ngrep -r 'open(' src/\n```\n"});
    Option restart;
    restart.id = "restart";
    restart.title = "Restart the container";
    restart.use_when = "a leak, and relief is needed now";
    restart.costs = "in-memory state";
    Step step;
    step.id = "restart.restart";
    step.action = &docker();
    step.risk = Risk::disruptive;
    step.params.set("range", {"5m", {}, {}});
    restart.steps = {step};
    step.params.set("docker", {{}, {"restart", "${target}"}, {}});
    restart.undo = {step};
    book.options = {restart};
    book.watch = Watch{std::chrono::seconds(60), std::chrono::minutes(10)};
    book.recovered = Expression{2, ".memory.ratio < 0.80", {}};
    book.escalate_when = {"memory keeps growing after a restart"};
    book.ladder = {{Milliseconds(0), "raise the limit", ""}, {std::chrono::minutes(5), "", "backend_lead"}};
    book.contacts = {{"backend_lead", "Backend lead", "[configure]"},
                     {"infra", "Infrastructure", "Slack #infrastructure"}};
    book.afterwards = {"right-size the limit"};
    book.prevention = "Bound every cache.";
    book.links = {{"Dashboard", "http://localhost:3000/d/infrastructure"}};
    book.origin = "shipped";
    book.digest = std::string(64, 'b');
    return book;
}

}  // namespace

TEST_CASE("a runbook is shown whole") {
    const Runbook book = sample();
    check_golden("runbook-80", render_runbook(book, usual()));
    check_golden("runbook-50", render_runbook(book, narrow()));
}

TEST_CASE("one cause with its advice") {
    const Runbook book = sample();
    const auto leak = render_cause(book, "leak", usual());
    REQUIRE(leak);
    CHECK(*leak ==
          "  leak  Memory leak\n"
          "      • restarts help for a while\n"
          "      • for 3: memory grows steadily\n"
          "      • against 3: growth slows down\n"
          "      Options     restart\n"
          "      Look for:\n"
          "\n"
          "      • unclosed handles\n"
          "\n"
          "          grep -r 'open(' src/\n");
    const auto wrong = render_cause(book, "laek", usual());
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().message == "runbook container-high-memory has no cause `laek`: did you mean `leak`?");
    CHECK(wrong.error().hint == "its causes: leak");
}

TEST_CASE("the list of runbooks") {
    const Runbook one = sample();
    Runbook two = sample();
    two.id = "oom";
    two.title = "Out of memory on Cloud Run, with a title that does not fit one line of the terminal";
    two.platforms = {Platform::cloud_run};
    two.origin = "/etc/memrb/runbooks/oom.yaml";
    const std::vector<const Runbook*> all{&one, &two};
    CHECK(render_runbook_list(all, usual()) ==
          "container-high-memory  Container memory above 80 % of its limit (docker,\n"
          "                       kubernetes; shipped)\n"
          "oom                    Out of memory on Cloud Run, with a title that does not\n"
          "                       fit one line of the terminal (cloud-run;\n"
          "                       /etc/memrb/runbooks/oom.yaml)\n");
    CHECK(render_runbook_list({}, usual()) == "No runbooks were found.\n");
    const auto json = runbook_list_json(all);
    CHECK(json["schema"] == "memrb/runbooks/v1");
    CHECK(json["runbooks"][1]["id"] == "oom");
    CHECK(json["runbooks"][0]["platforms"] == wire::Json({"docker", "kubernetes"}));
}

TEST_CASE("a runbook as a document") {
    const auto json = runbook_json(sample());
    CHECK(json["schema"] == "memrb/runbook/v1");
    CHECK(json["digest"] == std::string(64, 'b'));
    CHECK(json["vars"][0]["default"] == "${target}");
    CHECK(json["vars"][1]["default"].is_null());
    CHECK(json["thresholds"][1]["for_seconds"] == 300);
    const auto& step = json["diagnose"][0]["steps"][0];
    CHECK(step["action"] == "docker");
    CHECK(step["params"]["docker"][4] == "${target}");
    CHECK(step["params"]["env"]["LANG"] == "C");
    CHECK(step["params"]["range"] == "6h");
    CHECK(step["risk"] == "read");
    CHECK(step["captures"]["objects"] == ".stdout | tonumber");
    CHECK(json["causes"][0]["signs"][1]["weight"] == -3);
    CHECK(json["options"][0]["steps"][0]["risk"] == "disruptive");
    CHECK(json["recover"]["watch"]["for_seconds"] == 600);
    CHECK(json["escalate"]["ladder"][1]["notify"] == "backend_lead");
}
