#include "system/output_sink.h"

#include "run_sh.h"
#include "support/temp_dir.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <numeric>
#include <string>

using namespace memrb;
using namespace memrb::system;
using memrb::test::TempDir;

namespace {

std::string numbered(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) {
        text += std::to_string(i) + "\n";
    }
    text.resize(size);
    return text;
}

Output fed(std::size_t keep, const std::string& text, std::size_t chunk) {
    OutputSink sink(keep, SpillFile());
    for (std::size_t at = 0; at < text.size(); at += chunk) {
        sink.append(std::string_view(text).substr(at, chunk));
    }
    return sink.finish();
}

}  // namespace

TEST_CASE("an output that fits is kept whole") {
    const std::string text = numbered(100);
    for (const std::size_t chunk : {1U, 7U, 100U}) {
        const Output output = fed(100, text, chunk);
        CHECK(output.head + output.tail == text);
        CHECK(output.head.size() == 50);
        CHECK(output.total == 100);
        CHECK(output.dropped == 0);
    }
}

TEST_CASE("of a longer output the first and the last bytes are kept, whatever the pieces it came in") {
    const std::string text = numbered(1000);
    for (const std::size_t chunk : {1U, 3U, 50U, 51U, 64U, 999U, 1000U}) {
        const Output output = fed(101, text, chunk);
        CHECK(output.head == text.substr(0, 50));
        CHECK(output.tail == text.substr(1000 - 51));
        CHECK(output.total == 1000);
        CHECK(output.dropped == 1000 - 101);
    }
}

TEST_CASE("nothing is kept in memory if nothing shall be, but all is counted") {
    const Output output = fed(0, numbered(1000), 64);
    CHECK(output.head.empty());
    CHECK(output.tail.empty());
    CHECK(output.total == 1000);
    CHECK(output.dropped == 1000);
}

TEST_CASE("a flood through a pipe is bounded, counted and right at both ends") {
    std::string all;
    for (int i = 1; i <= 1'000'000; ++i) {
        all += std::to_string(i) + "\n";
    }
    for (const Bytes kept : {Bytes{1} << 20U, Bytes{300'000}, Bytes{1000}}) {
        const Outcome outcome = run(command({"seq", "1", "1000000"}), keep(kept));
        CHECK(outcome.out.total == all.size());
        CHECK(outcome.out.head == all.substr(0, kept / 2));
        CHECK(outcome.out.tail == all.substr(all.size() - kept / 2));
        CHECK(outcome.out.dropped == all.size() - kept);
        CHECK(outcome.out.file.empty());
    }
}

TEST_CASE("an output is spilled to a private file as a whole") {
    const TempDir folder;
    std::filesystem::create_directory(folder / "outputs");
    RunContext context = spill("usage.stats", folder / "outputs");
    context.keep = 1000;
    const Outcome outcome = run(command({"seq", "1", "300000"}), context);
    CHECK(outcome.out.file == "outputs/usage.stats.out");
    CHECK(outcome.out.in_file == outcome.out.total);
    const std::string kept = folder.read("outputs/usage.stats.out");
    CHECK(kept.size() == outcome.out.total);
    CHECK(kept.substr(0, 500) == outcome.out.head);
    CHECK(kept.substr(kept.size() - 500) == outcome.out.tail);
    struct stat info{};
    REQUIRE(::stat((folder / "outputs/usage.stats.out").c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600);
    CHECK(outcome.err.file.empty());
    CHECK_FALSE(std::filesystem::exists(folder / "outputs/usage.stats.err"));
}

TEST_CASE("no more than the cap is spilled") {
    const TempDir folder;
    RunContext context = spill("a", folder.path());
    context.spill_cap = 1234;
    const Outcome outcome = run(command({"seq", "1", "300000"}), context);
    CHECK(outcome.out.in_file == 1234);
    CHECK(folder.read("a.out").size() == 1234);
    CHECK(outcome.out.total > 1234);
    CHECK(outcome.out.note.empty());
}

TEST_CASE("what an earlier run has kept is not overwritten") {
    const TempDir folder;
    const RunContext context = spill("a", folder.path());
    run(command({"echo", "first"}), context);
    const Outcome second = run(command({"echo", "second"}), context);
    CHECK(folder.read("a.out") == "first\n");
    CHECK(folder.read("a.2.out") == "second\n");
    CHECK(second.out.file == folder.path().filename().string() + "/a.2.out");
}

TEST_CASE("a spill file stays in its folder and follows no link") {
    const TempDir folder;
    run(command({"echo", "x"}), spill("../../etc/x y", folder.path()));
    CHECK(folder.read("_._.._etc_x_y.out") == "x\n");
    std::filesystem::create_symlink(folder / "elsewhere", folder / "a.out");
    const Outcome outcome = run(command({"echo", "x"}), spill("a", folder.path()));
    CHECK_FALSE(std::filesystem::exists(folder / "elsewhere"));
    CHECK(outcome.out.file == folder.path().filename().string() + "/a.2.out");
}

TEST_CASE("a folder that cannot be written to does not stop a program") {
    const Outcome outcome = run(command({"echo", "x"}), spill("a", "/no/such/folder"));
    CHECK(outcome.ending == Ending(Exited{0}));
    CHECK(outcome.out.head == "x\n");
    CHECK(outcome.out.file.empty());
    CHECK(outcome.out.note == "could not be kept on disk: No such file or directory");
}

TEST_CASE("a disk that fills up does not stop a program") {
    const TempDir folder;
    rlimit former{};
    ::getrlimit(RLIMIT_FSIZE, &former);
    auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = former;
    small.rlim_cur = 10'000;  // stands for a full disk: the write fails in the middle
    ::setrlimit(RLIMIT_FSIZE, &small);
    SpillFile spill(folder.path(), "a", "out", 1'000'000);
    spill.write(std::string(6000, 'x'));
    spill.write(std::string(6000, 'x'));
    spill.write(std::string(6000, 'x'));
    ::setrlimit(RLIMIT_FSIZE, &former);
    std::signal(SIGXFSZ, handler);
    CHECK(spill.written() == 10'000);
    CHECK(spill.problem() == "only its first 10000 bytes could be kept on disk: File too large");
    CHECK(folder.read("a.out").size() == 10'000);
}
