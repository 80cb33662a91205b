// The loop of a watch: a virtual clock that only waits move on, and a container that does as the test says.
#include "engine/watch.h"

#include "world.h"

#include <functional>

using namespace memrb;
using namespace std::chrono_literals;
using memrb::test::bodies;
using memrb::test::exited;
using memrb::test::World;

namespace {

class VirtualClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override { return Timestamp(480'000h) + at + set_by; }
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
        return std::chrono::steady_clock::time_point(1h) + at;
    }
    Milliseconds at{};
    Milliseconds set_by{};  ///< what a person has done to the time of day
};

// Answers each step by what the script says for this time; `x` of a step that is not there is a failure.
class Container final : public Runner {
public:
    using Script = std::function<std::string(const std::string& step, Milliseconds at)>;
    Container(VirtualClock& clock, Script script) : clock_(clock), script_(std::move(script)) {}

    Outcome run(const Request& request, const RunContext& context, const Stop& /*stop*/) override {
        if (const auto* wait = std::get_if<Wait>(&request)) {
            clock_.at += wait->duration;
            return exited(0);
        }
        asked.push_back(context.step);
        const std::string said = script_(context.step, clock_.at);
        Outcome outcome = said == "x" ? exited(1, "", "connection refused") : exited(0, said);
        outcome.started = clock_.now();
        return outcome;
    }

    std::vector<std::string> asked;

private:
    VirtualClock& clock_;
    Script script_;
};

struct Scene {
    Scene() {
        world.jobs = 1;
        world.runbook.thresholds = {{0.7, 0ms, Level::watch}, {0.8, 5min, Level::warning}, {1, 0ms, Level::oom}};
        world.runbook.watch = Watch{10s, 2min};
        world.runbook.recovered = world.jq(R"((.memory.ratio | numbers < 0.80) and .trend.verdict != "growing")");
        world.add({.id = "usage.now", .argv = {"x"}}).add({.id = "usage.inspect", .argv = {"x"}});
        world.add({.id = "oom.counter", .argv = {"x"}}).add({.id = "app.page", .argv = {"x"}});
        world.add({.id = "app.late", .argv = {"x"}, .needs_assessment = true});
    }

    WatchResult watch(Container::Script script, std::optional<Milliseconds> lasts = {}) {
        Container container(clock, std::move(script));
        const engine::Programs programs(world.runbook.programs);
        const engine::Session session = world.session();
        const auto result = engine::watch(session, {container, world.log, programs, world.stop, world.jobs}, clock,
                                          engine::plan_watch(world.runbook, {}, lasts));
        asked = container.asked;
        return result;
    }

    [[nodiscard]] std::vector<WatchSample> samples() const {
        std::vector<WatchSample> all;
        for (const auto& body : bodies<WatchSampled>(world.journal.events())) {
            all.push_back(body.sample);
        }
        return all;
    }

    World world;
    VirtualClock clock;
    std::vector<std::string> asked;
};

std::string healthy(const std::string& step, Milliseconds /*at*/) {
    return step == "usage.now"       ? "memory 60 100"
           : step == "usage.inspect" ? "restarts 2"
           : step == "oom.counter"   ? "kills 1"
                                     : "hello";
}

}  // namespace

TEST_CASE("a watch to the end: every look and the result are in the log") {
    Scene scene;
    const auto result = scene.watch(healthy);
    CHECK(result.recovery == Recovery::recovered);
    CHECK(result.held == 2min);
    CHECK(result.elapsed == 2min);
    CHECK_FALSE(result.stopped);
    const auto samples = scene.samples();
    REQUIRE(samples.size() == 13);
    CHECK(samples.front().ratio == Approx(0.6));
    CHECK(samples.front().restarts == 2U);
    CHECK(samples.front().oom_kills == 1U);
    std::vector<std::string> says;
    for (const auto& criterion : samples.back().criteria) {
        says.push_back(criterion.says);
        CHECK(criterion.state == Criterion::State::holds);
        CHECK(criterion.held == 2min);
    }
    CHECK(says == std::vector<std::string>{"memory below 80 %", "memory does not grow", "the container runs",
                                           "no new restart", "no new OOM kill"});
    const auto& events = scene.world.journal.events();
    CHECK(std::get<WatchStarted>(events.front().body).every == 10s);
    CHECK(std::get<WatchEnded>(events.back().body).result.recovery == Recovery::recovered);
    CHECK(events.size() == samples.size() + 2);  // what single steps say is not recorded
    CHECK(result.caveats.size() == 1);           // 2 min are too short to see growth
}

