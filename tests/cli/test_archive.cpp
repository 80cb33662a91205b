// `memrb export` and `memrb import`, through the real binary; tar itself reads what is exported, and archives that mean
// harm are made here, byte by byte.
#include "fake_docker.h"
#include "incident_home.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>

using namespace memrb;
using namespace memrb::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* folder_name = "20261121T234002Z-backend-a2b3";

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// A member of a tar archive: its header by POSIX, then its bytes. `size` may lie.
std::string member(const std::string& name, const std::string& bytes, char type = '0', long size = -1) {
    std::string block(512, '\0');
    const auto put = [&](std::size_t at, const std::string& text) { block.replace(at, text.size(), text); };
    const auto octal = [](long value, int digits) {
        std::string text(static_cast<std::size_t>(digits), '0');
        for (auto at = text.rbegin(); value != 0 && at != text.rend(); ++at, value /= 8) {
            *at = static_cast<char>('0' + value % 8);
        }
        return text;
    };
    put(0, name);
    put(100, "0000600");
    put(124, octal(size < 0 ? static_cast<long>(bytes.size()) : size, 11));
    put(136, "00000000000");
    put(148, "        ");
    block[156] = type;
    put(157, type == '1' || type == '2' ? "/etc/passwd" : "");
    put(257, std::string("ustar\0"
                         "00",
                         8));
    long sum = 0;
    for (const char c : block) {
        sum += static_cast<unsigned char>(c);
    }
    put(148, octal(sum, 6) + std::string(1, '\0') + " ");
    return block + bytes + std::string((512 - bytes.size() % 512) % 512, '\0');
}

std::string in_folder(const std::string& name) {
    return std::string(folder_name) + "/" + name;
}

std::size_t incidents_in(const TempDir& home) {
    const auto folder = home / "state/memrb/incidents";
    return fs::exists(folder) ? static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {})) : 0;
}

/// A diagnosed incident with outputs, in a home of its own.
struct Diagnosed {
    FakeDocker docker;
    TempDir home;
    std::string id;

    Diagnosed() {
        const auto ran = docker.diagnose({"-o", "json"}).home(home.path()).run();
        INFO(ran.describe());
        REQUIRE(ran.ending == exited(0));
        id = nlohmann::json::parse(ran.out).at("incident");
    }
};

Run call(const TempDir& home, std::vector<std::string> words) {
    return run_memrb(std::move(words)).home(home.path());
}

}  // namespace

TEST_CASE("an incident travels as one archive and is the same elsewhere") {
    const Diagnosed here;
    const TempDir folder;
    const auto file = (folder / "one.tar").string();
    const auto written = call(here.home, {"export", here.id, "-f", file}).run();
    INFO(written.describe());
    REQUIRE(written.ending == exited(0));
    const auto listed = program({"tar", "tf", file}).run();
    INFO(listed.describe());
    CHECK(listed.ending == exited(0));
    CHECK(has(listed.out, "-backend-" + here.id + "/journal.jsonl\n"));
    CHECK(has(listed.out, "/outputs/"));
    // An existing file is never written over.
    CHECK(call(here.home, {"export", here.id, "-f", file}).run().ending == exited(1));

    const TempDir there;
    const auto taken = call(there, {"import", file}).run();
    INFO(taken.describe());
    REQUIRE(taken.ending == exited(0));
    for (const auto& words : {std::vector<std::string>{"history", here.id},
                              {"verify", here.id},
                              {"report", here.id, "--format", "json"},
                              {"escalate", here.id}}) {
        const auto ran = call(there, words).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(0));
    }
    const auto replay = call(there, {"diagnose", "backend", "--replay", here.id}).run();
    INFO(replay.describe());
    CHECK(replay.ending == exited(0));
    const auto before = call(here.home, {"verify", here.id, "-o", "json"}).run();
    CHECK(call(there, {"verify", here.id, "-o", "json"}).run().out == before.out);
}

