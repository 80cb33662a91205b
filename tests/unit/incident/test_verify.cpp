#include "incident/verify.h"

#include "fixtures.h"
#include "incident/load.h"

#include <catch2/catch.hpp>
#include <fstream>

using namespace memrb;
using incident::Proof;

namespace {

Proof proof_of(const std::filesystem::path& folder) {
    auto proof = incident::verify(folder);
    if (!proof) {
        FAIL(proof.error().message);
    }
    return *std::move(proof);
}

void overwrite(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << bytes;
}

/// A journal of notes and of one step with an output file and its digest.
struct Scene {
    test::TempDir dir;
    test::SteppingClock clock;
    std::filesystem::path journal = dir / "journal.jsonl";
    std::filesystem::path output = dir / "outputs/a.one.out";

    Scene() {
        dir.write("outputs/a.one.out", "498 of 512 MiB\n");
        const auto writer = incident::FileJournal::open(dir.path(), clock);
        REQUIRE(writer);
        StepFinished step{"a.one", StepStatus::ok, {}, "", {}, {}};
        step.outcome.ending = Exited{0};
        step.outcome.out = samples::in_file("outputs/a.one.out", 15);
        REQUIRE((*writer)->append(NoteAdded{"one"}, false));
        REQUIRE((*writer)->append(step, false));
        REQUIRE((*writer)->append(NoteAdded{"three"}, true));
    }
};

}  // namespace

TEST_CASE("a record as it was written holds, with all its lines and outputs", "[incident]") {
    const Scene scene;
    const auto proof = proof_of(scene.dir.path());
    CHECK(proof.holds());
    CHECK(proof.lines == 3);
    CHECK(proof.without_hash == 0);
    CHECK(proof.files == 1);
    CHECK(proof.torn_bytes == 0);
    CHECK(proof.head == incident::load(scene.dir.path())->last_hash);
    CHECK(proof.head.size() == 64);
}

TEST_CASE("a flipped bit anywhere in a journal is named with its line", "[incident]") {
    const Scene scene;
    const std::string whole = test::read_file(scene.journal);
    std::size_t line = 1;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string changed = whole;
        changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
        overwrite(scene.journal, changed);
        const auto proof = proof_of(scene.dir.path());
        // A changed end of line joins its line with the next one.
        if (proof.broken_line != line) {
            FAIL("byte " << i << " bit " << i % 8 << ": line " << proof.broken_line << " instead of " << line);
        }
        line += whole[i] == '\n' ? 1 : 0;
    }
}

TEST_CASE("lines that were left out, moved, repeated or added are named", "[incident]") {
    const Scene scene;
    const std::string whole = test::read_file(scene.journal);
    const std::size_t first = whole.find('\n') + 1;
    const std::size_t second = whole.find('\n', first) + 1;
    const std::string one = whole.substr(0, first);
    const std::string two = whole.substr(first, second - first);
    const std::string three = whole.substr(second);
    const auto first_broken = [&](const std::string& text) {
        overwrite(scene.journal, text);
        return proof_of(scene.dir.path()).broken_line;
    };
    CHECK(first_broken(two + three) == 1);
    CHECK(first_broken(one + three) == 2);
    CHECK(first_broken(one + three + two) == 2);
    CHECK(first_broken(one + two + two + three) == 3);
    CHECK(first_broken(whole +
                       "{\"seq\":4,\"at\":\"2026-11-22T11:03:21Z\",\"event\":\"note_added\",\"text\":\"x\"}\n") == 4);
    CHECK(first_broken(whole) == 0);
}

TEST_CASE("an output that was changed, shortened or removed is named", "[incident]") {
    const Scene scene;
    const auto broken = [&] {
        const auto proof = proof_of(scene.dir.path());
        CHECK_FALSE(proof.holds());
        return proof.broken_files;
    };
    overwrite(scene.output, "497 of 512 MiB\n");
    CHECK(broken() == std::vector<std::string>{"outputs/a.one.out: it is not as it was written"});
    overwrite(scene.output, "498");
    CHECK(broken() == std::vector<std::string>{"outputs/a.one.out: it has 3 bytes where the record says 15"});
    std::filesystem::remove(scene.output);
    REQUIRE(broken().size() == 1);
    CHECK(broken()[0].find("there is no such file") != std::string::npos);
}

TEST_CASE("a journal of an older memrb loads, is gone on with, and is told to be unproven", "[incident]") {
    const test::TempDir dir;
    const test::SteppingClock clock;
    const std::string old = "{\"seq\":1,\"at\":\"2026-11-22T11:03:21Z\",\"event\":\"note_added\",\"text\":\"old\"}\n";
    dir.write("journal.jsonl", old);
    {
        const auto writer = incident::FileJournal::open(dir.path(), clock);
        REQUIRE(writer);
        REQUIRE((*writer)->append(NoteAdded{"new"}, false));
    }
    const auto proof = proof_of(dir.path());
    CHECK(proof.holds());
    CHECK(proof.lines == 2);
    CHECK(proof.without_hash == 1);
}

TEST_CASE("the chain goes on over a second writer and over what a crash left", "[incident]") {
    const Scene scene;
    std::ofstream(scene.journal, std::ios::app) << "{\"seq\":4,\"at\":\"20";
    CHECK(proof_of(scene.dir.path()).torn_bytes == 17);
    CHECK(proof_of(scene.dir.path()).holds());
    {
        const auto writer = incident::FileJournal::open(scene.dir.path(), scene.clock);
        REQUIRE(writer);
        REQUIRE((*writer)->append(NoteAdded{"four"}, false));
    }
    const auto proof = proof_of(scene.dir.path());
    CHECK(proof.holds());
    CHECK(proof.lines == 4);
}

TEST_CASE("a record cut at any byte proves its whole lines", "[incident]") {
    const Scene scene;
    const std::string whole = test::read_file(scene.journal);
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        overwrite(scene.journal, whole.substr(0, cut));
        const auto proof = proof_of(scene.dir.path());
        const auto lines =
            static_cast<std::size_t>(std::count(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut), '\n'));
        if (!proof.holds() || proof.lines != lines) {
            FAIL("cut at byte " << cut);
        }
    }
}
