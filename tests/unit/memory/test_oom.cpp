#include "memory/oom.h"

#include "synthetic.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::memory;
using namespace std::chrono_literals;
using Said = OomAssessment::Verdict;
using Catch::Matchers::Equals;
using Lines = std::vector<std::string>;

namespace {

Timestamp at(int seconds) {
    return test::noon() + std::chrono::seconds(seconds);
}

// As docker inspect tells them (tests/fixtures/recorded/docker/inspect-*.json).
StateReading ended(int exit_code, bool oom_killed) {
    return {"exited", false, exit_code, oom_killed, 0, at(-3600), at(-60), ""};
}
StateReading running(bool oom_killed = false) {
    return {"running", true, std::nullopt, oom_killed, 0, at(-3600), std::nullopt, ""};
}

OomCheck saw(OomSource source, OomLevel level, int when = -60, std::string detail = {}, std::uint64_t count = 1) {
    return {source, {{level, at(when), count, std::move(detail)}}, at(-86400)};
}
OomCheck nothing(OomSource source) {
    return {source, {}, at(-86400)};
}

struct Case {
    std::vector<Reading> readings;
    std::optional<StateReading> state;
    std::optional<double> ratio;
    Series counter;
    Platform platform = Platform::docker;

    [[nodiscard]] OomAssessment judge() const {
        return judge_oom({readings, state ? &*state : nullptr, counter, ratio, platform, test::noon()});
    }
};

}  // namespace

TEST_CASE("OOMKilled with exit 137 confirms by itself, and says that it is one source", "[oom]") {
    const OomAssessment oom = Case{{}, ended(137, true), 0.99, {}}.judge();
    CHECK(oom.verdict == Said::confirmed);
    CHECK(oom.level == OomLevel::container);
    CHECK(oom.count == 1);
    CHECK(oom.last_at == at(-60));
    CHECK(oom.confirmed_by == std::vector{OomSource::container_state});
    CHECK_THAT(
        oom.evidence,
        Equals(Lines{"container state: OOMKilled and exit 137, last 2026-11-21T11:59:00Z: the main process was killed",
                     "docker events: not looked at", "kernel log: not looked at", "cgroup counter: not looked at",
                     "one source only: container state"}));
}

TEST_CASE("state, event and kernel log are three sources, the best one counts", "[oom]") {
    OomCheck events = nothing(OomSource::docker_event);
    events.sightings = {{OomLevel::container, at(-7200), 1, ""}, {OomLevel::container, at(-60), 1, "then exit 137"}};
    const OomAssessment oom = Case{
        {events, saw(OomSource::kernel_log, OomLevel::container, -61, "Killed process 21736 (tail)"),
         NoData{"cgroup files", "the container is not running"}},
        ended(137, true),
        0.99,
        {}}.judge();
    CHECK(oom.verdict == Said::confirmed);
    CHECK(oom.count == 2);
    CHECK(oom.last_at == at(-60));
    CHECK(oom.confirmed_by == std::vector{OomSource::container_state, OomSource::docker_event, OomSource::kernel_log});
    CHECK_THAT(
        oom.evidence,
        Equals(Lines{"container state: OOMKilled and exit 137, last 2026-11-21T11:59:00Z: the main process was killed",
                     "docker events: 2 OOM kills since 2026-11-20T12:00:00Z, last 2026-11-21T11:59:00Z: then exit 137",
                     "kernel log: 1 OOM kill since 2026-11-20T12:00:00Z, last 2026-11-21T11:58:59Z: Killed process "
                     "21736 (tail)",
                     "cgroup counter: could not be read: the container is not running"}));
}

