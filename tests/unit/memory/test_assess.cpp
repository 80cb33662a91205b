#include "memory/assess.h"

#include "synthetic.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace memrb;
using namespace memrb::memory;
using namespace std::chrono_literals;
using Catch::Matchers::VectorContains;
using test::make_points;
using test::mib;
using test::Noise;
using test::noon;

namespace {

constexpr Bytes mebi = Bytes{1} << 20U;
const std::string id = "3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c3f9c";

const std::vector<Threshold> seed{{0.7, 0min, Level::watch},
                                  {0.8, 5min, Level::warning},
                                  {0.85, 0min, Level::high},
                                  {0.95, 0min, Level::critical},
                                  {1.0, 0min, Level::oom}};

Target backend() {
    Target target;
    target.name = "backend";
    target.id = id;
    target.limit = 512 * mebi;
    return target;
}

SeriesReading series_of(SeriesRole role, std::string metric, std::vector<Point> points) {
    return {role, std::move(metric), {{"id", "/docker/" + id}, {"name", "backend"}}, std::move(points), true};
}

// The working set held for an hour, the last sample at noon.
SeriesReading held(double mebibytes) {
    return series_of(SeriesRole::memory, "container_memory_working_set_bytes",
                     make_points({1, 15, [=](double, Noise&) { return mebibytes * mib; }}, 1));
}

MemoryReading live(double mebibytes, Timestamp at = noon() + 5s) {
    MemoryReading reading;
    reading.at = at;
    reading.used = static_cast<Bytes>(mebibytes * mib);
    reading.usage = reading.used + 20 * mebi;
    reading.limit = 512 * mebi;
    reading.source = "docker engine";
    return reading;
}

StateReading running() {
    return {"running", true, std::nullopt, false, 2, noon() - 240h, std::nullopt, ""};
}

Assessment judge(const std::vector<Reading>& readings, const Target& target = backend(), Timestamp now = noon() + 5s,
                 bool past = false) {
    return assess({target, readings, seed, now, past});
}

}  // namespace

TEST_CASE("live and series together: the live sample is the present", "[assess]") {
    const Assessment a = judge({held(420), live(425), running(), OomCheck{OomSource::docker_event, {}, noon() - 24h}});
    REQUIRE(a.memory);
    CHECK(a.memory->source == "docker engine");
    CHECK(a.memory->metric == "working set");
    CHECK(a.memory->used == 425 * mebi);
    CHECK(*a.ratio == Approx(425.0 / 512));
    CHECK(a.level == Level::warning);
    CHECK(a.thresholds.size() == 5);
    CHECK(a.thresholds[1].since == noon() - 1h);
    CHECK(a.oom.verdict == OomAssessment::Verdict::none);
    CHECK(a.trend.verdict == Verdict::flat);
    CHECK(a.restarts == 2);
    CHECK(a.series.back().value == 425 * mib);
    CHECK(a.series.size() <= 240);
    CHECK(a.right_size->limit == 848 * mebi);
    CHECK(a.warnings.empty());
    CHECK(a.causes.empty());
}

TEST_CASE("a live sample alone: the level without durations, the rest pending", "[assess]") {
    const Assessment a = judge({live(460), running()});
    CHECK(a.level == Level::high);
    CHECK(a.thresholds[1].state == ThresholdState::State::pending);
    CHECK(a.trend.verdict == Verdict::insufficient_data);
    CHECK_FALSE(a.right_size);
}

TEST_CASE("samples that memrb takes itself are a series too", "[assess]") {
    std::vector<Reading> readings{running()};
    for (int second = -300; second <= 0; second += 30) {
        readings.emplace_back(live(430, noon() + std::chrono::seconds(second)));
    }
    CHECK(judge(readings).level == Level::warning);
}

TEST_CASE("Prometheus alone: its last sample, with its companions and the limit of the metric", "[assess]") {
    Target target = backend();
    target.platform = Platform::prometheus;
    target.limit = LimitUnknown{};
    const std::vector<Point> last{{noon() - 15s, 30 * mib}, {noon(), 40 * mib}};
    const Assessment a =
        judge({held(490), series_of(SeriesRole::limit, "container_spec_memory_limit_bytes", {{noon(), 512 * mib}}),
               series_of(SeriesRole::file, "container_memory_cache", last),
               series_of(SeriesRole::restarts, "restarts", {{noon() - 1min, 4}, {noon(), 4}})},
              target);
    REQUIRE(a.memory);
    CHECK(a.memory->source == "prometheus");
    CHECK(a.memory->metric == "working set");
    CHECK(a.memory->at == noon());
    CHECK(a.memory->limit == Limit(512 * mebi));
    CHECK(a.memory->file == 40 * mebi);
    CHECK_FALSE(a.memory->anon);
    CHECK(a.level == Level::critical);
    CHECK(a.restarts == 4);
    CHECK(a.oom.verdict == OomAssessment::Verdict::unknown);
    CHECK(a.thresholds[4].state == ThresholdState::State::unknown);
    CHECK(a.thresholds[4].why == "the usage is not known");
    CHECK(judge({held(300)}, target).thresholds[4].why == "the limit is not known");
    target.limit = 512 * mebi;
    CHECK(judge({held(300)}, target).thresholds[4].why == "no source of OOM kills could be read");
}

