#include "incident/replay_source.h"

#include "fixtures.h"
#include "incident/bundle.h"

#include <catch2/catch.hpp>

using namespace memrb;
using incident::ReplaySource;

namespace {

/// A diagnosis that was done twice: `usage.now` twice, `oom.dmesg` skipped, `load` never ended.
std::filesystem::path two_diagnoses(const test::TempDir& dir) {
    const test::SteppingClock clock;
    const auto entry = incident::Store(dir / "incidents").create(samples::at(0), "backend");
    REQUIRE(entry);
    const std::string outputs = "incidents/" + entry->folder.filename().string() + "/outputs/";
    dir.write(outputs + "usage.now.out", "first");
    dir.write(outputs + "usage.now.2.out", "second");
    const auto journal = incident::FileJournal::open(entry->folder, clock);
    REQUIRE(journal);
    const auto add = [&](EventBody body) {
        const auto added = (*journal)->append(std::move(body), false);
        REQUIRE(added);
    };
    const auto ended = [](std::string file, std::uint64_t size) {
        Outcome outcome;
        outcome.ending = Exited{0};
        outcome.out = samples::in_file(std::move(file), size);
        return outcome;
    };
    add(std::get<IncidentOpened>(samples::all_events()[0].body));
    add(samples::all_events()[1].body);
    add(StepStarted{"usage.now", "", "docker", Risk::read, samples::all_requests()[0], Milliseconds(1000)});
    add(StepStarted{"load", "", "promql", Risk::read, samples::all_requests()[3], Milliseconds(1000)});
    add(StepFinished{"usage.now", StepStatus::ok, ended("outputs/usage.now.out", 5), "", {}, {}});
    add(StepSkipped{"oom.dmesg", "", StepStatus::skipped, "not permitted"});
    add(Assessed{samples::full_assessment()});
    add(StepStarted{"usage.now", "", "docker", Risk::read, samples::all_requests()[1], Milliseconds(1000)});
    add(StepFinished{"usage.now", StepStatus::failed, ended("outputs/usage.now.2.out", 6), "", {}, {}});
    return entry->folder;
}

void check_source(const ReplaySource& source) {
    CHECK(source.opened().runbook_id == "container-high-memory");
    CHECK(source.opened().runbook_digest == std::string(64, 'a'));
    CHECK(source.opened().command_line == std::vector<std::string>{"memrb", "diagnose", "backend"});
    CHECK(source.opened_at() == samples::at(1));
    CHECK(source.target().id == "3f9c1d0a7be4");
    CHECK(source.pinned().moment == samples::at(-30));
    CHECK(source.pinned().past);
    CHECK(source.pinned().vars.at("prometheus") == "http://localhost:9090");
    CHECK(source.events().size() == 9);
    CHECK_FALSE(source.torn());
    CHECK(source.steps() == std::vector<std::string>{"usage.now"});
    const auto step = source.step("usage.now");
    REQUIRE(step);
    REQUIRE(*step);
    CHECK((*step)->request == samples::all_requests()[0]);
    CHECK((*step)->status == StepStatus::ok);
    CHECK((*step)->outcome.ending == Ending(Exited{0}));
    CHECK((*step)->outcome.out.text() == "first");
    CHECK(source.outcome_of("usage.now")->out.text() == "first");
    for (const auto* missing : {"load", "oom.dmesg", "", "nosuch"}) {
        INFO(missing);
        CHECK_FALSE(source.step(missing).value());
        CHECK_FALSE(source.outcome_of(missing));
    }
}

}  // namespace

TEST_CASE("a recorded incident answers as it was, from its folder and from a bundle", "[incident]") {
    const test::TempDir dir;
    const auto folder = two_diagnoses(dir);
    const auto from_folder = ReplaySource::from_folder(folder);
    REQUIRE(from_folder);
    check_source(*from_folder);
    const auto bundle = incident::collect_bundle(folder);
    REQUIRE(bundle);
    const auto from_bundle = ReplaySource::from_bundle(incident::write_bundle(*bundle));
    REQUIRE(from_bundle);
    check_source(*from_bundle);
}

TEST_CASE("an output that is gone is told as the step's ending", "[incident]") {
    const test::TempDir dir;
    const auto folder = two_diagnoses(dir);
    const auto source = ReplaySource::from_folder(folder);
    std::filesystem::remove(folder / "outputs/usage.now.out");
    const std::string why = "the recorded output of usage.now cannot be read: cannot read " +
                            (folder / "outputs/usage.now.out").string() + ": there is no such file";
    CHECK(source->step("usage.now").error().message == why);
    CHECK(source->outcome_of("usage.now")->ending == Ending(NotStarted{why, false, false}));
}

TEST_CASE("a record without a diagnosis cannot be replayed", "[incident]") {
    const test::TempDir dir;
    const test::SteppingClock clock;
    {
        const auto journal = incident::FileJournal::open(dir.path(), clock);
        CHECK(ReplaySource::from_folder(dir.path()).error().message ==
              "the record does not begin with its opening: there is nothing to replay");
        REQUIRE((*journal)->append(samples::all_events()[0].body, false));
    }
    CHECK(ReplaySource::from_folder(dir.path()).error().message ==
          "the record ends before its target was found: there is nothing to replay");
    CHECK(ReplaySource::from_folder(dir / "none").error().message ==
          "cannot read " + (dir / "none/journal.jsonl").string() + ": there is no such file");
    CHECK(ReplaySource::from_bundle("{}").error().message == "the bundle has no `schema` of memrb/bundle/v1");
}

TEST_CASE("a torn record is replayed as far as it goes", "[incident]") {
    const test::TempDir dir;
    const auto folder = two_diagnoses(dir);
    const std::string whole = test::read_file(folder / "journal.jsonl");
    dir.write("incidents/" + folder.filename().string() + "/journal.jsonl", whole.substr(0, whole.size() - 1));
    const auto source = ReplaySource::from_folder(folder);
    REQUIRE(source);
    CHECK(source->torn());
    CHECK(source->events().size() == 8);
    CHECK(source->outcome_of("usage.now")->out.text() == "first");
}
