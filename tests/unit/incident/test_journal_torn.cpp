// Records that were broken off amid a line, by a kill or a cut: what was acknowledged stays, and the journal goes on.
#include "incident/load.h"
#include "incident/verify.h"
#include "journals.h"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>

using namespace memrb;
using incident::FileJournal;
using test::note;
using test::notes_in;
using test::open_error;
using test::opened;

TEST_CASE("a torn last line is saved, cut off and told", "[incident]") {
    const test::TempDir dir;
    const test::SteppingClock clock;
    REQUIRE(opened(dir.path(), clock)->append(note("one"), false));
    std::ofstream(dir / "journal.jsonl", std::ios::app) << "{\"seq\":2,\"at\":\"20";
    {
        const auto journal = opened(dir.path(), clock);
        CHECK(journal->recovered() == "the last line of " + (dir / "journal.jsonl").string() +
                                          " was torn: its 17 bytes were moved to journal.torn");
        CHECK(journal->append(note("two"), false)->seq == 2);
    }
    CHECK(notes_in(dir.path()) == std::vector<std::string>{"one", "two"});
    CHECK(dir.read("journal.torn") == "{\"seq\":2,\"at\":\"20\n");
    CHECK(opened(dir.path(), clock)->recovered().empty());
}

TEST_CASE("cut at any byte, a journal can be written on", "[incident]") {
    const test::TempDir dir;
    const test::SteppingClock clock;
    const std::string whole = test::read_file(test::recorded_incident(dir / "incidents") / "journal.jsonl");
    std::filesystem::create_directory(dir / "cut");
    const auto path = dir / "cut/journal.jsonl";
    for (std::size_t cut = 0; cut <= whole.size(); cut += cut + 150 < whole.size() ? 97 : 1) {
        dir.write("cut/journal.jsonl", whole.substr(0, cut));
        const auto lines = static_cast<std::uint64_t>(
            std::count(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut), '\n'));
        auto journal = FileJournal::open(dir / "cut", clock);
        if (!journal) {
            FAIL("cut at byte " << cut << ": " << journal.error().message);
        }
        const auto event = (*journal)->append(note("on"), false);
        const auto record = incident::load(dir / "cut");
        if (!event || event->seq != lines + 1 || !record || record->events.size() != lines + 1 ||
            !record->torn.empty()) {
            FAIL("cut at byte " << cut);
        }
    }
}

TEST_CASE("a journal that is broken before its end is not written on", "[incident]") {
    const test::TempDir dir;
    dir.write("journal.jsonl", "nonsense\nmore\n");
    CHECK(open_error(dir.path()) ==
          (dir / "journal.jsonl").string() + ":1: the line is no JSON: it goes wrong at byte 2");
    CHECK(dir.read("journal.jsonl") == "nonsense\nmore\n");
}

TEST_CASE("killed at any moment, no acknowledged event is lost", "[incident]") {
    for (int round = 0; round < 200; ++round) {
        const test::TempDir dir;
        const test::SteppingClock clock;
        std::array<int, 2> acknowledged{};
        REQUIRE(::pipe(acknowledged.data()) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            const auto journal = FileJournal::open(dir.path(), clock);
            while (journal && (*journal)->append(note(std::string(500, 'x')), false)) {
                (void)!::write(acknowledged[1], ".", 1);
            }
            ::_exit(1);
        }
        ::close(acknowledged[1]);
        std::string got;
        std::array<char, 64> buffer{};
        while (got.size() < static_cast<std::size_t>(round % 40) + 1) {
            const ssize_t n = ::read(acknowledged[0], buffer.data(), buffer.size());
            REQUIRE(n > 0);
            got.append(buffer.data(), static_cast<std::size_t>(n));
        }
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        for (ssize_t n = 0; (n = ::read(acknowledged[0], buffer.data(), buffer.size())) > 0;) {
            got.append(buffer.data(), static_cast<std::size_t>(n));
        }
        ::close(acknowledged[0]);
        const auto record = incident::load(dir.path());
        REQUIRE(record);
        CHECK(record->events.size() >= got.size());
        CHECK(record->events.size() <= got.size() + 1);
        CHECK(incident::verify(dir.path())->holds());
        CHECK(FileJournal::open(dir.path(), clock).has_value());
    }
}
