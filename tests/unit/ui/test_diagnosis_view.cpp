#include "ui/diagnosis_view.h"

#include "sample_views.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::ui;
using namespace memrb::ui::test;

TEST_CASE("a diagnosis reads from one screen, in every form") {
    const auto [name, style] = GENERATE(table<std::string, Style>({{"leaking-100", wide()},
                                                                   {"leaking-80", usual()},
                                                                   {"leaking-50", narrow()},
                                                                   {"leaking-ascii", ascii()},
                                                                   {"leaking-plain", plain()}}));
    const std::string text = render(leaking(), style);
    check_golden(name, text);
    if (style.width > 0) {
        check_width(text, static_cast<std::size_t>(style.width));
    }
}

TEST_CASE("what is missing is said") {
    check_golden("healthy-80", render(healthy(), usual()));
    check_golden("no-limit-80", render(without_limit(), usual()));
    check_golden("no-limit-50", render(without_limit(), narrow()));
    check_golden("no-data-80", render(without_data(), usual()));
    check_golden("no-data-plain", render(without_data(), plain()));
    check_golden("stale-80", render(stale(), usual()));
    check_golden("stale-50", render(stale(), narrow()));
}

TEST_CASE("causes that compete are both named, and a leader stands alone") {
    check_golden("unclear-80", render(unclear(), usual()));
    check_golden("many-causes-80", render(many_causes(), usual()));
    check_golden("many-causes-50", render(many_causes(), narrow()));
}

TEST_CASE("colour adds nothing but colour") {
    for (const auto& view : {leaking(), healthy(), without_data(), without_limit(), stale(), unclear()}) {
        Style coloured = usual();
        coloured.colour = true;
        std::string text = render(view, coloured);
        CHECK(text.find("\x1b[") != std::string::npos);
        while (text.find('\x1b') != std::string::npos) {
            const std::size_t start = text.find('\x1b');
            text.erase(start, text.find('m', start) - start + 1);
        }
        CHECK(text == render(view, usual()));
    }
}

TEST_CASE("ASCII and plain output hold no other bytes") {
    for (const auto& style : {ascii(), plain()}) {
        DiagnosisView view = leaking();
        view.assessment.causes[0].title = "Speicherleck – größer";
        view.warnings = {"Aufgabe \u65e5\u672c schlug fehl"};
        const std::string text = render(view, style);
        CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
        CHECK(text.find("Speicherleck - gr\\u00f6\\u00dfer") != std::string::npos);
        CHECK(text.find("Aufgabe \\u65e5\\u672c schlug fehl") != std::string::npos);
    }
}

TEST_CASE("text from outside cannot move the cursor or fake a line") {
    DiagnosisView view = leaking();
    view.incident = "k7\x1b[2J";
    view.target.name = "back\x1b]0;end\x07";
    view.steps[0].note = "one\ntwo\rthree";
    view.steps[3].why = "\x1b[31mred";
    view.assessment.oom.evidence = {"kernel\x1b[H says"};
    view.assessment.causes[0].title = "\u202eleak";
    view.assessment.causes[0].evidence = {"a\nb"};
    view.assessment.options[0].title = "x\x9b";
    view.assessment.options[0].why = "\x07";
    view.assessment.memory->source = "src\x1b";
    view.assessment.trend.reason = "r\x1bz";
    view.warnings = {"w\x1b[0m"};
    view.folder = "/tmp/\x1b[1m";
    for (const auto& style : {usual(), narrow(), ascii(), plain()}) {
        const std::string text = render(view, style);
        CHECK(std::none_of(text.begin(), text.end(),
                           [](char c) { return c != '\n' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7f); }));
        CHECK(text.find("\u202e") == std::string::npos);
        CHECK(text.find("k7\\x1b[2J") != std::string::npos);
        CHECK(text.find("one\\ntwo\\x0dthree") != std::string::npos);
        CHECK(text.find("/tmp/\\x1b[1m") != std::string::npos);
    }
}

