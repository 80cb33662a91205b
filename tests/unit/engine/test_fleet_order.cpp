#include "engine/fleet_judge.h"
#include "engine/fleet_order.h"

#include <catch2/catch.hpp>
#include <set>

using namespace memrb;
using namespace memrb::engine;

namespace {

FleetRow row(const std::string& name, Level level, std::optional<double> ratio = 0.5) {
    FleetRow one;
    one.target.name = name;
    one.assessment.level = level;
    one.assessment.ratio = ratio;
    one.assessment.memory = MemoryReading{};
    one.assessment.memory->used = 100;
    one.assessment.memory->limit = ratio ? Limit(Bytes{200}) : Limit(NoLimit{});
    one.assessment.trend.verdict = Verdict::flat;
    return one;
}

std::string names(const std::vector<FleetRow>& rows) {
    std::string text;
    for (const auto& one : rows) {
        text += (text.empty() ? "" : " ") + one.target.name;
    }
    return text;
}

const Timestamp now{Milliseconds(1'700'000'000'000)};

FleetMember member(const std::string& name, double share, Milliseconds until_now = {}) {
    FleetMember one;
    one.target.name = name;
    one.target.platform = Platform::prometheus;
    SeriesReading memory{SeriesRole::memory, "container_memory_working_set_bytes", {{"name", name}}, {}, false};
    for (int i = 239; i >= 0; --i) {
        memory.points.push_back({now - until_now - i * Milliseconds(15'000), share * 1e9});
    }
    SeriesReading limit{SeriesRole::limit, "limit", {{"name", name}}, {{now, 1e9}}, false};
    one.readings = {memory, limit};
    return one;
}

const std::vector<Threshold> thresholds{{0.7, {}, Level::watch}, {0.95, {}, Level::critical}};

}  // namespace

TEST_CASE("the worst comes first, and what cannot be judged before what is fine") {
    FleetRow killed = row("killed", Level::ok);
    killed.assessment.oom.verdict = OomAssessment::Verdict::confirmed;
    FleetRow soon = row("soon", Level::ok);
    soon.assessment.trend.seconds_to_limit = Interval{60, 120, 240};
    FleetRow stale = row("stale", Level::unknown, std::nullopt);
    stale.outdated = true;
    FleetRow silent = row("silent", Level::unknown, std::nullopt);
    silent.assessment.memory.reset();
    std::vector<FleetRow> rows{silent,
                               row("low", Level::ok, 0.1),
                               stale,
                               row("ok", Level::ok),
                               soon,
                               row("free", Level::unknown, std::nullopt),
                               killed,
                               row("watch", Level::watch),
                               row("oom", Level::oom),
                               row("critical", Level::critical)};
    sort_worst_first(rows);
    CHECK(names(rows) == "oom critical watch free killed soon ok low stale silent");
}

TEST_CASE("each container is counted once, by what is known of it") {
    FleetRow stale = row("stale", Level::unknown, std::nullopt);
    stale.outdated = true;
    FleetRow old = row("old", Level::unknown);
    old.assessment.ratio.reset();  // a limit and a measurement, which is too old
    FleetRow unlimited = row("unlimited", Level::unknown, std::nullopt);
    FleetRow untold = row("untold", Level::unknown, std::nullopt);
    untold.assessment.memory->limit = LimitUnknown{};
    FleetRow silent = row("silent", Level::unknown, std::nullopt);
    silent.assessment.memory.reset();
    FleetRow ended = silent;
    ended.target.running = false;
    const auto counts =
        count({row("a", Level::ok), row("b", Level::oom), stale, old, unlimited, untold, silent, ended});
    CHECK(counts.total == 8);
    CHECK(counts.judged == 2);
    CHECK(counts.stale == 2);
    CHECK(counts.no_limit == 1);
    CHECK(counts.limit_unknown == 1);
    CHECK(counts.no_data == 1);
    CHECK(counts.stopped == 1);
}

TEST_CASE("causes are looked for where something is to be seen") {
    CHECK_FALSE(is_conspicuous(row("a", Level::ok)));
    CHECK(is_conspicuous(row("a", Level::watch)));
    FleetRow growing = row("a", Level::ok);
    growing.assessment.trend.verdict = Verdict::growing;
    CHECK(is_conspicuous(growing));
    FleetRow killed = row("a", Level::unknown, std::nullopt);
    killed.assessment.oom.verdict = OomAssessment::Verdict::probable;
    CHECK(is_conspicuous(killed));
}

TEST_CASE("a fleet is judged whole, however many help") {
    const std::size_t helpers = GENERATE(0U, 1U, 3U);
    FleetJudge judge(thresholds, now, helpers);
    constexpr int count = 300;  // more than ever wait
    for (int i = 0; i < count; ++i) {
        judge.add(member("c" + std::to_string(i), i % 2 == 0 ? 0.5 : 0.97));
    }
    const auto rows = judge.finish();
    REQUIRE(rows.size() == count);
    std::set<std::string> seen;
    std::size_t critical = 0;
    for (const auto& one : rows) {
        seen.insert(one.target.name);
        critical += one.assessment.level == Level::critical ? 1 : 0;
        CHECK(one.assessment.series.empty());
        CHECK(one.assessment.trend.verdict == Verdict::flat);
    }
    CHECK(seen.size() == count);
    CHECK(critical == count / 2);
}

TEST_CASE("a judge that is not asked for its rows ends all the same") {
    FleetJudge judge(thresholds, now, 2);
    for (int i = 0; i < 100; ++i) {
        judge.add(member("c", 0.5));
    }
}

TEST_CASE("a container whose samples have ended has neither ratio nor level") {
    FleetMember gone = member("gone", 0.97, Milliseconds(120'000));  // recent enough for a diagnosis, but over
    gone.outdated = "no sample since then";
    const FleetRow one = judge(std::move(gone), thresholds, now);
    CHECK(one.outdated);
    CHECK(one.assessment.level == Level::unknown);
    CHECK_FALSE(one.assessment.ratio);
    CHECK(one.assessment.level_why == "no sample since then");
    CHECK(state_of(one) == FleetState::stale);
    REQUIRE(one.assessment.memory);
    CHECK(one.assessment.memory->used == 970'000'000);
}