TEST_CASE("an imported incident is never written to") {
    const Diagnosed here;
    const TempDir folder;
    const auto file = (folder / "one.tar").string();
    REQUIRE(call(here.home, {"export", here.id, "-f", file}).run().ending == exited(0));
    const TempDir there;
    REQUIRE(call(there, {"import", file}).run().ending == exited(0));
    const auto head = call(there, {"verify", here.id}).run().out;
    for (const auto& words : {std::vector<std::string>{"note", here.id, "more"},
                              {"resume", here.id},
                              {"afterwards", here.id, "--done", "1"}}) {
        const auto ran = call(there, words).run();
        INFO(ran.describe());
        CHECK(ran.ending == exited(2));
        CHECK(has(ran.err, "was imported"));
    }
    CHECK(call(there, {"verify", here.id}).run().out == head);
    const auto again = call(there, {"import", file}).run();
    CHECK(again.ending == exited(2));
    CHECK(has(again.err, "is there already"));
    CHECK(incidents_in(there) == 1);
}

TEST_CASE("an archive that means harm is refused by the name of what is wrong, and leaves nothing behind") {
    const IncidentHome source;
    const std::string journal = read_file(source.folder() / "journal.jsonl");
    const std::string good = member(in_folder("journal.jsonl"), journal);
    struct Case {
        std::string bytes, named;
    };
    const std::string up = in_folder("../../escaped");
    for (const auto& [bytes, named] : {
             Case{member("../escaped", "x"), "../escaped"},
             Case{member("/tmp/memrb-escaped", "x"), "/tmp/memrb-escaped"},
             Case{good + member(up, "x"), "../../escaped"},
             Case{good + member(in_folder("outputs/../../escaped"), "x"), "outputs/../../escaped"},
             Case{good + member(in_folder("outputs/a.out"), "", '2'), "outputs/a.out` in it is a link"},
             Case{good + member(in_folder("outputs/a.out"), "", '1'), "outputs/a.out` in it is a link"},
             Case{good + member(in_folder("outputs/a.out"), "", '3'), "outputs/a.out` in it is a device"},
             Case{good + member(in_folder("outputs/a.out"), "", '6'), "outputs/a.out` in it is a pipe"},
             Case{good + member(in_folder("outputs/a.out"), "x", '0', 8'000'000'000),
                  "outputs/a.out` in it is cut off"},
             Case{good + member(in_folder("imported"), "x"), "imported"},
             Case{good + member(in_folder("journal.jsonl"), "x"), "journal.jsonl"},
             Case{good + member("20261121T234002Z-backend-zzzz/outputs/a.out", "x"), "backend-zzzz/outputs/a.out"},
             Case{member(in_folder("outputs/a.out"), "x") + good, "outputs/a.out"},
             Case{member(in_folder("journal.jsonl"), "{}\n"), "line 1 of its journal"},
             Case{journal, "no tar archive"},
             Case{"", "no journal"},
         }) {
        const TempDir home;
        const auto file = home.write("bad.tar", bytes + std::string(1024, bytes.empty() ? '\0' : '\0'));
        const auto ran = call(home, {"import", file.string()}).run();
        INFO(named);
        INFO(ran.describe());
        CHECK((ran.ending == exited(2) || ran.ending == exited(1)));
        CHECK(has(ran.err, named));
        CHECK(incidents_in(home) == 0);
        CHECK_FALSE(fs::exists(home / "state/memrb/escaped"));
        CHECK_FALSE(fs::exists(home / "state/escaped"));
        CHECK_FALSE(fs::exists("/tmp/memrb-escaped"));
    }
}

TEST_CASE("a record that was changed on its way is refused") {
    const Diagnosed here;
    const TempDir folder;
    const auto file = folder / "one.tar";
    REQUIRE(call(here.home, {"export", here.id, "-f", file.string()}).run().ending == exited(0));
    std::string bytes = read_file(file);
    const auto at = bytes.find("\"live\"");
    REQUIRE(at != std::string::npos);
    bytes[at + 1] = 'L';
    folder.write("changed.tar", bytes);
    const TempDir there;
    const auto ran = call(there, {"import", (folder / "changed.tar").string()}).run();
    INFO(ran.describe());
    CHECK(ran.ending == exited(2));
    CHECK(has(ran.err, "it is not as it was written: line 1 of its journal"));
    CHECK(incidents_in(there) == 0);
}
