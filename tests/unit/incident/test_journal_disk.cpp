// Disks and folders that cannot be written, or not far enough.
#include "incident/load.h"
#include "journals.h"
#include "support/skip.h"

#include <sys/mount.h>
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <csignal>

using namespace memrb;
using test::note;
using test::notes_in;
using test::open_error;
using test::opened;

namespace {

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
