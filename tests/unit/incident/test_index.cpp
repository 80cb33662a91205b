// The history from indexes, its filters, and what helped before.
#include "incident/index.h"

#include "fixtures.h"
#include "incident/helped.h"

#include <catch2/catch.hpp>
#include <functional>

using namespace memrb;
using namespace std::chrono_literals;
using incident::Ended;
using incident::Store;
using incident::Summary;

namespace {

constexpr const char* file_name = "index.json";

/// An incident of `target`, opened at `at` seconds: `cause`, then a change of `option`, then how it was watched.
incident::Entry record(const Store& store, std::int64_t at, const std::string& target,
                       const std::vector<EventBody>& then, Level level = Level::critical,
                       const std::string& cause = "leak") {
    const test::SteppingClock clock;
    const auto entry = store.create(samples::at(at), target);
    REQUIRE(entry);
    const auto journal = incident::FileJournal::open(entry->folder, clock);
    REQUIRE(journal);
    Target pinned;
    pinned.name = target;
    Assessment found;
    found.level = level;
    RankedCause ranked;
    ranked.id = cause;
    found.causes = {ranked};
    std::vector<EventBody> bodies{IncidentOpened{entry->id, "live", "1", "r", "d", "o", {}}, TargetPinned{pinned},
                                  Assessed{found}};
    bodies.insert(bodies.end(), then.begin(), then.end());
    for (const auto& body : bodies) {
        REQUIRE((*journal)->append(body, false));
    }
    return *entry;
}

std::vector<EventBody> change(const std::string& step, StepStatus status = StepStatus::ok) {
    StepFinished end;
    end.step = step;
    end.status = status;
    end.outcome.ending = Exited{status == StepStatus::ok ? 0 : 1};
    return {Decided{step, "run", ""}, end};
}

std::vector<EventBody> watched(Recovery recovery) {
    auto bodies = change("restart.container");
    WatchEnded end;
    end.result.recovery = recovery;
    bodies.emplace_back(end);
    bodies.emplace_back(IncidentClosed{0, ""});
    return bodies;
}

/// The ids of those that pass the filter that `set` makes.
std::vector<std::string> ids(const Store& store, const std::function<void(incident::HistoryFilter&)>& set) {
    std::vector<std::string> all;
    incident::HistoryFilter filter;
    set(filter);
    const auto history = incident::read_history(store, filter);
    REQUIRE(history);
    for (const auto& one : history->incidents) {
        all.push_back(one.id);
    }
    return all;
}

}  // namespace

TEST_CASE("a summary comes from its index as it comes from the journal", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    const auto entry = record(store, 0, "backend", watched(Recovery::recovered));
    const auto fresh = incident::indexed_summary(entry);
    REQUIRE(fresh);
    REQUIRE(std::filesystem::exists(entry.folder / file_name));
    CHECK(test::mode_of(entry.folder / file_name) == 0600);
    const auto again = incident::indexed_summary(entry);
    REQUIRE(again);
    for (const auto& one : {*fresh, *again}) {
        CHECK(one.id == entry.id);
        CHECK(one.target == "backend");
        CHECK(one.level == Level::critical);
        CHECK(one.cause == "leak");
        CHECK(one.ended == Ended::recovered);
        CHECK(one.exit_code == 0);
        CHECK(one.option == "restart");
        CHECK(one.changed_at == samples::at(5));  // the lock takes the first second
        CHECK(one.helped == true);
        CHECK(one.until_recovery == Milliseconds(1000));
    }
}

