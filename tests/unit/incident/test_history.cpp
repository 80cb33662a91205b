#include "incident/history.h"

#include "fixtures.h"

#include <catch2/catch.hpp>

using namespace memrb;
using incident::Ended;
using incident::Store;

namespace {

incident::Entry record(const Store& store, std::int64_t at, const std::vector<EventBody>& bodies) {
    const test::SteppingClock clock;
    const auto entry = store.create(samples::at(at), "backend");
    REQUIRE(entry);
    const auto journal = incident::FileJournal::open(entry->folder, clock);
    REQUIRE(journal);
    for (const auto& body : bodies) {
        REQUIRE((*journal)->append(body, false));
    }
    return *entry;
}

EventBody body_of(std::size_t index) {
    return samples::all_events()[index].body;
}

}  // namespace

TEST_CASE("an incident in a few words", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    std::vector<EventBody> bodies;
    for (const auto& event : samples::all_events()) {
        bodies.push_back(event.body);
    }
    const auto entry = record(store, 0, bodies);
    const auto summary = incident::summarize(entry);
    REQUIRE(summary);
    CHECK(summary->id == entry.id);
    CHECK(summary->folder == entry.folder);
    CHECK(summary->at == samples::at(0));
    CHECK(summary->target == "backend");
    CHECK(summary->platform == "kubernetes");
    CHECK(summary->mode == "live");
    CHECK(summary->level == Level::warning);  // as the watch after the diagnosis saw it
    CHECK(summary->cause == "leak");
    CHECK(summary->cause_clear);
    CHECK(summary->ended == Ended::escalated);  // after it was closed
    CHECK(summary->exit_code == 5);
    CHECK(summary->steps == 1);
}

TEST_CASE("an incident that was watched ended as its last watch did", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    const auto ended = [&](int number, std::vector<EventBody> bodies) {
        bodies.insert(bodies.begin(), body_of(0));
        return incident::summarize(record(store, number, bodies))->ended;
    };
    const auto watched = [](Recovery recovery, bool stopped = false) {
        WatchEnded body;
        body.result.recovery = recovery;
        body.result.stopped = stopped;
        return body;
    };
    CHECK(ended(0, {watched(Recovery::recovered), IncidentClosed{0, ""}}) == Ended::recovered);
    CHECK(ended(1, {watched(Recovery::recovered), watched(Recovery::relapsed), IncidentClosed{1, ""}}) ==
          Ended::relapsed);
    CHECK(ended(2, {watched(Recovery::not_recovered), IncidentClosed{6, ""}}) == Ended::not_recovered);
    CHECK(ended(3, {watched(Recovery::unknown), IncidentClosed{6, ""}}) == Ended::unverified);
    CHECK(ended(4, {watched(Recovery::not_recovered, true), IncidentClosed{130, ""}}) == Ended::interrupted);
    CHECK(ended(5, {watched(Recovery::not_recovered, true), IncidentClosed{5, ""}}) == Ended::quit);
    CHECK(ended(6, {watched(Recovery::recovered)}) == Ended::open);
}

TEST_CASE("an incident that was handed over ended so, also when it was closed before", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    const auto ended = [&](int number, std::vector<EventBody> bodies) {
        bodies.insert(bodies.begin(), body_of(0));
        return incident::summarize(record(store, number, bodies))->ended;
    };
    CHECK(ended(0, {Escalated{"menu", {}}, IncidentClosed{8, "done"}}) == Ended::escalated);
    CHECK(ended(1, {IncidentClosed{5, "done"}, Escalated{"command", {"lead"}}}) == Ended::escalated);
    CHECK(ended(2, {Escalated{"menu", {}}}) == Ended::open);
    CHECK(incident::to_string(Ended::escalated) == "escalated");
}

TEST_CASE("how an incident ended follows from its exit code", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    const std::vector<std::pair<int, Ended>> table{
        {0, Ended::diagnosed}, {10, Ended::diagnosed}, {3, Ended::no_data},       {5, Ended::quit},
        {1, Ended::failed},    {7, Ended::failed},     {130, Ended::interrupted}, {143, Ended::interrupted}};
    for (const auto& [code, ended] : table) {
        INFO(code);
        CHECK(incident::summarize(record(store, code, {body_of(0), IncidentClosed{code, ""}}))->ended == ended);
    }
    const auto open = incident::summarize(record(store, 500, {body_of(0), body_of(1)}));
    CHECK(open->ended == Ended::open);
    CHECK_FALSE(open->exit_code);
    CHECK(open->level == Level::unknown);
    CHECK(open->cause.empty());
    const auto reopened = incident::summarize(record(store, 501, {body_of(0), body_of(8), body_of(0)}));
    CHECK(reopened->ended == Ended::open);
    CHECK(to_string(Ended::no_data) == "no data");
    CHECK(to_string(static_cast<Ended>(11)) == "?");
}

TEST_CASE("the history is the newest first, what cannot be read is a warning", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    CHECK(incident::read_history(store)->incidents.empty());
    record(store, 0, {body_of(0), body_of(8)});
    const auto broken = record(store, 100, {body_of(0), body_of(8)});
    const auto newest = record(store, 200, {body_of(0)});
    dir.write("incidents/" + broken.folder.filename().string() + "/journal.jsonl",
              "{\"seq\":1,\"event\":\"incident_opened\"}\n{}\n");
    const auto empty = store.create(samples::at(300), "api");
    const auto history = incident::read_history(store);
    REQUIRE(history);
    REQUIRE(history->incidents.size() == 2);
    CHECK(history->incidents[0].id == newest.id);
    CHECK(history->incidents[1].at == samples::at(0));
    CHECK(history->warnings ==
          std::vector<std::string>{
              "cannot read " + (empty->folder / "journal.jsonl").string() + ": there is no such file",
              (broken.folder / "journal.jsonl").string() + ":1: `incident_opened.at` is missing"});
}

TEST_CASE("a torn journal has a summary all the same", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    const auto entry = record(store, 0, {body_of(0), body_of(1), body_of(8)});
    const std::string whole = test::read_file(entry.folder / "journal.jsonl");
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        dir.write("incidents/" + entry.folder.filename().string() + "/journal.jsonl", whole.substr(0, cut));
        const auto summary = incident::summarize(entry);
        if (!summary || summary->ended != Ended::open) {
            FAIL("cut at byte " << cut);
        }
    }
}
