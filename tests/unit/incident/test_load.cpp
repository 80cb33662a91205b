#include "incident/load.h"

#include "fixtures.h"
#include "incident/files.h"
#include "wire/event_json.h"

#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

using namespace memrb;
using incident::load_text;

namespace {

std::string line_of(const Event& event) {
    return wire::dump(wire::to_json(event)) + "\n";
}

std::string sample_journal() {
    std::string text;
    for (const auto& event : samples::all_events()) {
        text += line_of(event);
    }
    return text;
}

std::string message(std::string_view text) {
    const auto record = load_text(text, "j");
    return record ? "loaded" : record.error().message;
}

}  // namespace

TEST_CASE("a journal is read back", "[incident]") {
    const auto record = load_text(sample_journal(), "j");
    REQUIRE(record);
    CHECK(record->torn.empty());
    CHECK(record->whole_bytes == sample_journal().size());
    std::string again;
    for (const auto& event : record->events) {
        again += line_of(event);
    }
    CHECK(again == sample_journal());
    CHECK(load_text("", "j")->events.empty());
}

TEST_CASE("cut at any byte, a journal loads and loses at most its last event", "[incident]") {
    const std::string whole = sample_journal();
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        const std::string_view text = std::string_view(whole).substr(0, cut);
        const auto record = load_text(text, "j");
        if (!record) {
            FAIL("cut at byte " << cut << ": " << record.error().message);
        }
        const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
        const std::size_t whole_bytes = lines == 0 ? 0 : text.rfind('\n') + 1;
        if (record->events.size() != lines || record->torn != text.substr(whole_bytes) ||
            record->whole_bytes != whole_bytes) {
            FAIL("cut at byte " << cut << ": " << record->events.size() << " events of " << lines);
        }
    }
}

TEST_CASE("a last line of zeros, as a power cut leaves it, is torn", "[incident]") {
    const std::string first = line_of(samples::all_events()[0]);
    for (const auto& tail : {std::string(4096, '\0'), std::string(4096, '\0') + "\n", std::string("{\"seq\":2,\n")}) {
        const auto record = load_text(first + tail, "j");
        REQUIRE(record);
        CHECK(record->events.size() == 1);
        CHECK(record->torn == tail);
    }
}

TEST_CASE("what is broken before the end is told with its line", "[incident]") {
    const auto events = samples::all_events();
    const std::string first = line_of(events[0]);
    const std::string second = line_of(events[1]);
    CHECK(message(first + "{\"seq\":2,\n" + second) == "j:2: the line is no JSON: it goes wrong at byte 10");
    CHECK(message(first + "\n" + second) == "j:2: the line is empty");
    CHECK(message(first + "[]\n") == "j:2: `event` must be an object, not an array");
    CHECK(message(first + R"({"seq":2,"at":"2026-11-21T00:00:00Z","event":"note_added"})" + "\n") ==
          "j:2: `note_added.text` is missing");
    CHECK(message(second) == "j:1: event 2 stands where event 1 belongs");
    CHECK(message(first + first) == "j:2: event 1 stands where event 2 belongs");
    CHECK(load_text(first + first, "j").error().hint == "the journal was changed after it was written");
    CHECK(load_text("[]\n[]\n", "\x1b[2J").error().message.starts_with("\\x1b[2J:1: "));
}

TEST_CASE("hostile lines are refused", "[incident]") {
    const std::string last = line_of(samples::all_events()[0]);
    CHECK(message(std::string(std::size_t{9} << 20U, ' ') + "\n" + last) == "j:1: the line is larger than 8 MiB");
    CHECK(message(std::string(100'000, '[') + "\n" + last) == "j:1: the line is nested deeper than 300 levels");
    std::string wide = "{";
    for (int i = 0; i < 3'000; ++i) {
        wide += "\"" + std::to_string(i) + "\":0,";
    }
    CHECK(message(wide + "\n" + last) == "j:1: the line has an object of more than 2000 members");
}

TEST_CASE("a journal that cannot be read is told with its path", "[incident]") {
    const test::TempDir dir;
    const std::string path = (dir / "journal.jsonl").string();
    CHECK(incident::load(dir.path()).error().message == "cannot read " + path + ": there is no such file");
    std::filesystem::create_directory(path);
    CHECK(incident::load(dir.path()).error().message == "cannot read " + path + ": it is no file");
    std::filesystem::remove(path);
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK(incident::load(dir.path()).error().message == "cannot read " + path + ": it is no file");
    std::filesystem::remove(path);
    std::filesystem::create_symlink("/etc/passwd", path);
    CHECK(incident::load(dir.path()).error().message ==
          "cannot read " + path + ": it is a symbolic link, which a record does not have");
    std::filesystem::remove(path);
    std::ofstream(path).close();
    std::filesystem::resize_file(path, std::uint64_t{300} << 20U);  // a hole: takes no space
    CHECK(incident::load(dir.path()).error().message == path + " is larger than 256 MiB");
}
