#include "ui/handoff.h"

#include "sample_views.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;
using namespace std::chrono_literals;

namespace {

constexpr Timestamp noon{std::chrono::hours(480'000)};

Handoff full() {
    Handoff handoff;
    handoff.now = noon + 12min;
    Standing& standing = handoff.standing;
    standing.incident = "k7f2";
    standing.mode = "live";
    standing.opened = noon;
    standing.assessed = noon + 5s;
    standing.folder = "/state/k7f2";
    standing.target.emplace();
    standing.target->name = "backend";
    standing.target->id = "3f9c1d0a7be4ffffffff";
    Assessment known;
    MemoryReading memory;
    memory.at = noon + 4s;
    memory.used = Bytes{498} << 20U;
    memory.limit = Bytes{512} << 20U;
    memory.metric = "working set";
    known.memory = memory;
    known.ratio = 0.9727;
    known.level = Level::critical;
    known.trend.verdict = Verdict::growing;
    known.trend.slope_bytes_per_hour = 86.0 * 1024 * 1024;
    known.trend.seconds_to_limit = Interval{420, 600, 720};
    known.trend.reason = "grows steadily";
    known.oom.verdict = OomAssessment::Verdict::confirmed;
    known.oom.count = 3;
    known.oom.last_at = noon - 9min;
    known.oom.confirmed_by = {OomSource::docker_event, OomSource::kernel_log};
    known.causes = {
        {"leak", "memory leak", 6, RankedCause::Confidence::high, {"after each restart it grows again"}, {}, {}}};
    known.cause_clear = true;
    known.options = {{"restart", "Restart the container", true, Risk::disruptive, "", ""},
                     {"raise-limit", "Raise the limit", true, Risk::reversible, "", ""}};
    standing.assessment = known;
    standing.tried = {{noon + 2min, "restart.compose", "Restart", "run", "", true, StepStatus::ok, ""},
                      {noon + 3min, "restart.running", "", "check", "", true, StepStatus::failed, "exit 1"},
                      {noon + 4min, "rollback.undo", "Roll back", "run", "", true, std::nullopt, ""},
                      {noon + 5min, "scale-out.up", "", "skip", "no capacity", false, std::nullopt, ""}};
    standing.notes = {{noon + 6min, "saw \x1b[31ma spike"}};
    standing.messages = {
        {noon + 7min, {"infra", "slack", Notified::Result::failed, 4, 500, "HTTP 500 (4 attempts)", ""}}};
    handoff.rungs = {{{0min, "relieve it", ""}, noon, true, true, ""},
                     {{5min, "bring in the team", "lead"}, noon + 5min, true, false, ""},
                     {{30min, "hand over", "on_call"}, noon + 30min, false, false, ""}};
    handoff.callees = {{"lead", "Backend team lead", "Slack @maria", {"slack"}},
                       {"on_call", "On-call engineer", "", {}}};
    handoff.escalate_when = {"memory keeps growing after a restart"};
    return handoff;
}

}  // namespace

TEST_CASE("the handoff has what the next person has to know") {
    const std::string text = render_handoff(full());
    INFO(text);
    const auto has = [&](const char* line) { return text.find(line) != std::string::npos; };
    CHECK(has("Incident: k7f2, backend on docker, container 3f9c1d0a7be4\n"));
    CHECK(has("(12 min ago)\n"));
    CHECK(has("State: CRITICAL, 498 of 512 MiB = 97 % (working set, measured "));
    CHECK(has("OOM: confirmed: 3 kills, last "));
    CHECK(has(" (docker event, kernel log)\n"));
    CHECK(has("Trend: growing, +86 MiB/h, limit in 7..12 min from then: grows steadily\n"));
    CHECK(has("Likely:\n- memory leak, high confidence: after each restart it grows again\n"));
    CHECK(has("Evidence: /state/k7f2\n"));
    CHECK(has("restart.compose (Restart): ok\n"));
    CHECK(has("check restart.running: failed: exit 1\n"));
    CHECK(has("rollback.undo (Roll back): begun, and its end is not on record"));
    CHECK(has("scale-out.up: left out: no capacity\n"));
    CHECK(has("saw \\x1b[31ma spike\n"));
    CHECK(has("- T+5m is due (for 7 min): bring in the team; notify lead\n"));
    CHECK(has("- T+30m in 18 min: hand over; notify on_call\n"));
    CHECK(has("- suggested, not tried: Raise the limit (raise-limit)\n"));
    CHECK_FALSE(has("suggested, not tried: Restart"));
    CHECK_FALSE(has("relieve it"));  // done
    CHECK(has("Escalate when: memory keeps growing after a restart\n"));
    CHECK(has("- Backend team lead (lead): Slack @maria\n"));
    CHECK(has("- On-call engineer (on_call): not configured\n"));
    CHECK(has("infra by Slack: failed, HTTP 500 (4 attempts)\n"));
    CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("what is not known is said as such") {
    Handoff handoff;
    handoff.now = noon;
    handoff.standing.opened = noon;
    handoff.standing.mode = "replay";
    std::string text = render_handoff(handoff);
    INFO(text);
    CHECK(text.find("Incident: not recorded, no target was found (replay)\n") == 0);
    CHECK(text.find("State: not judged: no diagnosis is on record\n") != std::string::npos);
    CHECK(text.find("Evidence: nothing is recorded\n") != std::string::npos);
    CHECK(text.find("Tried: nothing yet\n") != std::string::npos);
    CHECK(text.find("Call: the runbook names nobody\n") != std::string::npos);
    handoff.standing.assessment.emplace();
    handoff.standing.assessment->no_memory_why = "docker is not there";
    text = render_handoff(handoff);
    CHECK(text.find("State: LEVEL UNKNOWN, memory is not known: docker is not there\n") != std::string::npos);
    CHECK(text.find("OOM: not known\n") != std::string::npos);
}

TEST_CASE("the line of the timer says what is due, for how long, and whom to call") {
    const Handoff handoff = full();
    const auto line = [&](const RungState& rung) { return render_rung(rung, handoff.callees, handoff.now, usual()); };
    CHECK(line(handoff.rungs[1]) == "T+5m is due (for 7 min): bring in the team; notify lead (Slack @maria)\n");
    CHECK(line(handoff.rungs[2]) == "T+30m in 18 min: hand over; notify on_call (not configured)\n");
    RungState pulled = handoff.rungs[2];
    pulled.due = true;
    pulled.pulled = "the limit may be reached in 7 min, before T+30m";
    CHECK(line(pulled) ==
          "T+30m is due now (the limit may be reached in 7 min, before T+30m): hand over;\n"
          "  notify on_call (not configured)\n");
    RungState first{{0min, "relieve it", ""}, handoff.now, true, false, ""};
    CHECK(line(first) == "T+0 is due: relieve it\n");
    check_width(render_rung(pulled, handoff.callees, handoff.now, narrow()), 50);
}

TEST_CASE("tasks are numbered and have their state, in words where glyphs are not wanted") {
    const std::vector<Task> tasks{{"document", false, true, noon, "in the wiki"},
                                  {"tell \x1b[2J", true, false, {}, ""}};
    CHECK(render_tasks(tasks, noon, usual()) ==
          " 1 [x] document  done 00:00Z: in the wiki\n 2 [ ] tell \\x1b[2J  (from a note)\n1 of 2 done\n");
    Style plain = usual();
    plain.plain = true;
    CHECK(render_tasks(tasks, noon, plain).find("1 done: document") == 0);
    CHECK(render_tasks({}, noon, usual()).find("There is nothing to do") == 0);
}
