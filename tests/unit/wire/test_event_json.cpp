#include "wire/event_json.h"

#include "samples.h"
#include "wire/document.h"

#include <catch2/catch.hpp>

using namespace memrb;
using wire::Json;

namespace {

/// `/request/argv/0` as an error names it: `step_started.request.argv[0]`.
std::string dotted(const std::string& kind, const std::string& pointer) {
    std::string path = kind;
    std::size_t from = 1;
    while (from <= pointer.size()) {
        const std::size_t to = std::min(pointer.find('/', from), pointer.size());
        const std::string part = pointer.substr(from, to - from);
        const bool index = !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
        path += index ? "[" + part + "]" : "." + part;
        from = to + 1;
    }
    return path;
}

}  // namespace

TEST_CASE("there is a sample of every kind of event", "[wire]") {
    const auto events = samples::all_events();
    REQUIRE(events.size() == std::variant_size_v<EventBody>);
    for (std::size_t i = 0; i < events.size(); ++i) {
        CHECK(events[i].body.index() == i);
    }
}

TEST_CASE("every kind of event comes back the same, through text", "[wire]") {
    for (const auto& event : samples::all_events()) {
        const std::string text = wire::dump(wire::to_json(event));
        INFO(text);
        const auto json = wire::parse_json(text);
        REQUIRE(json);
        const auto back = wire::event_from_json(*json);
        REQUIRE(back);
        CHECK(back->seq == event.seq);
        CHECK(back->at == event.at);
        CHECK(back->body.index() == event.body.index());
        CHECK(wire::dump(wire::to_json(*back)) == text);
    }
}

TEST_CASE("an event begins with its number, its time and its kind", "[wire]") {
    CHECK(wire::dump(wire::to_json(Event{12, samples::at(0), OptionChosen{"restart"}})) ==
          R"({"seq":12,"at":"2026-11-22T11:03:20Z","event":"option_chosen","option":"restart"})");
    CHECK(wire::dump(wire::to_json(Event{1, samples::at(0), IncidentClosed{5, "quit"}})) ==
          R"({"seq":1,"at":"2026-11-22T11:03:20Z","event":"incident_closed","exit_code":5,"reason":"quit"})");
    CHECK(wire::dump(wire::to_json(samples::all_events()[0])) ==
          R"({"seq":1,"at":"2026-11-22T11:03:21.007Z","event":"incident_opened","incident":"k7f2","mode":"live",)"
          R"("version":"0.1.0","runbook":{"id":"container-high-memory","digest":")" +
              std::string(64, 'a') + R"(","origin":"shipped"},"command_line":["memrb","diagnose","backend"]})");
    CHECK(wire::dump(wire::to_json(samples::all_events()[4])) ==
          R"({"seq":5,"at":"2026-11-22T11:03:25.007Z","event":"step_skipped","step":"oom.dmesg","title":"Kernel log",)"
          R"("status":"blocked","why":"not permitted"})");
}

TEST_CASE("captures are written as the JSON that they are, in their order", "[wire]") {
    StepFinished body;
    body.step = "usage.stats";
    body.captures = {{"z", "{\"b\":1,\"a\":[null,1.5]}"}, {"a", "4764"}, {"odd", "not json"}, {"big", "1e999"}};
    const Json json = wire::to_json(Event{1, samples::at(0), body});
    CHECK(json.at("captures").dump() == R"({"z":{"b":1,"a":[null,1.5]},"a":4764,"odd":"not json","big":"1e999"})");
    const auto back = wire::event_from_json(json);
    REQUIRE(back);
    CHECK(std::get<StepFinished>(back->body).captures ==
          Pairs{{"z", "{\"b\":1,\"a\":[null,1.5]}"}, {"a", "4764"}, {"odd", "\"not json\""}, {"big", "\"1e999\""}});
}

TEST_CASE("members that a later version adds are left alone", "[wire]") {
    for (const auto& event : samples::all_events()) {
        Json json = wire::to_json(event);
        json["prev"] = "00ff";
        json["hash"] = "ff00";
        json["new_member"] = {{"deep", {1, 2, 3}}};
        CHECK(wire::event_from_json(json).has_value());
    }
}