TEST_CASE("only the first look runs all that it can, then only what tells of memory, restarts and kills") {
    Scene scene;
    scene.watch(healthy, 20s);
    CHECK(scene.asked == std::vector<std::string>{"usage.now", "usage.inspect", "oom.counter", "app.page", "usage.now",
                                                  "usage.inspect", "oom.counter", "usage.now", "usage.inspect",
                                                  "oom.counter"});
}

TEST_CASE("as long as memory or restarts are not known, everything is tried again") {
    Scene scene;
    const auto result = scene.watch([](const std::string& step, Milliseconds at) {
        return at < 20s && step == "usage.now" ? "x" : healthy(step, at);
    });
    CHECK(result.recovery == Recovery::recovered);
    CHECK(std::count(scene.asked.begin(), scene.asked.end(), "app.page") == 3);
    CHECK_FALSE(scene.samples().front().missing.empty());
}

TEST_CASE("an old sample does not pass for the present when the source dies") {
    Scene scene;
    const auto result = scene.watch([](const std::string& step, Milliseconds at) {
        return at >= 60s && step == "usage.now" ? "x" : healthy(step, at);
    });
    CHECK(result.recovery == Recovery::unknown);
    CHECK(result.why.starts_with("no data: "));
    CHECK_FALSE(scene.samples().back().ratio);
}

TEST_CASE("a relapse 3 minutes into the watch ends it") {
    Scene scene;
    const auto result = scene.watch(
        [](const std::string& step, Milliseconds at) {
            return step == "usage.inspect" && at >= 3min ? "restarts 3" : healthy(step, at);
        },
        10min);
    CHECK(result.recovery == Recovery::relapsed);
    CHECK(scene.clock.at == 3min);

    Scene killed;
    const auto by_kill = killed.watch(
        [](const std::string& step, Milliseconds at) {
            return step == "oom.counter" && at >= 3min ? "kills 2" : healthy(step, at);
        },
        10min);
    CHECK(by_kill.recovery == Recovery::relapsed);
    CHECK(by_kill.why == "a new OOM kill: 2 instead of 1");
}

TEST_CASE("above the threshold: not recovered when the time is over") {
    Scene scene;
    const auto result = scene.watch([](const std::string& step, Milliseconds at) {
        return step == "usage.now" ? "memory 83 100" : healthy(step, at);
    });
    CHECK(result.recovery == Recovery::not_recovered);
    CHECK(result.why == "does not hold: memory below 80 %: 83 %");
    CHECK(scene.clock.at == 2min);
}

TEST_CASE("a time of day that is set back during the watch makes nothing true, and the newest sample counts") {
    Scene scene;
    const auto result = scene.watch([&](const std::string& step, Milliseconds at) {
        scene.clock.set_by = at >= 60s ? -1h : 0h;
        return step == "usage.now" && at >= 60s ? "memory 90 100" : healthy(step, at);
    });
    CHECK(result.recovery == Recovery::not_recovered);
    CHECK(scene.samples().back().ratio == Approx(0.9));
}

TEST_CASE("a stop ends it at once with the result so far") {
    Scene scene;
    const auto result = scene.watch([&](const std::string& step, Milliseconds at) {
        if (at >= 60s) {
            scene.world.stop.pull();
        }
        return healthy(step, at);
    });
    CHECK(result.stopped);
    CHECK(result.recovery == Recovery::not_recovered);
    CHECK(result.why == "all criteria have held for 50 s of the 2 min that are asked");
    CHECK(scene.samples().size() == 6);  // the look that was cut off proves nothing
    CHECK(std::get<WatchEnded>(scene.world.journal.events().back().body).result.stopped);
}

TEST_CASE("the last look is when the time is complete, also if the pace does not divide it") {
    Scene scene;
    CHECK(scene.watch(healthy, 25s).recovery == Recovery::recovered);
    CHECK(scene.clock.at == 25s);
}

TEST_CASE("a runbook without a condition and without a pace is watched by its threshold") {
    Scene scene;
    scene.world.runbook.recovered.reset();
    scene.world.runbook.watch.reset();
    const auto plan = engine::plan_watch(scene.world.runbook, {}, 30s);
    CHECK(plan.every == 30s);
    CHECK(engine::plan_watch(scene.world.runbook, {}, {}).lasts == 10min);
    CHECK(engine::recovery_ceiling(scene.world.runbook) == Approx(0.8));
    CHECK(scene.watch(healthy).recovery == Recovery::recovered);
    CHECK(scene.samples().front().criteria.front().says == "memory not above 80 %");
}