TEST_CASE("docker kill is never confirmed: 137 without a kill is unknown, at a full limit probable", "[oom]") {
    const std::vector<Reading> looked{nothing(OomSource::docker_event), nothing(OomSource::kernel_log)};
    const OomAssessment low = Case{looked, ended(137, false), 0.4, {}}.judge();
    CHECK(low.verdict == Said::unknown);
    CHECK(low.count == 0);
    CHECK(low.evidence.front() == "container state: OOMKilled is false, exit 137");
    CHECK(low.evidence.back() == "exit 137 alone is any SIGKILL: a person, an engine, a node");
    const OomAssessment full = Case{looked, ended(137, false), 0.93, {}}.judge();
    CHECK(full.verdict == Said::probable);
    CHECK(full.level == OomLevel::container);
    CHECK(full.count == 1);
    CHECK(full.last_at == at(-60));
    CHECK(full.evidence.back() == "the last ratio before the end was 93 %");
    CHECK(Case{looked, ended(137, false), std::nullopt, {}}.judge().verdict == Said::unknown);
    CHECK(Case{looked, ended(137, false), 0.9, {}}.judge().verdict == Said::probable);
    CHECK(Case{looked, ended(137, false), 0.899, {}}.judge().verdict == Said::unknown);
}

TEST_CASE("exit 143 or 0 with OOMKilled: some process was killed earlier, probable alone", "[oom]") {
    for (const int exit : {143, 0}) {
        const OomAssessment oom = Case{{nothing(OomSource::kernel_log)}, ended(exit, true), 0.5, {}}.judge();
        CHECK(oom.verdict == Said::probable);
        CHECK(oom.level == OomLevel::process);
        CHECK(oom.count == 1);
        CHECK_FALSE(oom.last_at);
        CHECK(oom.confirmed_by.empty());
        CHECK(oom.evidence.back() == "the flag alone does not say which process was killed, nor when");
    }
}

TEST_CASE("the same with an event: confirmed at the process's level, yet flag and event are one notice", "[oom]") {
    // Recorded as inspect-oom-then-stopped.json: the child was killed, docker stop ended the container later.
    const OomAssessment oom =
        Case{{saw(OomSource::docker_event, OomLevel::container, -600)}, ended(143, true), 0.5, {}}.judge();
    CHECK(oom.verdict == Said::confirmed);
    CHECK(oom.level == OomLevel::process);
    CHECK(oom.confirmed_by == std::vector{OomSource::docker_event});
    CHECK(oom.evidence.back() == "one source only: docker events");
}

TEST_CASE("a killed child under a living parent: the flag is false, event and counter prove it", "[oom]") {
    // Recorded as inspect-child-oom.json: running, OOMKilled false.
    const OomAssessment oom = Case{
        {saw(OomSource::docker_event, OomLevel::container, -600, "", 1),
         saw(OomSource::cgroup_counter, OomLevel::process, -1, "oom_kill 3", 3)},
        running(),
        0.6,
        {}}.judge();
    CHECK(oom.verdict == Said::confirmed);
    CHECK(oom.level == OomLevel::process);
    CHECK(oom.count == 3);
    CHECK(oom.confirmed_by == std::vector{OomSource::docker_event, OomSource::cgroup_counter});
}

TEST_CASE("a restart loop: the run that waits for its restart has ended with 137", "[oom]") {
    // Recorded as inspect-oom-loop.json: Running true, Restarting true, ExitCode 137.
    StateReading loop{"restarting", true, 137, true, 5, at(-70), at(-60), ""};
    OomCheck events = nothing(OomSource::docker_event);
    for (const int second : {-300, -200, -60}) {
        events.sightings.push_back({OomLevel::container, at(second), 1, ""});
    }
    const OomAssessment oom = Case{{events}, loop, 0.9, {}}.judge();
    CHECK(oom.verdict == Said::confirmed);
    CHECK(oom.level == OomLevel::container);
    CHECK(oom.count == 3);
    CHECK(oom_is_present(oom, &loop, test::noon()));
}

TEST_CASE("a healthy container: none, when something reliable was read", "[oom]") {
    const OomAssessment oom =
        Case{{nothing(OomSource::docker_event), NoData{"kernel log", "not permitted"}}, running(), 0.5, {}}.judge();
    CHECK(oom.verdict == Said::none);
    CHECK(oom.count == 0);
    CHECK(oom.level == OomLevel::unknown);
    CHECK_THAT(oom.evidence,
               Equals(Lines{"container state: OOMKilled is false, running",
                            "docker events: no OOM kill since 2026-11-20T12:00:00Z",
                            "kernel log: could not be read: not permitted", "cgroup counter: not looked at"}));
}