TEST_CASE("a past moment: nothing later counts, nor anything live", "[assess]") {
    const Assessment a = judge({held(490), live(100), running()}, backend(), noon() - 30min, true);
    CHECK(a.memory->source == "prometheus");
    CHECK(a.memory->at == noon() - 30min);
    CHECK(a.trend.span == 30min);
    CHECK_FALSE(a.restarts);
    CHECK_THAT(a.warnings, VectorContains(std::string("the limit of that time is not known: today's was taken")));
}

TEST_CASE("stale samples: the reading is shown with its time, no ratio and no level are drawn from it", "[assess]") {
    const Assessment a = judge({held(490)}, backend(), noon() + 12min);
    CHECK(a.memory->used == 490 * mebi);
    CHECK_FALSE(a.ratio);
    CHECK(a.level == Level::unknown);
    CHECK(a.level_why == "the last sample is 12 min old");
    CHECK_THAT(a.warnings, VectorContains(std::string("stale: the last sample is 12 min old")));
}

TEST_CASE("no limit: bytes but no ratio", "[assess]") {
    Target target = backend();
    target.limit = NoLimit{};
    MemoryReading reading = live(300);
    reading.limit = NoLimit{};
    const Assessment a = judge({held(300), reading, running()}, target);
    CHECK(a.memory->used == 300 * mebi);
    CHECK_FALSE(a.ratio);
    CHECK(a.level == Level::unknown);
    CHECK(a.level_why == "no limit is set, so there is no ratio");
    CHECK(a.trend.verdict == Verdict::flat);
}

TEST_CASE("nothing was learnt: everything is unknown, with the reason", "[assess]") {
    const Assessment a =
        judge({NoData{"docker events", "not permitted"}, NoData{"engine statistics", "docker is down"}});
    CHECK_FALSE(a.memory);
    CHECK(a.no_memory_why == "engine statistics: docker is down");
    CHECK(a.level == Level::unknown);
    CHECK(a.level_why == a.no_memory_why);
    CHECK(a.oom.verdict == OomAssessment::Verdict::unknown);
    CHECK(a.trend.verdict == Verdict::insufficient_data);
    CHECK(a.series.empty());
    const NoData twice{"engine statistics", "docker is down"};
    CHECK(judge({twice, twice}).no_memory_why == "engine statistics: docker is down");
    CHECK(judge({}).no_memory_why == "no source has told the memory");
}

TEST_CASE("down of an OOM kill: the level is oom though there is no ratio any more", "[assess]") {
    const StateReading killed{"exited", false, 137, true, 0, noon() - 2h, noon() - 20s, ""};
    const Assessment a = judge({held(505), killed});
    CHECK(a.level == Level::oom);
    CHECK(a.level_why == "the limit was reached");
    CHECK_FALSE(a.ratio);
    CHECK(a.oom.verdict == OomAssessment::Verdict::confirmed);
    CHECK(judge({killed}).no_memory_why == "the container is not running (exited, exit 137)");
}

TEST_CASE("killed by hand at a full limit: probable, and the level is not known", "[assess]") {
    const StateReading killed{"exited", false, 137, false, 0, noon() - 2h, noon() - 20s, ""};
    const Assessment a = judge({held(505), killed});
    CHECK(a.oom.verdict == OomAssessment::Verdict::probable);
    CHECK(a.level == Level::unknown);
    CHECK(a.level_why == "the container is not running");
    CHECK(judge({held(100), killed}).oom.verdict == OomAssessment::Verdict::unknown);
}

TEST_CASE("page cache that fills the limit is no full limit", "[assess]") {
    MemoryReading cached = live(300);
    cached.usage = 512 * mebi;
    CHECK(judge({cached, running()}).thresholds[4].state == ThresholdState::State::clear);
    MemoryReading full = live(500);
    full.usage = 512 * mebi;
    CHECK(judge({full, running()}).level == Level::oom);
    full.usage = 511 * mebi;
    CHECK(judge({full, running()}).level == Level::critical);
}

TEST_CASE("sources that disagree by more than 10 % are told", "[assess]") {
    CHECK_THAT(
        judge({held(300), live(420), running()}).warnings,
        VectorContains(std::string("docker engine says 420 MiB, prometheus 300 MiB: they differ by more than 10 %")));
    CHECK(judge({held(300), live(330), running()}).warnings.empty());
    const auto limits = series_of(SeriesRole::limit, "container_spec_memory_limit_bytes", {{noon(), 1024 * mib}});
    CHECK_THAT(judge({held(300), live(300), limits, running()}).warnings,
               VectorContains(std::string("the limit is 512 MiB (docker engine), but 1 GiB (prometheus)")));
}

