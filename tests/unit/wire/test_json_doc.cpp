// docs/json.md is a contract: its tables name every member that the code writes, and no others.
#include "incident/bundle.h"
#include "incident/report.h"
#include "incident/verify.h"
#include "samples.h"
#include "ui/diagnosis_json.h"
#include "ui/handoff_json.h"
#include "ui/history_view.h"
#include "ui/preview_json.h"
#include "ui/scan_view.h"
#include "ui/watch_view.h"
#include "wire/document.h"
#include "wire/event_json.h"

#include <fmt/core.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

using namespace memrb;
using wire::Json;
using Paths = std::set<std::string>;

namespace {

/// The first cell of each row of the tables below a heading (`## memrb/history/v1`, `### note_added`).
std::map<std::string, Paths> documented() {
    std::ifstream file(std::string(MEMRB_FIXTURES) + "/../../docs/json.md");
    REQUIRE(file);
    std::map<std::string, Paths> tables;
    std::string heading;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("#")) {
            heading = line.substr(line.find_first_not_of("# "));
        } else if (line.starts_with("| `")) {
            tables[heading].insert(line.substr(3, line.find('`', 3) - 3));
        }
    }
    return tables;
}

/// `a.b[].c` for each value that is no object and no array; an empty one counts as itself.
void collect(const Json& json, const std::string& path, std::map<std::string, bool>& paths) {
    if (json.is_object() && !json.empty()) {
        for (const auto& [name, value] : json.items()) {
            collect(value, path.empty() ? name : fmt::format("{}.{}", path, name), paths);
        }
    } else if (json.is_array() && !json.empty()) {
        for (const auto& value : json) {
            collect(value, path + "[]", paths);
        }
    } else {
        const bool may_be_more = json.is_null() || json.is_structured();
        const auto [place, added] = paths.emplace(path, may_be_more);
        place->second = place->second && may_be_more;
    }
}

bool fits(const std::string& pattern, const std::string& path) {
    return pattern.ends_with(".*") ? path.starts_with(pattern.substr(0, pattern.size() - 1)) : pattern == path;
}

/// Both ways: nothing written that is not documented, nothing documented that is never written.
void compare(const Paths& patterns, const std::vector<Json>& written) {
    std::map<std::string, bool> paths;
    for (const auto& json : written) {
        collect(json, "", paths);
    }
    REQUIRE_FALSE(patterns.empty());
    for (const auto& [path, may_be_more] : paths) {
        const bool known = std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
            // An empty list, or null in place of an object, stands for what is documented below it.
            return fits(pattern, path) ||
                   (may_be_more && (pattern.starts_with(path + ".") || pattern.starts_with(path + "[]")));
        });
        INFO("written, not documented: " << path);
        CHECK(known);
    }
    for (const auto& pattern : patterns) {
        const bool used =
            std::any_of(paths.begin(), paths.end(), [&](const auto& path) { return fits(pattern, path.first); });
        INFO("documented, never written: " << pattern);
        CHECK(used);
    }
}

std::vector<Json> all_step_starts() {
    std::vector<Json> all;
    for (const auto& request : samples::all_requests()) {
        all.push_back(wire::to_json(Event{1, samples::at(0), StepStarted{"a.b", "", "x", Risk::read, request, {}}}));
    }
    return all;
}

std::vector<Json> all_step_ends() {
    std::vector<Json> all;
    const auto add = [&](const Outcome& outcome) {
        StepFinished body = std::get<StepFinished>(samples::all_events()[3].body);
        body.outcome = outcome;
        all.push_back(wire::to_json(Event{1, samples::at(0), body}));
    };
    for (const auto& ending : samples::all_endings()) {
        Outcome outcome = samples::full_outcome();
        outcome.ending = ending;
        add(outcome);
    }
    for (const std::string part : {"text", "\xff"}) {
        Outcome cut;
        cut.out.head = part;
        cut.out.tail = part;
        cut.out.total = 100;
        cut.out.dropped = 100 - 2 * part.size();
        add(cut);
    }
    return all;
}

ui::DiagnosisView full_view() {
    ui::DiagnosisView view;
    view.incident = "k7f2";
    view.target = samples::full_target();
    view.runbook_id = "container-high-memory";
    view.assessment = samples::full_assessment();
    view.steps.resize(2);
    view.steps[0].outcome = samples::full_outcome();
    view.warnings = {"partial"};
    view.before = {"restart helped 3 times"};
    return view;
}

}  // namespace

TEST_CASE("docs/json.md names what a diagnosis is made of", "[wire][docs]") {
    compare(documented()["memrb/diagnosis/v1"], {ui::diagnosis_json(full_view()), ui::diagnosis_json({})});
}

TEST_CASE("docs/json.md names what a dry run is made of", "[wire][docs]") {
    Step step;
    step.when = Expression{0, ".target.running", {}};
    ui::PreviewStep shown;
    shown.row.request = samples::all_requests().front();
    shown.row.why = "depends on usage.inspect";
    shown.step = &step;
    shown.depends_on = {"usage.inspect"};
    shown.condition = "unknown";
    ui::Preview preview;
    preview.head.target = samples::full_target();
    preview.head.warnings = {"partial"};
    preview.sections = {{"steps", "restart", "yes", "Option restart", "", {shown}}};
    preview.watch = ui::PreviewWatch{Milliseconds{1'000}, Milliseconds{2'000}, ".memory.ratio < 0.8"};
    preview.rungs = {{Milliseconds{0}, "call", "on_call", {"slack"}, "what is found"}};
    compare(documented()["memrb/preview/v1"], {ui::preview_json(preview), ui::preview_json({})});
}

