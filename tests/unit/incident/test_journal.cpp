#include "incident/journal.h"

#include "base/digest.h"
#include "incident/verify.h"
#include "journals.h"

#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

using namespace memrb;
using incident::FileJournal;
using test::note;
using test::notes_in;
using test::opened;

TEST_CASE("events are numbered, timed and on disk when append returns", "[incident]") {
    const test::TempDir dir;
    const test::SteppingClock clock;
    const auto journal = opened(dir.path(), clock);
    CHECK(journal->folder() == dir.path());
    CHECK(journal->recovered().empty());
    const auto first = journal->append(note("one"), false);
    REQUIRE(first);
    CHECK(first->seq == 1);
    CHECK(first->at == samples::at(1));  // the lock has looked at the clock before
    CHECK(std::get<NoteAdded>(first->body).text == "one");
    CHECK(journal->append(note("two\nlines"), true)->seq == 2);
    const std::string one = R"({"seq":1,"at":"2026-11-22T11:03:21Z","event":"note_added","text":"one"})";
    const std::string two = R"({"seq":2,"at":"2026-11-22T11:03:22Z","event":"note_added","text":"two\nlines"})";
    const auto sealed = [](const std::string& line, const std::string& hash) {
        return line.substr(0, line.size() - 1) + ",\"hash\":\"" + hash + "\"}\n";
    };
    const std::string hash = base::sha256(one);
    CHECK(dir.read("journal.jsonl") == sealed(one, hash) + sealed(two, base::sha256(hash + two)));
}

TEST_CASE("a journal's files are for their owner only", "[incident]") {
    const test::TempDir dir;
    dir.write("journal.jsonl", "{torn");
    std::filesystem::permissions(dir / "journal.jsonl", std::filesystem::perms(0600));
    const mode_t mask = ::umask(0);
    const test::SteppingClock clock;
    const auto journal = opened(dir.path(), clock);
    ::umask(mask);
    for (const auto* name : {"journal.jsonl", "journal.lock", "journal.torn"}) {
        INFO(name);
        CHECK(test::mode_of(dir / name) == 0600);
    }
}

TEST_CASE("a journal goes on behind its last event", "[incident]") {
    const test::TempDir dir;
    const test::SteppingClock clock;
    REQUIRE(opened(dir.path(), clock)->append(note("one"), false));
    CHECK(opened(dir.path(), clock)->append(note("two"), false)->seq == 2);
    CHECK(notes_in(dir.path()) == std::vector<std::string>{"one", "two"});
}

TEST_CASE("a second writer is refused, by name", "[incident]") {
    const test::TempDir dir;
    const test::SteppingClock clock;
    auto first = opened(dir.path(), clock);
    const auto second = FileJournal::open(dir.path(), clock);
    REQUIRE_FALSE(second);
    CHECK(second.error().fault == Fault::stale);
    CHECK(second.error().message == "the incident in " + dir.str() + " is being written by process " +
                                        std::to_string(::getpid()) + " since 2026-11-22T11:03:20Z");
    CHECK(second.error().hint == "wait until that memrb has ended, or end it");
    REQUIRE(first->append(note("one"), false));
    first.reset();
    CHECK(opened(dir.path(), clock)->append(note("two"), false)->seq == 2);
}

TEST_CASE("the lock ends with its process, however that ends", "[incident]") {
    const test::TempDir dir;
    const test::SteppingClock clock;
    std::array<int, 2> ready{};
    REQUIRE(::pipe(ready.data()) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const auto journal = FileJournal::open(dir.path(), clock);
        const char answer = journal ? 'y' : 'n';
        (void)!::write(ready[1], &answer, 1);
        while (true) {
            ::pause();
        }
    }
    char answer = 0;
    REQUIRE(::read(ready[0], &answer, 1) == 1);
    REQUIRE(answer == 'y');
    CHECK(FileJournal::open(dir.path(), clock).error().message.find("process " + std::to_string(child)) !=
          std::string::npos);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK(FileJournal::open(dir.path(), clock).has_value());
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST_CASE("appends from several threads keep order and numbering", "[incident]") {
    const test::TempDir dir;
    const test::SteppingClock clock;
    const auto journal = opened(dir.path(), clock);
    constexpr std::size_t threads = 8;
    constexpr std::size_t each = 100;
    std::vector<std::vector<std::uint64_t>> given(threads);
    std::vector<std::thread> running;
    for (std::size_t t = 0; t < threads; ++t) {
        running.emplace_back([&, t] {
            for (std::size_t i = 0; i < each; ++i) {
                const auto event = journal->append(note(std::to_string(t) + ":" + std::to_string(i)), i % 50 == 0);
                given[t].push_back(event ? event->seq : 0);
            }
        });
    }
    for (auto& thread : running) {
        thread.join();
    }
    const auto notes = notes_in(dir.path());  // loading checks that the numbers have no gaps
    REQUIRE(notes.size() == threads * each);
    for (std::size_t t = 0; t < threads; ++t) {
        for (std::size_t i = 0; i < each; ++i) {
            REQUIRE(given[t][i] > 0);
            CHECK(notes[given[t][i] - 1] == std::to_string(t) + ":" + std::to_string(i));
            CHECK((i == 0 || given[t][i] > given[t][i - 1]));
        }
    }
}

TEST_CASE("a clock that goes backwards breaks no record", "[incident]") {
    struct BackwardsClock final : Clock {
        [[nodiscard]] Timestamp now() const override { return samples::at(seconds--); }
        [[nodiscard]] std::chrono::steady_clock::time_point steady() const override { return {}; }
        mutable std::int64_t seconds = 0;
    };
    const test::TempDir dir;
    const BackwardsClock clock;
    {
        const auto journal = opened(dir.path(), clock);
        const auto first = journal->append(note("one"), true);
        const auto second = journal->append(note("two"), true);
        REQUIRE(second);
        CHECK(second->at < first->at);
    }
    CHECK(notes_in(dir.path()) == std::vector<std::string>{"one", "two"});
    CHECK(incident::verify(dir.path())->holds());
}

TEST_CASE("an event that could not be read back is not written", "[incident]") {
    const test::TempDir dir;
    const test::SteppingClock clock;
    const auto journal = opened(dir.path(), clock);
    const auto large = journal->append(note(std::string(std::size_t{9} << 20U, 'x')), false);
    REQUIRE_FALSE(large);
    CHECK(large.error().message ==
          "cannot write " + (dir / "journal.jsonl").string() + ": the event is larger than 8 MiB");
    CHECK(journal->append(note("one"), false)->seq == 1);
    const auto bytes = journal->append(note("not UTF-8: \xff"), false);
    REQUIRE(bytes);
    CHECK(notes_in(dir.path()).back() == "not UTF-8: \xEF\xBF\xBD");
}

TEST_CASE("the journal that records nothing numbers the events", "[incident]") {
    const test::SteppingClock clock;
    incident::NullJournal journal(clock);
    CHECK(journal.folder().empty());
    CHECK(journal.append(note("one"), true)->seq == 1);
    const auto second = journal.append(note("two"), false);
    CHECK(second->seq == 2);
    CHECK(second->at == samples::at(1));
    CHECK(std::get<NoteAdded>(second->body).text == "two");
}
