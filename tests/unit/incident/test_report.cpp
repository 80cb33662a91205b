#include "incident/report.h"

#include "base/text.h"
#include "fixtures.h"
#include "incident/report_text.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>

using namespace memrb;
using incident::ChartData;
using incident::ChartMark;
using incident::Report;

namespace {

Report sample_report() {
    incident::Record record;
    record.events = samples::all_events();
    return incident::make_report(record, "/nowhere");
}

Report report_of(std::vector<EventBody> bodies) {
    incident::Record record;
    for (auto& body : bodies) {
        const auto seq = record.events.size() + 1;
        record.events.push_back({seq, samples::at(static_cast<std::int64_t>(seq)), std::move(body)});
    }
    return incident::make_report(record, "/nowhere");
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) {
        ++count;
    }
    return count;
}

// Headings of the first level outside of blocks of code.
std::size_t titles_in(const std::string& markdown) {
    std::size_t titles = 0;
    std::string fence;
    for (const auto line : base::lines(markdown)) {
        if (!fence.empty()) {
            fence = line == fence ? std::string() : fence;
        } else if (line.starts_with("```")) {
            fence = line.substr(0, line.find_first_not_of('`'));
        } else {
            titles += line.starts_with("# ") ? 1 : 0;
        }
    }
    return titles;
}

ChartData hour_with_a_gap() {
    ChartData data;
    for (int minute = 0; minute < 60; ++minute) {
        if (minute < 20 || minute >= 40) {
            data.used.push_back({samples::at(minute * 60), 400e6 + minute * 1e6});
        }
    }
    data.limit = {{samples::at(0), 512e6}, {samples::at(1800), 768e6}};
    data.thresholds = {{0.8, {}, Level::warning}, {0.95, {}, Level::critical}};
    data.marks = {{samples::at(600), ChartMark::Kind::oom, "OOM kill"},
                  {samples::at(1200), ChartMark::Kind::step, "fix.restart"}};
    return data;
}

}  // namespace

TEST_CASE("a report tells what the events say, and marks what they do not", "[incident]") {
    const Report report = sample_report();
    CHECK(report.id == "k7f2");
    CHECK(report.worst == Level::critical);
    CHECK(report.exit_code == 5);
    CHECK(report.decisions.size() == 2);
    CHECK(report.decisions[1].why == "traffic is high");
    REQUIRE(report.commands.size() == 2);
    CHECK(report.commands[0].end == "exit 3");
    CHECK(has(report.commands[0].note, "no such file"));  // its output is not there: said, not invented
    CHECK(report.commands[1].note == "not permitted");
    CHECK(report.criteria.size() == 2);
    const std::string text = incident::to_markdown(report, "k7f2.svg");
    CHECK(text.starts_with("# Incident k7f2: "));
    for (const auto* part : {"## Impact", "## Timeline", "## Decisions", "## Commands", "## Recovery criteria",
                             "## Action items", "## Appendix", "![Memory over time](k7f2.svg)", "**TODO**",
                             "| memory below 80 % | fails | 83 % |", "Memory leak"}) {
        INFO(part);
        CHECK(has(text, part));
    }
}

TEST_CASE("an empty record and one without an end make reports too", "[incident]") {
    CHECK(has(incident::to_markdown(report_of({}), ""), "no target was found"));
    const auto text = incident::to_markdown(
        report_of({IncidentOpened{"k7f2", "dry-run", "1", "r", "d", "o", {"diagnose", "x"}},
                   StepStarted{"fix.one", "", "shell", Risk::disruptive, Command{{"true"}, {}, "", "", false}, {}}}),
        "");
    CHECK(has(text, "DRY RUN"));
    CHECK(has(text, "not closed in the record"));
    CHECK(has(text, "it may or may not have taken effect"));
}

