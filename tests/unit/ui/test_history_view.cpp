#include "ui/history_view.h"

#include "sample_views.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;

namespace {

const std::vector<HistoryRow>& rows() {
    static const std::vector<HistoryRow> all{
        {"k7f2", at("2026-11-21T08:52:00Z"), "backend", "docker", Level::critical, "leak", "diagnosed"},
        {"a1b2", at("2026-11-19T23:01:00Z"), "redis\x1b", "prometheus", Level::unknown, "", "interrupted"}};
    return all;
}

}  // namespace

TEST_CASE("the list of incidents") {
    const Timestamp now = at("2026-11-21T09:52:00Z");
    check_golden("history-100", render_history(rows(), now, wide()));
    check_golden("history-78", render_history(rows(), now, {false, true, 78, false}));
    check_golden("history-50", render_history(rows(), now, narrow()));
    CHECK(render_history({}, now, usual()) == "No incidents are recorded yet.\n");
}

TEST_CASE("the list of incidents as a document") {
    const auto json = history_json(rows());
    CHECK(json["schema"] == "memrb/history/v1");
    CHECK(json["incidents"][0]["cause"] == "leak");
    CHECK(json["incidents"][1]["cause"].is_null());
    CHECK(json["incidents"][1]["level"] == "unknown");
    CHECK(json["incidents"][1]["at"] == "2026-11-19T23:01:00Z");
}

TEST_CASE("a watch, in order") {
    WatchSample sample;
    sample.number = 1;
    sample.missing = "docker: no such container\x1b[1m";
    WatchSample whole;
    whole.used = Bytes{445'644'800};
    whole.limit = Bytes{536'870'912};
    whole.ratio = 0.83;
    whole.criteria = {{"memory below 80 %", Criterion::State::fails, "83 %", {}},
                      {"no new restart", Criterion::State::holds, "", {}}};
    WatchSample good = whole;
    good.criteria.clear();
    good.held = Milliseconds(180'000);
    std::vector<Event> events;
    for (const EventBody& body :
         {EventBody(WatchStarted{Milliseconds(10'000), Milliseconds(600'000), ".memory.ratio < 0.8"}),
          EventBody(WatchSampled{sample}), EventBody(WatchSampled{whole}), EventBody(WatchSampled{good}),
          EventBody(WatchEnded{{Recovery::not_recovered, "memory is at 83 %", {}, true, {}, {}, 2, 1}})}) {
        events.push_back({events.size() + 1, at(now_text) + std::chrono::seconds(10 * events.size()), body});
    }
    check_golden("timeline-watch-80", render_timeline(events, usual()));
}

TEST_CASE("what happened, in order") {
    IncidentOpened opened;
    opened.incident = "k7f2";
    opened.mode = "live";
    opened.version = "0.1.0";
    opened.runbook_id = "container-high-memory";
    StepStarted started;
    started.step = "usage.stats";
    StepFinished finished;
    finished.step = "usage.stats";
    finished.status = StepStatus::failed;
    finished.outcome = said("");
    finished.note = "exit 1: no such container\x1b[1m";
    std::vector<Event> events;
    for (const EventBody& body :
         {EventBody(opened), EventBody(TargetPinned{leaking().target}), EventBody(started), EventBody(finished),
          EventBody(StepSkipped{"oom.events", "", StepStatus::blocked, "needs usage.stats"}),
          EventBody(Assessed{leaking().assessment}), EventBody(NoteAdded{"called Ann"}),
          EventBody(OptionChosen{"restart"}), EventBody(IncidentClosed{5, "quit"})}) {
        events.push_back(
            {events.size() + 1, at(now_text) + std::chrono::hours(3) * static_cast<long>(events.size()), body});
    }
    check_golden("timeline-80", render_timeline(events, usual()));
    CHECK(render_timeline({}, usual()).empty());
}