TEST_CASE("an index that is not of this journal, or is broken, is not believed", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    const auto entry = record(store, 0, "backend", {});
    CHECK(incident::indexed_summary(entry)->ended == Ended::open);
    const std::string name = "incidents/" + entry.folder.filename().string() + "/" + file_name;
    const std::string good = dir.read(name);
    {
        const test::SteppingClock clock;
        const auto journal = incident::FileJournal::open(entry.folder, clock);
        REQUIRE((*journal)->append(IncidentClosed{5, ""}, false));
    }
    CHECK(incident::indexed_summary(entry)->ended == Ended::quit);
    CHECK(dir.read(name) != good);
    const std::string now = dir.read(name);
    for (const std::string& bad : {good, std::string(), now.substr(0, now.size() / 2), std::string("[]"),
                                   std::string("{\"format\":1}"), std::string(100'000, ' ')}) {
        dir.write(name, bad);
        CHECK(incident::indexed_summary(entry)->ended == Ended::quit);
        CHECK(dir.read(name) == now);
    }
    // Nor is one that says what no memrb would say.
    std::string wrong = now;
    wrong.replace(wrong.find("\"quit\""), 6, "\"gone\"");
    dir.write(name, wrong);
    CHECK(incident::indexed_summary(entry)->ended == Ended::quit);
}

TEST_CASE("a folder that cannot be written has a history all the same", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    const auto entry = record(store, 0, "backend", {IncidentClosed{5, ""}});
    std::filesystem::create_directory(entry.folder / file_name);
    CHECK(incident::indexed_summary(entry)->ended == Ended::quit);
}

TEST_CASE("the history by target, cause, outcome and time", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    const auto a = record(store, 0, "backend", watched(Recovery::recovered)).id;
    const auto b = record(store, 100, "backend", {IncidentClosed{5, ""}}, Level::critical, "cache").id;
    const auto c = record(store, 200, "shop/backend", {IncidentClosed{5, ""}}).id;
    const auto d = record(store, 300, "api", {}).id;
    using Ids = std::vector<std::string>;
    for (int pass = 0; pass < 2; ++pass) {  // by the journals, then by the indexes
        CHECK(ids(store, [](auto&) {}) == Ids{d, c, b, a});
        CHECK(ids(store, [](auto& one) { one.target = "backend"; }) == Ids{b, a});
        CHECK(ids(store, [](auto& one) { one.target = "shop/backend"; }) == Ids{c});
        CHECK(ids(store, [](auto& one) { one.target = "shop-backend"; }).empty());
        CHECK(ids(store, [](auto& one) { one.cause = "cache"; }) == Ids{b});
        CHECK(ids(store, [](auto& one) { one.outcome = Ended::quit; }) == Ids{c, b});
        CHECK(ids(store, [](auto& one) { one.since = samples::at(100); }) == Ids{d, c, b});
        CHECK(ids(store, [](auto& one) { one.until = samples::at(100); }) == Ids{a});
        CHECK(ids(store, [](auto& one) {
                  one.target = "backend";
                  one.outcome = Ended::recovered;
                  one.since = samples::at(0);
              }) == Ids{a});
    }
}

TEST_CASE("outcomes have words", "[incident]") {
    CHECK(incident::parse_outcome("recovered") == Ended::recovered);
    CHECK(incident::parse_outcome("not recovered") == Ended::not_recovered);
    CHECK(incident::parse_outcome("not-recovered") == Ended::not_recovered);
    const auto wrong = incident::parse_outcome("recoverd");
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().fault == Fault::usage);
    CHECK(wrong.error().message.find("recovered") != std::string::npos);
}

TEST_CASE("what helped, how often, for how long, and how soon", "[incident]") {
    const auto past = [](std::int64_t at, std::optional<bool> helped, const std::string& option = "restart") {
        Summary one;
        one.target = "backend";
        one.at = samples::at(at);
        one.level = Level::critical;
        one.option = option;
        one.changed_at = samples::at(at + 60);
        one.helped = helped;
        if (helped == std::optional(true)) {
            one.until_recovery = Milliseconds(30'000);
        }
        return one;
    };
    Summary other = past(2000, true);
    other.target = "api";
    Summary looked;  // a diagnosis that found something, and changed nothing
    looked.target = "backend";
    looked.at = samples::at(7260);
    looked.level = Level::warning;
    Summary quiet = looked;
    quiet.at = samples::at(1000);
    quiet.level = Level::ok;
    const std::vector<Summary> all{
        past(20'000, true), past(9000, false, "limit"), looked, other, past(3600, true), quiet, past(0, true)};
    const auto found = incident::what_helped(all, "backend", "", samples::at(20'060 + 7200));
    REQUIRE(found.size() == 2);
    CHECK(found[0].option == "restart");
    CHECK(found[0].tried == 3);
    CHECK(found[0].helped == 3);
    CHECK(found[0].last == samples::at(20'060));
    // 7200 s until now, 3600 s until what was found at 7260, 3540 s until the next one: the quiet look is none.
    CHECK(found[0].lasted == Milliseconds((7200 + 3600 + 3540) * 1000 / 3));
    CHECK(found[0].until_recovery == Milliseconds(30'000));
    CHECK(found[1].option == "limit");
    CHECK(found[1].tried == 1);
    CHECK(found[1].helped == 0);
    CHECK_FALSE(found[1].lasted);
    // Without a new finding nobody knows how long the last one holds.
    CHECK(incident::what_helped(all, "backend", "", std::nullopt)[0].lasted == Milliseconds((3600 + 3540) * 1000 / 2));
    CHECK(incident::what_helped(all, "web", "", std::nullopt).empty());
}

TEST_CASE("an option that failed has changed nothing, a lower level afterwards is help", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    CHECK(incident::summarize(record(store, 0, "backend", change("restart.container", StepStatus::failed)))
              ->option.empty());
    Assessment after;
    after.level = Level::ok;
    auto bodies = change("restart.container");
    CHECK_FALSE(incident::summarize(record(store, 1, "backend", bodies))->helped);
    bodies.emplace_back(Assessed{after});
    const auto helped = incident::summarize(record(store, 2, "backend", bodies));
    CHECK(helped->helped == true);
    CHECK(helped->cause == "leak");  // of the diagnosis before
    CHECK_FALSE(helped->until_recovery);
    std::get<Assessed>(bodies.back()).assessment.level = Level::critical;
    CHECK(incident::summarize(record(store, 3, "backend", bodies))->helped == false);
    CHECK(incident::summarize(record(store, 4, "backend", watched(Recovery::relapsed)))->helped == false);
    CHECK(incident::summarize(record(store, 5, "backend", {Decided{"limit.by_hand", "by hand", ""}}))->option ==
          "limit");
}
