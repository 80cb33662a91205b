#include "sample_views.h"

#include "base/text.h"
#include "ui/layout.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

namespace memrb::ui::test {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

StepRow step(std::string id, std::string title, std::string note, Milliseconds elapsed) {
    StepRow row;
    row.id = std::move(id);
    row.title = std::move(title);
    row.status = StepStatus::ok;
    row.note = std::move(note);
    row.elapsed = elapsed;
    row.request = Command{{"docker", "inspect", "backend"}, {}, {}, {}, false};
    row.outcome = said("{}\n");
    return row;
}

StepRow not_ok(std::string id, std::string title, StepStatus status, std::string why, bool started) {
    StepRow row = step(std::move(id), std::move(title), {}, Milliseconds(20));
    row.status = status;
    row.why = std::move(why);
    if (!started) {
        row.request.reset();
        row.outcome.reset();
    }
    return row;
}

std::vector<Point> line(double from, double to, std::size_t count, std::string_view last) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < count; ++i) {
        const double share = static_cast<double>(i) / static_cast<double>(count - 1);
        points.push_back(
            {at(last) - std::chrono::minutes(10) * static_cast<long>(count - 1 - i), from + (to - from) * share});
    }
    return points;
}

ThresholdState threshold(double ratio, Milliseconds duration, Level level, ThresholdState::State state,
                         std::string_view since = {}, std::string why = {}) {
    ThresholdState result;
    result.threshold = {ratio, duration, level};
    result.state = state;
    if (!since.empty()) {
        result.since = at(since);
    }
    result.why = std::move(why);
    return result;
}

std::vector<ThresholdState> all_thresholds(ThresholdState::State state, const std::string& why = {}) {
    using namespace std::chrono_literals;
    return {threshold(0.70, 0min, Level::watch, state, {}, why), threshold(0.80, 5min, Level::warning, state, {}, why),
            threshold(0.85, 0min, Level::high, state, {}, why), threshold(0.95, 0min, Level::critical, state, {}, why),
            threshold(1.00, 0min, Level::oom, state, {}, why)};
}

MemoryReading measured(Bytes used, Limit limit) {
    MemoryReading memory;
    memory.at = at("2026-11-21T08:51:58Z");
    memory.used = used;
    memory.limit = limit;
    memory.usage = used + 14 * mib;
    memory.anon = used - 18 * mib;
    memory.file = 30 * mib;
    memory.shmem = 1 * mib;
    memory.reclaimable = 26 * mib;
    memory.source = "docker engine";
    return memory;
}

DiagnosisView base_view() {
    DiagnosisView view;
    view.incident = "k7f2";
    view.target.name = "backend";
    view.target.id = "3f9c1d07a2be4c55e1f0a9d3c2b1a0f9e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b3";
    view.target.started_at = at("2026-11-21T06:38:00Z");
    view.target.image = "shop/backend:1.4";
    view.target.found_by = "docker container";
    view.runbook_id = "container-high-memory";
    view.runbook_digest = std::string(64, 'a');
    view.folder = "/root/.local/state/memrb/incidents/k7f2";
    view.now = at(now_text);
    view.steps = {step("usage.stats", "How much memory does it use now?", "", Milliseconds(64)),
                  step("usage.working_set", "Working set over six hours", "37 samples", Milliseconds(112)),
                  step("oom.events", "Was it OOM killed?", "3 kills", Milliseconds(180)),
                  not_ok("oom.dmesg", "Kernel log", StepStatus::skipped, "not permitted", true)};
    return view;
}

RankedCause cause(std::string id, std::string title, int score, RankedCause::Confidence confidence,
                  std::vector<std::string> evidence, std::vector<std::string> unknown = {}) {
    return {std::move(id), std::move(title), score, confidence, std::move(evidence), std::move(unknown), {"restart"}};
}

std::vector<OfferedOption> options() {
    return {{"restart", "Restart the container", true, Risk::disruptive, "a leak, and relief is needed now",
             "in-memory state; about 10 s of downtime"},
            {"raise-limit", "Raise the memory limit", false, Risk::reversible,
             "the container is legitimately too small", "memory of the node; recreates the container"},
            {"collect-garbage", "Trigger garbage collection", false, Risk::reversible,
             "a Python application whose garbage collector lags behind", ""}};
}

}  // namespace

Timestamp at(std::string_view rfc3339) {
    return parse_rfc3339(rfc3339).value();
}

Style wide() {
    return {false, true, 100, false};
}
Style usual() {
    return {false, true, 80, false};
}
Style narrow() {
    return {false, true, 50, false};
}
Style ascii() {
    return {false, false, 80, false};
}
Style plain() {
    return {false, false, 0, true};
}

