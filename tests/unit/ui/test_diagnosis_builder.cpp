#include "ui/diagnosis_builder.h"

#include "sample_views.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;

namespace {

Event event(std::string_view when, EventBody body) {
    return {1, at(when), std::move(body)};
}

StepStarted start_of(std::string id) {
    StepStarted body;
    body.step = std::move(id);
    body.title = "a title";
    body.risk = Risk::read;
    body.request = Command{{"true"}, {}, {}, {}, false};
    return body;
}

StepFinished end_of(std::string id, StepStatus status, std::string note) {
    StepFinished body;
    body.step = std::move(id);
    body.status = status;
    body.outcome = said("out");
    body.note = std::move(note);
    return body;
}

Runbook runbook_with(const std::vector<std::string>& ids) {
    Runbook runbook;
    runbook.id = "r";
    runbook.digest = "d";
    runbook.diagnose.emplace_back();
    for (const auto& id : ids) {
        Step step;
        step.id = id;
        runbook.diagnose.front().steps.push_back(step);
    }
    return runbook;
}

}  // namespace

TEST_CASE("the view of a diagnosis is what its events say") {
    DiagnosisBuilder builder;
    IncidentOpened opened;
    opened.incident = "k7f2";
    opened.mode = "replay";
    opened.runbook_id = "container-high-memory";
    opened.runbook_digest = "abc";
    builder.on_event(event("2026-11-21T08:51:00Z", opened));
    builder.on_event(event("2026-11-21T08:51:01Z", TargetPinned{leaking().target}));
    builder.on_event(event("2026-11-21T08:51:02Z", start_of("a")));
    builder.on_event(event("2026-11-21T08:51:02Z", start_of("b")));
    auto warned = end_of("b", StepStatus::failed, "exit 1");
    warned.warnings = {"partial"};
    builder.on_event(event("2026-11-21T08:51:03Z", warned));
    builder.on_event(event("2026-11-21T08:51:03Z", end_of("a", StepStatus::ok, "3 kills")));
    builder.on_event(event("2026-11-21T08:51:04Z", StepSkipped{"c", "third", StepStatus::blocked, "needs b"}));
    builder.on_event(event("2026-11-21T08:51:05Z", Assessed{leaking().assessment}));
    builder.on_event(event("2026-11-21T08:51:06Z", NoteAdded{"hello"}));

    const DiagnosisView& view = builder.view();
    CHECK(view.incident == "k7f2");
    CHECK(view.mode == "replay");
    CHECK(view.runbook_id == "container-high-memory");
    CHECK(view.target.name == "backend");
    CHECK(view.now == at("2026-11-21T08:51:05Z"));  // when it was judged, not when somebody wrote a note
    CHECK(view.assessment.level == Level::critical);
    CHECK(all_warnings(view) == std::vector<std::string>{"b: partial"});
    REQUIRE(view.steps.size() == 3);
    CHECK(view.steps[0].id == "a");
    CHECK(view.steps[0].note == "3 kills");
    CHECK(view.steps[0].why.empty());
    CHECK(view.steps[0].elapsed == Milliseconds(64));
    REQUIRE(view.steps[0].outcome);
    CHECK(view.steps[0].outcome->out.head == "out");
    CHECK(view.steps[1].status == StepStatus::failed);
    CHECK(view.steps[1].why == "exit 1");
    CHECK(view.steps[1].note.empty());
    CHECK(view.steps[2].status == StepStatus::blocked);
    CHECK(view.steps[2].why == "needs b");
    CHECK_FALSE(view.steps[2].outcome);
}

TEST_CASE("steps stand in the runbook's order, whichever began first") {
    const Runbook runbook = runbook_with({"a", "b", "c"});
    DiagnosisBuilder builder(&runbook);
    for (const char* id : {"c", "a", "stray", "b"}) {
        builder.on_event(event(now_text, start_of(id)));
    }
    std::string order;
    for (const auto& step : builder.view().steps) {
        order += step.id + " ";
    }
    CHECK(order == "a b c stray ");
    CHECK(builder.view().runbook == &runbook);
}

TEST_CASE("a moment that was asked for stays the moment that is shown") {
    DiagnosisBuilder builder;
    TargetPinned pinned{leaking().target};
    pinned.moment = at("2026-11-19T08:00:00Z");
    pinned.past = true;
    builder.on_event(event("2026-11-21T08:51:01Z", pinned));
    builder.on_event(event("2026-11-21T08:51:02Z", start_of("a")));
    builder.on_event(event("2026-11-21T08:51:05Z", Assessed{leaking().assessment}));
    CHECK(builder.view().now == at("2026-11-19T08:00:00Z"));
    CHECK(builder.view().past);
}

TEST_CASE("a second diagnosis of the incident replaces the first") {
    DiagnosisBuilder builder;
    builder.on_event(event(now_text, start_of("a")));
    auto failed = end_of("a", StepStatus::failed, "exit 1");
    failed.warnings = {"old"};
    builder.on_event(event(now_text, failed));
    builder.on_event(event(now_text, start_of("a")));
    REQUIRE(builder.view().steps.size() == 1);
    CHECK_FALSE(builder.view().steps[0].outcome);
    builder.on_event(event(now_text, end_of("a", StepStatus::ok, "fine")));
    CHECK(builder.view().steps[0].why.empty());
    CHECK(builder.view().steps[0].note == "fine");
    CHECK(all_warnings(builder.view()).empty());
}
