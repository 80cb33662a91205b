#include "incident/journal.h"

#include "base/digest.h"
#include "fixtures.h"
#include "incident/load.h"
#include "incident/verify.h"
#include "support/skip.h"

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <thread>

using namespace memrb;
using incident::FileJournal;

namespace {

std::unique_ptr<FileJournal> opened(const std::filesystem::path& folder, const Clock& clock) {
    auto journal = FileJournal::open(folder, clock);
    if (!journal) {
        FAIL(journal.error().message);
    }
    return *std::move(journal);
}

std::string open_error(const std::filesystem::path& folder) {
    const test::SteppingClock clock;
    const auto journal = FileJournal::open(folder, clock);
    return journal ? "opened" : journal.error().message;
}

EventBody note(std::string text) {
    return NoteAdded{std::move(text)};
}

std::vector<std::string> notes_in(const std::filesystem::path& folder) {
    const auto record = incident::load(folder);
    if (!record) {
        FAIL(record.error().message);
    }
    std::vector<std::string> notes;
    for (const auto& event : record->events) {
        notes.push_back(std::get<NoteAdded>(event.body).text);
    }
    return notes;
}

/// Files may not grow beyond this while it lives; a write there is cut short, then fails.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) {
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &was_) == 0);
        const rlimit now{bytes, was_.rlim_max};
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &now) == 0);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    FileSizeLimit(FileSizeLimit&&) = delete;
    FileSizeLimit& operator=(FileSizeLimit&&) = delete;
    ~FileSizeLimit() {
        (void)::setrlimit(RLIMIT_FSIZE, &was_);
        (void)std::signal(SIGXFSZ, handler_);
    }

private:
    rlimit was_{};
    void (*handler_)(int) = SIG_DFL;
};

/// A file system of its own while it lives.
class SmallDisk {
public:
    explicit SmallDisk(std::filesystem::path at) : at_(std::move(at)) {
        mounted_ = ::mount("memrb-test", at_.c_str(), "tmpfs", 0, "size=64k") == 0;
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    SmallDisk(SmallDisk&&) = delete;
    SmallDisk& operator=(SmallDisk&&) = delete;
    ~SmallDisk() {
        if (mounted_) {
            (void)::umount2(at_.c_str(), MNT_DETACH);
        }
    }
    [[nodiscard]] bool mounted() const { return mounted_; }
    [[nodiscard]] bool make_read_only() const {
        return ::mount("memrb-test", at_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=64k") == 0;
    }

private:
    std::filesystem::path at_;
    bool mounted_ = false;
};

}  // namespace

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

TEST_CASE("a line that does not fit is taken back, and the journal goes on when there is room", "[incident]") {
    const test::TempDir dir;
    const test::SteppingClock clock;
    const auto journal = opened(dir.path(), clock);
    REQUIRE(journal->append(note("one"), false));
    const std::string before = dir.read("journal.jsonl");
    {
        const FileSizeLimit limit(before.size() + 50);
        const auto cut_short = journal->append(note(std::string(1'000, 'x')), false);
        REQUIRE_FALSE(cut_short);
        CHECK(cut_short.error().message == "cannot write " + (dir / "journal.jsonl").string() + ": the disk is full");
        CHECK(dir.read("journal.jsonl") == before);
    }
    CHECK(journal->append(note("two"), false)->seq == 2);
    CHECK(notes_in(dir.path()) == std::vector<std::string>{"one", "two"});
}

TEST_CASE("a full disk is an error with the path, and loses nothing that was acknowledged", "[incident]") {
    const test::TempDir dir;
    const SmallDisk disk(dir.path());
    if (!disk.mounted()) {
        test::skip("a small file system needs root");
        return;
    }
    const test::SteppingClock clock;
    const auto journal = opened(dir.path(), clock);
    std::size_t written = 0;
    std::string error;
    while (error.empty()) {
        const auto event = journal->append(note(std::string(1'500, 'x')), true);
        error = event ? "" : event.error().message + " / " + event.error().hint;
        written += event ? 1 : 0;
        REQUIRE(written < 100);
    }
    CHECK(error == "cannot write " + (dir / "journal.jsonl").string() +
                       ": the disk is full / free some space, or let XDG_STATE_HOME name a folder on another disk");
    CHECK(written > 10);
    CHECK(incident::load(dir.path())->events.size() == written);
    CHECK(incident::load(dir.path())->torn.empty());
    CHECK_FALSE(journal->append(note(std::string(1'500, 'x')), true));
}

TEST_CASE("a read-only disk is told at once", "[incident]") {
    const test::TempDir dir;
    const SmallDisk disk(dir.path());
    if (!disk.mounted() || !disk.make_read_only()) {
        test::skip("a read-only file system needs root");
        return;
    }
    CHECK(open_error(dir.path()) ==
          "cannot write " + (dir / "journal.lock").string() + ": the file system is read-only");
}

TEST_CASE("a folder that may not be written is told at once", "[incident]") {
    const test::TempDir dir;
    std::filesystem::permissions(dir.path(), std::filesystem::perms(0755));
    std::filesystem::create_directory(dir / "closed");
    std::filesystem::permissions(dir / "closed", std::filesystem::perms(0555));
    const test::AsNobody nobody;
    CHECK(open_error(dir / "closed") ==
          "cannot write " + (dir / "closed/journal.lock").string() + ": permission denied");
    CHECK(open_error(dir / "none") ==
          "cannot write " + (dir / "none/journal.lock").string() + ": there is no such file");
}

TEST_CASE("no journal is written through a link or into something that is no file", "[incident]") {
    const test::TempDir dir;
    const auto victim = dir.write("victim", "");
    std::filesystem::create_directory(dir / "a");
    std::filesystem::create_symlink(victim, dir / "a/journal.jsonl");
    CHECK(open_error(dir / "a") == "cannot write " + (dir / "a/journal.jsonl").string() +
                                       ": it is a symbolic link, which a record does not have");
    std::filesystem::create_directory(dir / "b");
    REQUIRE(::mkfifo((dir / "b/journal.jsonl").c_str(), 0600) == 0);
    CHECK(open_error(dir / "b") == "cannot write " + (dir / "b/journal.jsonl").string() + ": it is no file");
    CHECK(dir.read("victim").empty());
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
