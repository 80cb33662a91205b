#include "incident/bundle.h"

#include "fixtures.h"
#include "wire/document.h"
#include "wire/event_json.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace memrb;
using incident::Bundle;
using incident::read_bundle;
using incident::write_bundle;

namespace {

std::string error_of(std::string_view text) {
    const auto bundle = read_bundle(text);
    return bundle ? "read" : bundle.error().message;
}

}  // namespace

TEST_CASE("an incident's folder becomes one document and comes back", "[incident]") {
    const test::TempDir dir;
    const auto folder = test::recorded_incident(dir / "incidents");
    std::string bytes(268, 'x');
    bytes[7] = '\xff';
    bytes[8] = '\0';
    dir.write("incidents/" + folder.filename().string() + "/outputs/usage.stats.out", bytes);
    const auto bundle = incident::collect_bundle(folder);
    REQUIRE(bundle);
    CHECK(bundle->journal.size() == samples::all_events().size());
    CHECK(bundle->files == std::map<std::string, std::string>{{"outputs/usage.stats.out", bytes}});

    const std::string text = write_bundle(*bundle);
    CHECK(text.starts_with("{\"schema\":\"memrb/bundle/v1\",\n\"journal\":[\n{\"seq\":1,"));
    CHECK(text.find("\"outputs/usage.stats.out\":{\"base64\":\"eHh4eHh4eP8A") != std::string::npos);
    const auto back = read_bundle(text);
    REQUIRE(back);
    CHECK(back->files == bundle->files);
    CHECK(write_bundle(*back) == text);
}

TEST_CASE("text stays text in a bundle", "[incident]") {
    Bundle bundle;
    bundle.files = {{"outputs/a.out", "line\n\"quoted\" caf\xC3\xA9"}, {"outputs/b.out", ""}};
    CHECK(write_bundle(bundle) ==
          "{\"schema\":\"memrb/bundle/v1\",\n\"journal\":[\n],\n\"files\":{\n"
          "\"outputs/a.out\":\"line\\n\\\"quoted\\\" caf\xC3\xA9\",\n\"outputs/b.out\":\"\"\n}}\n");
    CHECK(read_bundle(write_bundle(bundle))->files == bundle.files);
}

TEST_CASE("a missing file keeps an incident from becoming a bundle", "[incident]") {
    const test::TempDir dir;
    const auto folder = test::recorded_incident(dir / "incidents");
    CHECK(incident::collect_bundle(folder).error().message ==
          "cannot read " + (folder / "outputs/usage.stats.out").string() + ": there is no such file");
}

TEST_CASE("a torn last line is left out of a bundle", "[incident]") {
    const test::TempDir dir;
    const auto folder = test::recorded_incident(dir / "incidents");
    const std::string whole = test::read_file(folder / "journal.jsonl");
    const std::string relative = "incidents/" + folder.filename().string();
    dir.write(relative + "/outputs/usage.stats.out", std::string(268, 'x'));
    dir.write(relative + "/journal.jsonl", whole.substr(0, whole.size() - 5));
    CHECK(incident::collect_bundle(folder)->journal.size() == samples::all_events().size() - 1);
}

TEST_CASE("a broken bundle is told", "[incident]") {
    const std::string event = R"({"seq":1,"at":"2026-11-21T00:00:00Z","event":"note_added","text":"x"})";
    const auto with = [](const std::string& journal, const std::string& files) {
        return R"({"schema":"memrb/bundle/v1","journal":)" + journal + R"(,"files":)" + files + "}";
    };
    CHECK(error_of("") == "the bundle is empty");
    CHECK(error_of("{") == "the bundle is no JSON: it goes wrong at byte 2");
    CHECK(error_of("[]") == "the bundle has no `schema` of memrb/bundle/v1");
    CHECK(error_of(R"({"schema":3})") == "the bundle has no `schema` of memrb/bundle/v1");
    CHECK(error_of(R"({"schema":"memrb/bundle/v1"})") == "the bundle has no `journal`");
    CHECK(error_of(R"({"schema":"memrb/bundle/v1","journal":{}})") == "the bundle has no `journal`");
    CHECK(error_of(with("[]", "[]")) == "the bundle has no `files`");
    CHECK(error_of(with("[]", "{}")) == "read");
    CHECK(error_of(with("[" + event + "]", "{}")) == "read");
    CHECK(error_of(with("[" + event + "," + event + "]", "{}")) ==
          "event 2 of the bundle: event 1 stands where event 2 belongs");
    CHECK(error_of(with("[{}]", "{}")) == "event 1 of the bundle: `event.event` is missing");
    CHECK(error_of(with("[]", R"({"../x":"a"})")) == "`../x` cannot be the file of a recorded output");
    CHECK(error_of(with("[]", R"({"outputs/x":3})")) ==
          "the bundle has a file `outputs/x` that is neither text nor base64");
    CHECK(error_of(with("[]", R"({"outputs/x":{"base64":3}})")) ==
          "the bundle has a file `outputs/x` that is neither text nor base64");
    CHECK(error_of(with("[]", R"({"outputs/x":{"base64":"*"}})")) ==
          "the bundle has a file `outputs/x` with broken base64");
    CHECK(error_of(std::string(1'000'000, '[')) == "the bundle is nested deeper than 310 levels");
}