Outcome said(std::string text, Ending ending) {
    Outcome outcome;
    outcome.ending = std::move(ending);
    outcome.out.total = text.size();
    outcome.out.head = std::move(text);
    outcome.started = at(now_text);
    outcome.elapsed = Milliseconds(64);
    return outcome;
}

DiagnosisView leaking() {
    using State = ThresholdState::State;
    using namespace std::chrono_literals;
    DiagnosisView view = base_view();
    Assessment& known = view.assessment;
    known.memory = measured(498 * mib, Limit(512 * mib));
    known.ratio = 498.0 / 512.0;
    known.level = Level::critical;
    known.thresholds = {threshold(0.70, 0min, Level::watch, State::breached, "2026-11-21T07:10:00Z"),
                        threshold(0.80, 5min, Level::warning, State::breached, "2026-11-21T07:55:00Z"),
                        threshold(0.85, 10min, Level::high, State::pending, "2026-11-21T08:46:00Z", "6 of 10 min"),
                        threshold(0.95, 0min, Level::critical, State::breached, "2026-11-21T08:40:00Z"),
                        threshold(1.00, 0min, Level::oom, State::clear)};
    known.trend.verdict = Verdict::growing;
    known.trend.reason = "steady growth that is not given back";
    known.trend.slope_bytes_per_hour = 86.0 * static_cast<double>(mib);
    known.trend.slope_ci90 = {79.0 * static_cast<double>(mib), 94.0 * static_cast<double>(mib)};
    known.trend.seconds_to_limit = Interval{7 * 60.0, 9 * 60.0, 12 * 60.0};
    known.trend.samples = 37;
    known.trend.span = std::chrono::hours(6);
    known.trend.restarts_seen = 3;
    known.series = line(60.0 * static_cast<double>(mib), 498.0 * static_cast<double>(mib), 37, "2026-11-21T08:51:00Z");
    known.oom.verdict = OomAssessment::Verdict::confirmed;
    known.oom.count = 3;
    known.oom.last_at = at("2026-11-21T06:37:51Z");
    known.oom.level = OomLevel::container;
    known.oom.confirmed_by = {OomSource::docker_event, OomSource::container_state};
    known.oom.evidence = {"docker events: 3 oom events in the last 24 h", "container state: OOMKilled with exit 137",
                          "kernel log: not permitted"};
    known.restarts = 3;
    known.causes = {
        cause("leak", "Memory leak", 6, RankedCause::Confidence::high,
              {"grows steadily across 3 restarts", "requests stay flat", "against: a deploy was 20 min before"},
              {"descriptors grow in parallel"}),
        cause("unbounded-cache", "Unbounded cache", 2, RankedCause::Confidence::low,
              {"against: growth does not slow down"})};
    known.cause_clear = true;
    known.options = options();
    known.right_size = RightSize{768 * mib, "a stop-gap for about 3 h at this rate: the leak stays"};
    view.steps[1].warnings = {"the answer is partial (1 of 2 stores did not answer)"};
    return view;
}

DiagnosisView healthy() {
    DiagnosisView view = base_view();
    Assessment& known = view.assessment;
    known.memory = measured(210 * mib, Limit(512 * mib));
    known.ratio = 210.0 / 512.0;
    known.level = Level::ok;
    known.thresholds = all_thresholds(ThresholdState::State::clear);
    known.trend.verdict = Verdict::flat;
    known.trend.slope_bytes_per_hour = 0.2 * static_cast<double>(mib);
    known.trend.slope_ci90 = {-1.0 * static_cast<double>(mib), 1.4 * static_cast<double>(mib)};
    known.trend.samples = 37;
    known.trend.span = std::chrono::hours(6);
    known.series = line(208.0 * static_cast<double>(mib), 210.0 * static_cast<double>(mib), 37, "2026-11-21T08:51:00Z");
    known.oom.verdict = OomAssessment::Verdict::none;
    known.oom.evidence = {"docker events: none in the last 24 h", "container state: running, never killed"};
    known.restarts = 0;
    view.steps.back() = step("oom.dmesg", "Kernel log", "", Milliseconds(31));
    view.steps.push_back(
        not_ok("app.gc", "Python objects", StepStatus::skipped, "only when .vars.language == \"python\"", false));
    return view;
}

