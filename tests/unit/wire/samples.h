#pragma once

#include "memrb/event.h"

#include <limits>
#include <vector>

namespace memrb::samples {

inline Timestamp at(std::int64_t seconds) {
    return Timestamp(Milliseconds(1'795'345'400'000 + seconds * 1000));
}

/// Every member differs from its default.
inline Target full_target() {
    Target target;
    target.name = "backend";
    target.platform = Platform::kubernetes;
    target.id = "3f9c1d0a7be4";
    target.started_at = at(-60);
    target.image = "shop/backend:1.4";
    target.running = false;
    target.pid = 4711;
    target.limit = Bytes{536'870'912};
    target.compose = ComposeRef{"shop", "backend", "/srv/shop", {"compose.yml", "compose.override.yml"}};
    target.kube = KubeRef{"prod", "shop", "deployment", "app=backend", "app", "4711", 3};
    target.cloud_run = CloudRunRef{"aiprod", "europe-west1", "api", "api-00004", 7, 0.5};
    target.labels = {{"app", "backend"}, {"tier", "web"}};
    target.vars = {{"health_url", "http://localhost:8000/health"}};
    target.found_by = "compose service";
    return target;
}

inline std::vector<Request> all_requests() {
    const Command command{{"docker", "stats", "--format", "{{json .}}", "back end"},
                          {{"LANG", "C"}, {"A", ""}},
                          "yes\n",
                          "/srv/shop",
                          true};
    HttpRequest http{"POST",
                     "http://docker/v1.41/x",
                     {{"Accept", "a"}, {"Accept", "b"}},
                     "{}",
                     "/run/docker.sock",
                     "/tls/ca.pem",
                     "/tls/cert.pem",
                     "/tls/key.pem",
                     1024,
                     {"gcloud", "auth", "print-access-token"},
                     "pageToken"};
    const ReadCgroup cgroup{{{"3f9c1d0a7be4", 4711}, {"aa00bb11", 0}}};
    return {command,
            Command{{"true"}, {}, "", "", false},
            http,
            HttpRequest{},
            SampleMemory{{cgroup, http, command}},
            FileEdit{{"/srv/shop/compose.yml"}, {{"services", "a.b", "mem_limit"}, {"deploy"}}, "1g", "", "", true},
            FileEdit{{"/srv/shop/compose.yml"}, {}, "", "/state/file.before", "00ff", false},
            HumanTask{"Ask the owner.\nWrite it down."},
            Wait{Milliseconds(1500)}};
}

inline std::vector<Ending> all_endings() {
    return {Exited{0},
            Exited{137},
            Signalled{9},
            TimedOut{Milliseconds(30'000)},
            Interrupted{},
            NotStarted{"docker is not installed", true, false},
            NotStarted{"permission denied", false, true},
            HttpStatus{503},
            Previewed{},
            Unknown{"the connection broke"}};
}

inline Output in_file(std::string name, std::uint64_t bytes) {
    Output output;
    output.total = bytes;
    output.file = std::move(name);
    output.in_file = bytes;
    return output;
}

inline Output in_memory(std::string text) {
    Output output;
    output.total = text.size();
    output.head = std::move(text);
    return output;
}

inline Outcome full_outcome() {
    Outcome outcome;
    outcome.ending = Exited{3};
    outcome.out = in_file("outputs/usage.stats.out", 268);
    outcome.out.note = "kept";
    outcome.err = in_memory("warning: \"rounded\"\n");
    outcome.source = 2;
    outcome.started = at(1);
    outcome.elapsed = Milliseconds(112);
    outcome.headers = {{"content-type", "application/json"}};
    return outcome;
}

/// A diagnosis with every member set; numbers are whole, so that they come back the same.
inline Assessment full_assessment() {
    Assessment a;
    MemoryReading memory;
    memory.at = at(2);
    memory.used = 522'190'848;
    memory.limit = Bytes{536'870'912};
    memory.usage = 534'773'760;
    memory.anon = 509'607'936;
    memory.file = 25'165'824;
    memory.shmem = 4'096;
    memory.reclaimable = 12'582'912;
    memory.source = "cgroup v2";
    a.memory = memory;
    a.ratio = 0.97265625;
    a.level = Level::critical;
    a.level_why = "97 % for 6 min";
    a.thresholds = {{{0.8, Milliseconds(300'000), Level::warning}, ThresholdState::State::breached, at(-400), ""},
                    {{0.95, Milliseconds(1'500), Level::critical}, ThresholdState::State::pending, at(-1), "1 s more"},
                    {{1.0, Milliseconds(0), Level::oom}, ThresholdState::State::clear, std::nullopt, ""}};
    a.trend.verdict = Verdict::growing;
    a.trend.reason = "grows steadily";
    a.trend.slope_bytes_per_hour = 90'177'536;
    a.trend.slope_ci90 = {82'837'504, 98'566'144};
    a.trend.seconds_to_limit = Interval{420, 590, std::numeric_limits<double>::infinity()};
    a.trend.samples = 720;
    a.trend.span = Milliseconds(21'600'000);
    a.trend.asymptote_bytes = 600'000'000;
    a.trend.restarts_seen = 3;
    a.oom.verdict = OomAssessment::Verdict::confirmed;
    a.oom.count = 3;
    a.oom.last_at = at(-3600);
    a.oom.level = OomLevel::container;
    a.oom.evidence = {"docker event: 3 kills", "exit 137"};
    a.oom.confirmed_by = {OomSource::docker_event, OomSource::kernel_log};
    a.restarts = 3;
    a.causes = {{"leak", "Memory leak", 6, RankedCause::Confidence::high, {"grows"}, {"load"}, {"restart", "rollback"}},
                {"unbounded-cache", "Cache", -1, RankedCause::Confidence::low, {"against: no plateau"}, {}, {}}};
    a.cause_clear = true;
    a.options = {{"restart", "Restart", true, Risk::disruptive, "relief now", "about 10 s"},
                 {"raise-limit", "Raise the limit", false, Risk::reversible, "", ""}};
    a.right_size = RightSize{805'306'368, "1.5 x the limit"};
    a.capacity = Capacity{200'000'000, 3'000'000, 58, 85, 103, true, false, true};
    a.series = {{at(-120), 400'000'000}, {at(-60), std::numeric_limits<double>::quiet_NaN()}, {at(0), 522'190'848}};
    a.warnings = {"oom.dmesg: not permitted"};
    return a;
}

/// One look of a watch for recovery, with every member set.
inline WatchSample full_watch_sample() {
    WatchSample sample;
    sample.number = 7;
    sample.elapsed = Milliseconds(60'250);
    sample.used = 445'644'800;
    sample.limit = Bytes{536'870'912};
    sample.ratio = 0.830078125;
    sample.level = Level::warning;
    sample.restarts = 3;
    sample.oom_kills = 2;
    sample.criteria = {{"memory below 80 %", Criterion::State::fails, "83 %", Milliseconds(0)},
                       {"no new restart", Criterion::State::holds, "3 so far", Milliseconds(60'250)}};
    sample.held = Milliseconds(1);
    sample.left = Milliseconds(539'750);
    sample.missing = "no source answered";
    return sample;
}

/// One event of every kind, numbered from 1.
inline std::vector<Event> all_events() {
    std::vector<EventBody> bodies;
    bodies.emplace_back(IncidentOpened{"k7f2",
                                       "live",
                                       "0.1.0",
                                       "container-high-memory",
                                       std::string(64, 'a'),
                                       "shipped",
                                       {"memrb", "diagnose", "backend"}});
    bodies.emplace_back(TargetPinned{full_target(), at(-30), true, {{"prometheus", "http://localhost:9090"}}});
    bodies.emplace_back(
        StepStarted{"usage.stats", "How much?", "docker", Risk::reversible, all_requests()[0], Milliseconds(30'000)});
    bodies.emplace_back(StepFinished{"usage.stats",
                                     StepStatus::failed,
                                     full_outcome(),
                                     "3 samples",
                                     {"rounded"},
                                     {{"objects", "4764"}, {"row", "{\"b\":1,\"a\":[null,1.5]}"}}});
    bodies.emplace_back(StepSkipped{"oom.dmesg", "Kernel log", StepStatus::blocked, "not permitted"});
    bodies.emplace_back(Assessed{full_assessment()});
    bodies.emplace_back(OptionChosen{"restart"});
    bodies.emplace_back(Decided{"restart.container", "skip", "traffic is high"});
    bodies.emplace_back(NoteAdded{"looked at the dashboard"});
    bodies.emplace_back(IncidentClosed{5, "quit"});
    bodies.emplace_back(WatchStarted{Milliseconds(10'000), Milliseconds(600'000), ".memory.ratio < 0.8"});
    bodies.emplace_back(WatchSampled{full_watch_sample()});
    bodies.emplace_back(WatchEnded{{Recovery::not_recovered,
                                    "memory is at 83 %",
                                    {"growth could not be judged"},
                                    true,
                                    Milliseconds(20'000),
                                    Milliseconds(240'500),
                                    23,
                                    1}});
    bodies.emplace_back(Escalated{"menu", {"backend_lead"}});
    bodies.emplace_back(
        Notified{"backend_lead", "pagerduty", Notified::Result::failed, 3, 503, "HTTP 503: try later", "memrb-k7f2"});
    bodies.emplace_back(TaskSet{"right-size the limit", true, "768 MiB"});
    std::vector<Event> events;
    for (auto& body : bodies) {
        const auto seq = static_cast<std::uint64_t>(events.size() + 1);
        events.push_back({seq, at(static_cast<std::int64_t>(seq)) + Milliseconds(7), std::move(body)});
    }
    return events;
}

}  // namespace memrb::samples