TEST_CASE("names, numbers and paths are whole however narrow the terminal") {
    DiagnosisView view = leaking();
    view.target.name = "a-container-with-a-rather-long-name-that-somebody-chose-in-a-hurry-1";
    view.folder = "/home/somebody/with/a/long/home/.local/state/memrb/incidents/k7f2";
    for (const int width : {20, 32, 50, 60, 72, 100}) {
        const std::string text = render(view, {false, true, width, false});
        INFO(width);
        CHECK(text.find(view.target.name) != std::string::npos);
        CHECK(text.find(view.folder.string()) != std::string::npos);
        CHECK(text.find("498 of 512 MiB = 97 %") != std::string::npos);
        CHECK(text.find("usage.working_set") != std::string::npos);
        CHECK(text.find("collect-garbage") != std::string::npos);
    }
}

TEST_CASE("the header says whose memory it is, and what was done") {
    DiagnosisView view = healthy();
    CHECK(render_header(view, usual()) == "Incident k7f2   docker · backend (3f9c1d, up 2h14m)   read-only so far\n");
    view.target.running = false;
    CHECK(render_header(view, usual()) ==
          "Incident k7f2   docker · backend (3f9c1d, not running)   read-only so far\n");
    view.mode = "dry-run";
    view.incident.clear();
    CHECK(render_header(view, usual()) ==
          "Target   docker · backend (3f9c1d, not running)   DRY RUN, nothing was run\n");
    view.mode = "live";
    view.past = true;
    view.target.id.clear();
    view.target.running = true;
    view.target.started_at.reset();
    CHECK(render_header(view, usual()) == "Target   docker · backend   read-only so far, as of 2026-11-21 08:52Z\n");
    view.recorded = true;
    view.past = false;
    CHECK(render_header(view, usual()) ==
          "Target   docker · backend   RECORD of a diagnosis, as of 2026-11-21 08:52Z\n");
    view.recorded = false;
    view.past = true;
    CHECK(render_header(view, plain()) == "target: docker backend\nmode: read-only so far, as of 2026-11-21 08:52Z\n");
}

TEST_CASE("a step that is not ok says why") {
    StepRow step;
    step.id = "usage.stats";
    step.status = StepStatus::failed;
    step.outcome = said("", Exited{1});
    step.outcome->err.head = "\n  Error: No such container: backend\nmore\n";
    CHECK(reason(step) == "exit 1: Error: No such container: backend");
    step.outcome->ending = TimedOut{std::chrono::seconds(30)};
    step.outcome->err.head.clear();
    CHECK(reason(step) == "timed out after 30 s");
    step.why = "own words";
    CHECK(reason(step) == "own words");
    step.status = StepStatus::ok;
    CHECK(reason(step).empty());
    CHECK(reason(StepRow{}).empty());
}

TEST_CASE("how many requests the limit carries is told, and what is a guess") {
    DiagnosisView view = unclear();
    CHECK(render_findings(view, usual()).find("Capacity") == std::string::npos);
    view.assessment.capacity = Capacity{256.0 * mib, 50.0 * mib, 52, 65, 73, true, true, false};
    Style wide = usual();
    wide.width = 200;
    CHECK(render_findings(view, wide)
              .find("Capacity 256 MiB and 50 MiB for each request at once, as you say: up to 52 are "
                    "safe, from 65 on a risk, from 73 critical\n") != std::string::npos);
    view.assessment.capacity = Capacity{400.0 * mib, 2.0 * mib, 0, 10, 36, false, false, true};
    CHECK(render_findings(view, wide)
              .find("for each request per second: not one is safe, from 10 on a risk, from 36 "
                    "critical; that is more than twice what was seen, so a guess\n") != std::string::npos);
}

TEST_CASE("only one source of an OOM kill is said to be only one") {
    const std::string text = render_findings(unclear(), usual());
    CHECK(text.find("OOM      PROBABLE: 1 kill (container state only); 3 restarts\n") != std::string::npos);
}

TEST_CASE("nothing known at all is still a diagnosis") {
    DiagnosisView view;
    view.now = at(now_text);
    CHECK(render(view, usual()) ==
          "Target   docker ·    read-only so far\n"
          "Memory   not known  LEVEL UNKNOWN   no step delivered a measurement\n"
          "Trend    not enough data\n"
          "OOM      not known\n"
          "Likely   no cause stands out\n");
}