TEST_CASE("a wrong type anywhere is an error that names the member, and never a throw", "[wire]") {
    std::size_t tried = 0;
    for (const auto& event : samples::all_events()) {
        const Json good = wire::to_json(event);
        const std::string kind = good.at("event").get<std::string>();
        const Json flat = good.flatten();
        for (const auto& [pointer, leaf] : flat.items()) {
            // Captures are any JSON; the values of an object that a null stands for are looked at elsewhere.
            if (pointer.starts_with("/captures") || pointer == "/event") {
                continue;
            }
            INFO(kind << " " << pointer);
            Json bad = good;
            bad[Json::json_pointer(pointer)] = Json{{"x", Json::array({1})}};
            const auto back = wire::event_from_json(bad);
            REQUIRE_FALSE(back);
            std::string path = dotted(kind, pointer);
            if (path.find("slope_ci90[") != std::string::npos || path.find("confirmed_by[") != std::string::npos ||
                path.find(".env[") != std::string::npos || path.find(".headers[") != std::string::npos) {
                path.resize(path.rfind('['));  // told of the whole
            }
            CHECK(back.error().message.find(path) != std::string::npos);
            ++tried;
        }
    }
    CHECK(tried > 150);
}

TEST_CASE("any hostile value anywhere gives an event or an error, never a throw", "[wire]") {
    const std::vector<Json> hostile{nullptr,
                                    true,
                                    -1,
                                    1e300,
                                    -9'223'372'036'854'775'807LL,
                                    18'446'744'073'709'551'615ULL,
                                    "",
                                    "x",
                                    "9999-99-99T99:99:99Z",
                                    "0000-00-00T00:00:00Z",
                                    Json::array(),
                                    Json::array({nullptr}),
                                    Json::object(),
                                    Json::array({Json::array({1, 2})})};
    for (const auto& event : samples::all_events()) {
        const Json good = wire::to_json(event);
        const Json flat = good.flatten();
        for (const auto& [pointer, leaf] : flat.items()) {
            std::string place = pointer;
            while (!place.empty()) {  // the leaf and everything that contains it
                for (const auto& value : hostile) {
                    INFO(place << " = " << value.dump());
                    Json bad = good;
                    bad[Json::json_pointer(place)] = value;
                    CHECK_NOTHROW(wire::event_from_json(bad));
                }
                place.resize(place.rfind('/'));
            }
        }
    }
}

TEST_CASE("what an event must have is told when it is missing", "[wire]") {
    const auto without = [](std::size_t index, const std::string& key) {
        Json json = wire::to_json(samples::all_events()[index]);
        json.erase(key);
        const auto back = wire::event_from_json(json);
        return back ? std::string("accepted") : back.error().message;
    };
    CHECK(without(0, "seq") == "`incident_opened.seq` is missing");
    CHECK(without(0, "at") == "`incident_opened.at` is missing");
    CHECK(without(0, "event") == "`event.event` is missing");
    CHECK(without(0, "runbook") == "`incident_opened.runbook` is missing");
    CHECK(without(0, "mode") == "`incident_opened.mode` is missing");
    CHECK(without(1, "target") == "`target_pinned.target` is missing");
    CHECK(without(2, "step") == "`step_started.step` is missing");
    CHECK(without(2, "risk") == "`step_started.risk` is missing");
    CHECK(without(2, "request") == "`step_started.request` is missing");
    CHECK(without(2, "timeout_ms") == "`step_started.timeout_ms` is missing");
    CHECK(without(3, "status") == "`step_finished.status` is missing");
    CHECK(without(3, "outcome") == "`step_finished.outcome` is missing");
    CHECK(without(4, "why") == "`step_skipped.why` is missing");
    CHECK(without(5, "assessment") == "`assessed.assessment` is missing");
    CHECK(without(6, "option") == "`option_chosen.option` is missing");
    CHECK(without(8, "text") == "`note_added.text` is missing");
    CHECK(without(9, "exit_code") == "`incident_closed.exit_code` is missing");
}

TEST_CASE("an event of an unknown kind, or no event at all, is told so", "[wire]") {
    const auto message = [](const char* text) { return wire::event_from_json(Json::parse(text)).error().message; };
    CHECK(message(R"({"seq":1,"at":"2026-11-21T00:00:00Z","event":"exploded"})") ==
          "`event.event` is of a kind that this memrb does not know");
    CHECK(message(R"({"seq":0,"at":"2026-11-21T00:00:00Z","event":"note_added","text":"x"})") ==
          "`note_added.seq` must be 1 or more");
    CHECK(message("3") == "`event` must be an object, not a number");
    CHECK(message("{}") == "`event.event` is missing");
}