TEST_CASE("docs/json.md names what a watch is made of", "[wire][docs]") {
    ui::WatchView view;
    view.target = samples::full_target();
    view.samples = {{samples::at(0), Bytes{1}, Bytes{2}, 0.5, "no data"}};
    view.last = samples::full_watch_sample();
    view.result = WatchResult{};
    view.result->caveats = {"partial"};
    view.warnings = {"partial"};
    compare(documented()["memrb/watch/v1"], {ui::watch_json(view), ui::watch_json({})});
}

TEST_CASE("docs/json.md names what the history is made of", "[wire][docs]") {
    const std::vector<ui::HistoryRow> rows{{"k7f2", {}, "backend", "docker", Level::high, "leak", "quit"}, {}};
    const std::vector<ui::HelpRow> help{{"restart", 4, 3, {}, Milliseconds(7'200'000), Milliseconds(60'000)}, {}};
    compare(documented()["memrb/history/v1"], {ui::history_json(rows, help), ui::history_json({})});
}

TEST_CASE("docs/json.md names what a handoff is made of", "[wire][docs]") {
    ui::Handoff handoff;
    handoff.standing.target = samples::full_target();
    handoff.standing.assessment = samples::full_assessment();
    handoff.standing.tried = {{samples::at(0), "a.b", "x", "run", "y", true, StepStatus::ok, "z"}};
    handoff.standing.notes = {{samples::at(0), "x"}};
    handoff.standing.messages = {{samples::at(0), Notified{"infra", "slack", {}, 1, 200, "x", ""}}};
    handoff.rungs = {RungState{}};
    handoff.callees = {Callee{"infra", "x", "y", {"slack"}}};
    handoff.escalate_when = {"it grows"};
    handoff.warnings = {"partial"};
    handoff.previewed = {{"infra", "slack", "POST to a Slack webhook"}};
    compare(documented()["memrb/handoff/v1"], {ui::handoff_json(handoff), ui::handoff_json({})});
}

TEST_CASE("docs/json.md names what the tasks afterwards are made of", "[wire][docs]") {
    const ui::TaskList list{"k7f2", "backend", {Task{"x", true, true, samples::at(0), "y"}, Task{}}, {"partial"}};
    compare(documented()["memrb/afterwards/v1"], {ui::tasks_json(list), ui::tasks_json({})});
}

TEST_CASE("docs/json.md names what a proof is made of", "[wire][docs]") {
    incident::Proof proof;
    proof.head = "ab";
    proof.broken_line = 2;
    proof.broken_files = {"outputs/a.out: gone"};
    compare(documented()["memrb/verify/v1"], {incident::to_json(proof, "k7f2"), incident::to_json({}, "k7f2")});
}

TEST_CASE("docs/json.md names what a report is made of", "[wire][docs]") {
    incident::Record record;
    record.events = samples::all_events();
    incident::Report report = incident::make_report(record, "/nowhere");
    report.actions = {"raise the limit"};
    report.checklist = {"write it down"};
    compare(documented()["memrb/report/v1"], {incident::to_json(report), incident::to_json({})});
}

TEST_CASE("docs/json.md names what a scan is made of", "[wire][docs]") {
    FleetRow row;
    row.target = samples::full_target();
    for (const char* label : {"namespace", "pod", "container", "instance"}) {
        row.target.labels[label] = "x";
    }
    row.assessment = samples::full_assessment();
    const std::vector<FleetRow> rows{row, FleetRow{}};
    ui::ScanView view;
    view.rows = rows;
    view.range = view.step = Milliseconds(15'000);
    view.warnings = {"partial"};
    std::ostringstream text;
    ui::StreamSink sink(text);
    ui::write_scan_json(view, sink);
    compare(documented()["memrb/scan/v1"], {*wire::parse_json(text.str())});
}

TEST_CASE("docs/json.md names what every event is made of", "[wire][docs]") {
    auto tables = documented();
    const Paths common = tables["Events"];
    CHECK(common == Paths{"seq", "at", "event"});
    for (const auto& event : samples::all_events()) {
        const Json json = wire::to_json(event);
        const std::string kind = json.at("event").get<std::string>();
        DYNAMIC_SECTION(kind) {
            Paths patterns = tables[kind];
            CHECK_FALSE(patterns.empty());
            patterns.insert(common.begin(), common.end());
            std::vector<Json> written{json};
            for (const auto& variants : {all_step_starts(), all_step_ends()}) {
                for (const auto& variant : variants) {
                    if (variant.at("event") == kind) {
                        written.push_back(variant);
                    }
                }
            }
            compare(patterns, written);
        }
    }
}

TEST_CASE("docs/json.md names what a bundle is made of", "[wire][docs]") {
    const incident::Bundle bundle{samples::all_events(), {{"outputs/a.out", "x"}}};
    Json json = *wire::parse_json(incident::write_bundle(bundle));
    json["journal"] = Json::array({"described above"});
    compare(documented()["memrb/bundle/v1"], {json});
}

TEST_CASE("docs/json.md knows every kind of event and no other", "[wire][docs]") {
    Paths kinds;
    for (const auto& event : samples::all_events()) {
        kinds.insert(wire::to_json(event).at("event").get<std::string>());
    }
    Paths headings;
    for (const auto& [heading, rows] : documented()) {
        const bool one_word = Paths{"assessed", "decided", "escalated", "notified"}.contains(heading);
        if (one_word || heading.find('_') != std::string::npos) {
            headings.insert(heading);
        }
    }
    CHECK(headings == kinds);
}