TEST_CASE("hostile text is inert in Markdown and in HTML", "[incident]") {
    const std::string evil =
        "</script><script>alert(1)</script>\x1b[31m\xE2\x80\xAE"
        "gnp.exe\n\n# x\n```\n<img src=//e onerror=1> "
        "[a](javascript:b) ![i](http://e/x) | http://e/ &lt; <!--chart-->";
    StepFinished end{"a.one", StepStatus::failed, {}, evil, {}, {}};
    end.outcome.ending = NotStarted{evil};
    end.outcome.out = samples::in_memory(evil + "\n````\n" + evil);
    Assessment found;
    found.level_why = evil;
    found.causes = {{"leak", evil, 1, RankedCause::Confidence::low, {evil}, {}, {}}};
    found.series = {{samples::at(0), 1e6}, {samples::at(60), 2e6}};
    const Report report =
        report_of({IncidentOpened{evil, "live", evil, evil, evil, evil, {evil}},
                   StepStarted{evil, evil, "shell", Risk::disruptive, Command{{evil}, {}, "", "", false}, {}},
                   StepStarted{"a.one", evil, "shell", Risk::read, Command{{evil}, {}, "", "", false}, {}}, end,
                   Assessed{found}, Decided{evil, evil, evil}, NoteAdded{"TODO " + evil}});
    const std::string html = incident::to_html(report);
    for (const auto* part : {"<script", "<img", "javascript:b\"", "\x1b", "\xE2\x80\xAE", "href", "src="}) {
        INFO(part);
        CHECK((!has(html, part) || (std::string_view(part) == "src=" && !has(html, "<img"))));
    }
    CHECK(count_of(html, "<svg") == 1);
    CHECK(has(html, "default-src 'none'"));
    CHECK(count_of(html, "<h1>") == 1);
    const std::string markdown = incident::to_markdown(report, "");
    CHECK_FALSE(has(markdown, "\x1b"));
    CHECK_FALSE(has(markdown, "\xE2\x80\xAE"));
    CHECK(titles_in(markdown) == 1);
}

TEST_CASE("a large output does not make a large report", "[incident]") {
    StepFinished end{"a.one", StepStatus::ok, {}, "", {}, {}};
    end.outcome.ending = Exited{0};
    end.outcome.out = samples::in_memory(std::string(std::size_t{50} << 20U, 'x'));
    const Report report =
        report_of({StepStarted{"a.one", "", "shell", Risk::read, Command{{"cat"}, {}, "", "", false}, {}}, end});
    CHECK(incident::to_html(report).size() < 100'000);
    CHECK(has(incident::to_markdown(report, ""), "52428800 bytes in all"));
}

TEST_CASE("names can be left out", "[incident]") {
    Report report = sample_report();
    const Target target = samples::full_target();
    incident::redact_names(report);
    const std::string all =
        incident::to_html(report) + incident::to_markdown(report, "") + incident::to_json(report).dump();
    CHECK_FALSE(has(all, target.id));
    CHECK_FALSE(has(all, target.id.substr(0, 12)));
    CHECK(report.target->name == "target");
    for (const auto& line : report.command_line) {
        CHECK_FALSE(has(line, target.name));
    }
}

TEST_CASE("a chart shows usage, limit, bands, marks and gaps", "[incident]") {
    const std::string svg = incident::draw_chart(hour_with_a_gap(), "Memory over time");
    CHECK(svg.starts_with("<svg "));
    CHECK(svg.ends_with("</svg>"));
    CHECK(has(svg, "<title id=\"chart-title\">Memory over time</title>"));
    CHECK(count_of(svg, "class=\"c-used\"") == 2);  // before and behind the gap
    CHECK(has(svg, "no data for 21 min"));
    CHECK(has(svg, "limit 732 MiB"));
    CHECK(count_of(svg, "<rect class=\"c-warning\"") == 1);
    CHECK(count_of(svg, "<rect class=\"c-critical\"") == 1);
    CHECK(has(svg, "OOM kill at "));
    CHECK(has(svg, "fix.restart at "));
    CHECK_FALSE(has(svg, "nan"));
    CHECK_FALSE(has(svg, "inf"));
}

TEST_CASE("a chart of little or much data is no surprise", "[incident]") {
    CHECK(incident::draw_chart({}, "x").empty());
    ChartData gaps;
    gaps.used = {{samples::at(0), std::numeric_limits<double>::quiet_NaN()}};
    CHECK(incident::draw_chart(gaps, "x").empty());
    ChartData one;
    one.used = {{samples::at(0), 5e6}};
    CHECK(has(incident::draw_chart(one, "x"), "<circle"));
    ChartData many;
    for (int i = 0; i < 100'000; ++i) {
        many.used.push_back({samples::at(i), i == 77'777 ? 9e8 : 1e8});
    }
    const std::string svg = incident::draw_chart(many, "x");
    CHECK(svg.size() < 40'000);
    CHECK(has(svg, ",54.9"));  // the peak of one sample is still there, near the top
}