TEST_CASE("nothing could be read: unknown, not none", "[oom]") {
    const OomAssessment oom = Case{{NoData{"docker inspect", "the engine does not answer"}}, {}, 0.5, {}}.judge();
    CHECK(oom.verdict == Said::unknown);
    CHECK(oom.evidence.front() == "container state: could not be read: the engine does not answer");
}

TEST_CASE("cAdvisor's counter: a rise proves a kill, silence proves nothing", "[oom]") {
    Series counter;
    counter.metric = "container_oom_events_total";
    counter.points = {{at(-900), 0}, {at(-600), 0}, {at(-300), 2}, {at(-200), 1}};
    OomAssessment oom = Case{{}, {}, 0.5, counter, Platform::prometheus}.judge();
    CHECK(oom.verdict == Said::confirmed);
    CHECK(oom.count == 3);  // 2, then a reset and 1 more
    CHECK(oom.last_at == at(-200));
    CHECK(oom.evidence.front() == "metric: container_oom_events_total counts 3 OOM kills, last 2026-11-21T11:56:40Z");

    counter.points = {{at(-900), 0}, {at(-600), 0}};
    oom = Case{{}, {}, 0.5, counter, Platform::prometheus}.judge();
    CHECK(oom.verdict == Said::unknown);
    CHECK(oom.evidence.front() == "metric: container_oom_events_total counts no OOM kill, which proves nothing");
}

TEST_CASE("a kill after the judged moment did not happen yet", "[oom]") {
    const OomAssessment oom = Case{{saw(OomSource::docker_event, OomLevel::container, 30)}, {}, 0.5, {}}.judge();
    CHECK(oom.verdict == Said::none);
    CHECK(oom.evidence[1] == "docker events: no OOM kill since 2026-11-20T12:00:00Z");
}

TEST_CASE("a kill by the node's shortage stays the node's, though the container lives on", "[oom]") {
    const OomAssessment oom = Case{{saw(OomSource::kernel_log, OomLevel::node)}, running(), 0.4, {}}.judge();
    CHECK(oom.level == OomLevel::node);
}

TEST_CASE("the kernel log and the metric made from it are one source", "[oom]") {
    const OomAssessment oom = Case{
        {saw(OomSource::kernel_log, OomLevel::container), saw(OomSource::metric, OomLevel::unknown)},
        {},
        0.5,
        {}}.judge();
    CHECK(oom.confirmed_by == std::vector{OomSource::kernel_log});
    CHECK(oom.evidence.back() == "one source only: kernel log");
}

TEST_CASE("words from outside cannot steer the terminal", "[oom]") {
    const OomAssessment oom = Case{
        {saw(OomSource::kernel_log, OomLevel::container, -60, "\x1b[2Jtail"), NoData{"docker events", "\x1b]0;x"}},
        {},
        0.5,
        {}}.judge();
    for (const std::string& line : oom.evidence) {
        CHECK(line.find('\x1b') == std::string::npos);
    }
}

TEST_CASE("100 % holds for five minutes after a kill, and as long as the container is down of it", "[oom]") {
    OomAssessment oom;
    oom.verdict = Said::confirmed;
    oom.last_at = at(-300);
    CHECK(oom_is_present(oom, nullptr, test::noon()));
    CHECK_FALSE(oom_is_present(oom, nullptr, test::noon() + 1ms));
    const StateReading down = ended(137, true);
    CHECK(oom_is_present(oom, &down, test::noon() + 24h));
    const StateReading up = running(true);
    CHECK_FALSE(oom_is_present(oom, &up, test::noon() + 24h));
    oom.verdict = Said::probable;
    CHECK_FALSE(oom_is_present(oom, &down, test::noon()));
}

TEST_CASE("down of a kill that only the kernel tells: the times must fit", "[oom]") {
    OomAssessment oom;
    oom.verdict = Said::confirmed;
    oom.last_at = at(-90);
    StateReading state = ended(137, false);  // finished at -60
    CHECK(oom_is_present(oom, &state, test::noon() + 24h));
    oom.last_at = at(-3000);
    CHECK_FALSE(oom_is_present(oom, &state, test::noon() + 24h));
}
