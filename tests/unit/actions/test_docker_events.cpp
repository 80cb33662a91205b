#include "actions/docker_events.h"

#include "hostile.h"
#include "scene.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::actions;

namespace {

Interpretation events(const Scene& scene, const std::string& out) {
    return action("docker").interpret(args({"events", "--since", "1h", "--until", "0s"}), scene.context(),
                                      exited(0, out));
}

}  // namespace

TEST_CASE("one kill that the engine tells twice is one kill") {
    Scene scene;
    scene.is("eater", eater_id);
    const auto read = events(scene, recorded("docker/events-eater.jsonl"));
    const auto check = only<OomCheck>(read);
    CHECK(check.source == OomSource::docker_event);
    REQUIRE(check.sightings.size() == 1);
    CHECK(check.sightings[0].at == at("2026-11-21T21:41:37.642Z"));
    CHECK(check.sightings[0].level == OomLevel::container);
    CHECK(check.sightings[0].detail == "docker event `oom`, then exit 137");
    CHECK(check.since == at("2026-11-21T21:41:37.225Z"));
    CHECK(read.note == "1 kill");
    CHECK(read.warnings.empty());
}

TEST_CASE("only the pinned container's events count") {
    Scene scene;
    const auto count = [&](const std::string& name, const std::string& id, const std::string& file) {
        scene.is(name, id);
        return only<OomCheck>(events(scene, recorded(file))).sightings.size();
    };
    for (const std::string file : {"docker/events-oom.jsonl", "docker/events-oom.txt"}) {
        CAPTURE(file);
        CHECK(count("oomloop", oomloop_id, file) == 5);
        CHECK(count("eater", eater_id, file) == 1);
        CHECK(count("parent", parent_id, file) == 1);
        CHECK(count("backend", backend_id, file) == 0);
    }
    scene.is("oomloop", oomloop_id);
    CHECK(events(scene, recorded("docker/events-oom.jsonl")).note == "5 kills");
    scene.is("backend", backend_id);
    CHECK(events(scene, recorded("docker/events-oom.jsonl")).note == "no kills");
}

TEST_CASE("kills of an earlier container of the same name are told, not counted") {
    Scene scene;
    scene.is("oomloop", backend_id);
    const auto read = events(scene, recorded("docker/events-oom.jsonl"));
    CHECK(only<OomCheck>(read).sightings.empty());
    CHECK(read.warnings == std::vector<std::string>{"5 OOM events of an earlier container called oomloop"});
}

TEST_CASE("without events there is no time that the check covers") {
    const Scene scene;
    const auto read = events(scene, "");
    CHECK(only<OomCheck>(read).sightings.empty());
    CHECK_FALSE(only<OomCheck>(read).since);
    CHECK(read.note == "no kills");
}

TEST_CASE("an OOM kill that another exit code follows killed a process inside") {
    Scene scene;
    scene.is("eater", eater_id);
    std::string text = recorded("docker/events-eater.jsonl");
    text.replace(text.find(R"("exitCode":"137")"), 16, R"("exitCode":"1")");
    const auto check = only<OomCheck>(events(scene, text));
    CHECK(check.sightings.at(0).level == OomLevel::process);
    CHECK(check.sightings.at(0).detail == "docker event `oom`, then exit 1");
}

TEST_CASE("something else than events is no proof that nothing happened") {
    const Scene scene;
    const auto read = events(scene, "Usage: docker events\n");
    REQUIRE(read.readings.size() == 1);
    CHECK(std::get<NoData>(read.readings[0]).why == "the output is not the list of events that docker prints");
}

TEST_CASE("events that are cut prove what they show, and no absence") {
    Scene scene;
    scene.is("eater", eater_id);
    Outcome outcome = exited(0, recorded("docker/events-eater.jsonl"));
    outcome.out.dropped = 4096;
    outcome.out.tail = "\":\"x\"}}\n";
    const Params params = args({"events", "--until", "0s"});
    const auto read = action("docker").interpret(params, scene.context(), outcome);
    CHECK(only<OomCheck>(read).sightings.size() == 1);
    CHECK(read.warnings == std::vector<std::string>{"partial: 4 KiB of the events are missing"});
    scene.is("backend", backend_id);
    const auto none = action("docker").interpret(params, scene.context(), outcome);
    CHECK(only<NoData>(none).why == "too many events to keep, and no OOM event among those kept");
}

TEST_CASE("a line that is split between the two parts of an output is one line") {
    Scene scene;
    scene.is("eater", eater_id);
    Outcome outcome = exited(0, "");
    const std::string text = recorded("docker/events-eater.jsonl");
    for (std::size_t cut = 0; cut < text.size(); cut += 97) {
        outcome.out.head = text.substr(0, cut);
        outcome.out.tail = text.substr(cut);
        const auto read = action("docker").interpret(args({"events", "--until", "0s"}), scene.context(), outcome);
        CHECK(only<OomCheck>(read).sightings.size() == 1);
        CHECK(read.warnings.empty());
    }
}

TEST_CASE("broken events never crash and never invent a kill") {
    Scene scene;
    scene.is("eater", eater_id);
    const std::string all = recorded("docker/events-eater.jsonl");
    const std::size_t line = all.find(R"({"status":"oom")");
    const std::string kill = all.substr(line, all.find('\n', line) - line);
    REQUIRE(only<OomCheck>(events(scene, kill)).sightings.size() == 1);
    each_beginning(kill, [&](const std::string& text) {
        for (const auto& reading : events(scene, text).readings) {
            const auto* check = std::get_if<OomCheck>(&reading);
            CHECK((check == nullptr || check->sightings.empty()));
        }
    });
    for (const auto& text : with_wrong_types(kill)) {
        (void)events(scene, text);
    }
    each_corruption(kill, [&](const std::string& text) { (void)events(scene, text); });
    CHECK(std::holds_alternative<NoData>(events(scene, "{" + nested(1'000) + "}").readings.at(0)));
    // A label may hold anything, also what looks like an event.
    const std::string label = R"({"Type":"container","Action":"start","Actor":{"ID":")" + eater_id +
                              R"(","Attributes":{"x":"\"Action\":\"oom\""}},"timeNano":1795297297642660326})";
    CHECK(only<OomCheck>(events(scene, label)).sightings.empty());
    const std::string text_label =
        "2026-11-21T21:41:37.642660326Z container start " + eater_id + " (x=container oom " + eater_id + ")";
    CHECK(only<OomCheck>(events(scene, text_label)).sightings.empty());
}