DiagnosisView without_data() {
    DiagnosisView view = base_view();
    view.target.started_at.reset();
    view.target.id.clear();
    view.target.platform = Platform::prometheus;
    view.steps = {
        not_ok(
            "usage.stats", "", StepStatus::failed,
            "exit 1: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
            true),
        not_ok("usage.working_set", "", StepStatus::no_data, "no series matches name=\"backend\"", true),
        not_ok("oom.events", "", StepStatus::blocked, "needs what usage.stats did not give", false)};
    Assessment& known = view.assessment;
    known.no_memory_why = "the Docker engine did not answer, and Prometheus has no series of that name";
    known.level_why = "nothing was measured";
    known.thresholds = all_thresholds(ThresholdState::State::unknown);
    known.trend.reason = "no samples";
    known.oom.evidence = {"docker events: could not be read"};
    return view;
}

DiagnosisView without_limit() {
    DiagnosisView view = healthy();
    Assessment& known = view.assessment;
    known.memory = measured(1536 * mib, NoLimit{});
    known.memory->shmem.reset();
    known.memory->usage.reset();
    known.ratio.reset();
    known.level = Level::unknown;
    known.level_why = "without a limit there is no ratio to judge by; the node has 7.7 GiB";
    known.thresholds = all_thresholds(ThresholdState::State::unknown);
    known.series =
        line(1300.0 * static_cast<double>(mib), 1536.0 * static_cast<double>(mib), 37, "2026-11-21T08:51:00Z");
    known.series[17].value = known.series[18].value = known.series[19].value = not_a_number;
    return view;
}

DiagnosisView stale() {
    DiagnosisView view = healthy();
    Assessment& known = view.assessment;
    known.memory->at = at("2026-11-21T08:34:00Z");
    known.memory->source = "prometheus";
    known.level = Level::unknown;
    known.level_why = "the last sample is too old to judge the present by";
    known.thresholds = all_thresholds(ThresholdState::State::unknown, "the last sample is 18 min old");
    known.trend = Trend{};
    known.trend.reason = "9 samples over 20 min; 36 samples over 30 min are needed: wait 27 min";
    known.series = line(200.0 * static_cast<double>(mib), 210.0 * static_cast<double>(mib), 9, "2026-11-21T08:34:00Z");
    return view;
}

DiagnosisView unclear() {
    DiagnosisView view = leaking();
    Assessment& known = view.assessment;
    known.oom = OomAssessment{};
    known.oom.verdict = OomAssessment::Verdict::probable;
    known.oom.count = 1;
    known.oom.confirmed_by = {OomSource::container_state};
    known.oom.evidence = {"container state: exit 137 after 96 % of the limit"};
    known.trend.seconds_to_limit = Interval{2 * 3600.0, 3 * 3600.0, std::numeric_limits<double>::infinity()};
    known.causes[0].confidence = RankedCause::Confidence::medium;
    known.causes[1].score = 5;
    known.causes[1].confidence = RankedCause::Confidence::medium;
    known.causes[1].evidence = {"growth is in anonymous memory"};
    known.cause_clear = false;
    return view;
}

DiagnosisView many_causes() {
    DiagnosisView view = leaking();
    auto& causes = view.assessment.causes;
    using Confidence = RankedCause::Confidence;
    causes[1].score = 2;
    causes.push_back(cause("traffic-spike", "Traffic spike", 1, Confidence::low, {"memory follows the load"}));
    causes.push_back(cause("large-payloads", "Large request payloads", 1, Confidence::low, {}));
    causes.push_back(cause("connection-pool", "Too many pooled connections", 0, Confidence::low, {}));
    causes.push_back(
        cause("under-provisioned", "Limit too low for the work", -2, Confidence::low, {"against: growth is steady"}));
    causes.push_back(cause("library-leak", "Leak in a library", -3, Confidence::low, {}));
    return view;
}

void check_golden(const std::string& name, const std::string& text) {
    const std::string path = std::string(MEMRB_FIXTURES) + "/ui/" + name + ".txt";
    if (std::getenv("MEMRB_UPDATE_GOLDEN") != nullptr) {
        std::ofstream(path) << text;
        FAIL_CHECK("wrote " << path << ": read it, then run without MEMRB_UPDATE_GOLDEN");
        return;
    }
    std::ifstream file(path);
    INFO(path);
    REQUIRE(file.good());
    std::ostringstream expected;
    expected << file.rdbuf();
    CHECK(text == expected.str());
}

void check_width(const std::string& text, std::size_t width) {
    for (const auto line : base::lines(text)) {
        INFO(line);
        const auto words = base::trim(line);
        CHECK((columns(line) <= width || words.find(' ') == std::string_view::npos ||
               words.find("$ ") != std::string_view::npos));
    }
}

}  // namespace memrb::ui::test