TEST_CASE("bad samples, replicas and gaps are told", "[assess]") {
    SeriesReading bad = held(300);
    bad.points[10].value = std::nan("");
    SeriesReading replica = held(500);
    replica.labels[0].second = "/docker/other";
    SeriesReading gaps = held(300);
    gaps.points.erase(gaps.points.begin() + 50, gaps.points.begin() + 150);
    CHECK_THAT(judge({bad}).warnings,
               VectorContains(std::string("1 sample of container_memory_working_set_bytes could not be used (NaN, "
                                          "infinite, negative or double)")));
    CHECK_THAT(judge({held(300), replica}).warnings,
               VectorContains("1 more container reports under this name; judged is /docker/" + id));
    CHECK_THAT(judge({gaps}).warnings, VectorContains(std::string("partial: samples cover only 58 % of 1h")));
    const Assessment gap = judge({gaps});
    CHECK(std::count_if(gap.series.begin(), gap.series.end(), [](const Point& p) { return std::isnan(p.value); }) == 1);
}

TEST_CASE("only the usage is known: it is judged, named and warned of", "[assess]") {
    SeriesReading usage = held(500);
    usage.role = SeriesRole::usage;
    usage.metric = "container_memory_usage_bytes";
    const Assessment a = judge({usage});
    CHECK(a.memory->metric == "container_memory_usage_bytes");
    CHECK_THAT(
        a.warnings,
        VectorContains(std::string("the working set is not known: judged is the usage, which counts page cache too")));
}

TEST_CASE("the engine's start time divides the series", "[assess]") {
    Target target = backend();
    target.started_at = noon() - 30min;
    CHECK(judge({held(300)}, target).trend.restarts_seen == 1);
    CHECK(judge({held(300)}).trend.restarts_seen == 0);
}

TEST_CASE("garbage of all kinds is judged without harm", "[assess]") {
    const std::vector<double> values{0, 1, 4096, 5e8, 9.3e18, 1.9e19, 1e23, 1e300, -1, std::nan(""), HUGE_VAL};
    for (std::uint64_t seed_number = 1; seed_number <= 60; ++seed_number) {
        Noise noise(seed_number);
        const auto any = [&](std::size_t count) {
            return static_cast<std::size_t>(noise.uniform() * static_cast<double>(count));
        };
        std::vector<Reading> readings{StateReading{"exited", false, 137, any(2) == 0, 1, noon() - 1h, noon(), ""}};
        for (int role = 0; role <= static_cast<int>(SeriesRole::other); ++role) {
            SeriesReading series = series_of(static_cast<SeriesRole>(role), "m", {});
            series.labels[0].second += std::to_string(any(2));
            for (std::size_t i = any(400); i > 0; --i) {
                const auto back =
                    std::chrono::seconds(static_cast<int>(noise.uniform() * (any(10) == 0 ? 2e9 : 20000)));
                series.points.push_back({noon() - back, values[any(values.size())]});
            }
            readings.emplace_back(std::move(series));
        }
        const Assessment a = judge(readings);
        CHECK(a.series.size() <= 240);
        CHECK_FALSE(a.trend.reason.empty());
        CHECK((a.level == Level::unknown || a.level == Level::oom));  // it does not run
    }
}

TEST_CASE("the only NaN samples are no data, not zero", "[assess]") {
    SeriesReading bad = held(300);
    for (Point& point : bad.points) {
        point.value = std::nan("");
    }
    const Assessment a = judge({bad});
    CHECK_FALSE(a.memory);
    CHECK(a.no_memory_why == "no sample is usable: all are NaN, infinite or negative");
}

TEST_CASE("what the limit carries is fitted to the load in requests per second, or is what was given", "[assess]") {
    const auto requests = [](double h) { return 30 + 20 * std::sin(3.14159265 * h); };
    const std::vector<Reading> readings{
        series_of(
            SeriesRole::memory, "container_memory_working_set_bytes",
            make_points({6, 30, [=](double h, Noise& n) { return (100 + 5 * requests(h) + n.normal()) * mib; }}, 1)),
        series_of(SeriesRole::load, "requests",
                  make_points({6, 60, [=](double h, Noise&) { return 4096 * requests(h); }}, 2))};
    const Assessment fitted = judge(readings);
    REQUIRE(fitted.capacity);
    CHECK(fitted.capacity->per_second);
    CHECK_FALSE(fitted.capacity->given);
    CHECK(fitted.capacity->base == Approx(100 * mib).epsilon(0.05));
    CHECK(fitted.capacity->each * 4096 == Approx(5 * mib).epsilon(0.05));
    const Assessment given =
        assess({backend(), readings, seed, noon() + 5s, false, given_capacity(112 * mib, 4 * mib)});
    REQUIRE(given.capacity);
    CHECK(given.capacity->given);
    CHECK_FALSE(given.capacity->per_second);
    CHECK(given.capacity->safe == 61);  // 112 + 61 * 4 = 356, 70 % are 358.4
    Target free = backend();
    free.limit = NoLimit{};
    CHECK_FALSE(judge(readings, free).capacity);
    CHECK_FALSE(judge({held(420)}).capacity);
}
