#include "incident/store.h"

#include "fixtures.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <thread>

using namespace memrb;
using incident::Store;

namespace {

Result<incident::Entry> made(const Store& store, const char* at, std::string_view target, std::uint32_t first_letter) {
    return store.create(*parse_rfc3339(at), target, test::scripted_random({first_letter, 1, 2, 3}));
}

}  // namespace

TEST_CASE("an incident's folder is made with all above it, for its owner only", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "state/memrb/incidents");
    const mode_t mask = ::umask(0);
    const auto entry = made(store, "2026-11-21T21:22:00Z", "backend", 0);
    ::umask(mask);
    REQUIRE(entry);
    CHECK(entry->id == "abcd");
    CHECK(entry->folder == dir / "state/memrb/incidents/20261121T212200Z-backend-abcd");
    CHECK(entry->target == "backend");
    CHECK(format_rfc3339(entry->at) == "2026-11-21T21:22:00Z");
    for (auto path = entry->folder / "outputs"; path != dir.path(); path = path.parent_path()) {
        INFO(path);
        CHECK(test::mode_of(path) == 0700);
    }
}

TEST_CASE("an open incidents folder is closed to others", "[incident]") {
    const test::TempDir dir;
    std::filesystem::create_directory(dir / "incidents");
    std::filesystem::permissions(dir / "incidents", std::filesystem::perms(0755));
    REQUIRE(Store(dir / "incidents").create(samples::at(0), "backend"));
    CHECK(test::mode_of(dir / "incidents") == 0700);
}

TEST_CASE("an id that is taken is not given again", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    REQUIRE(made(store, "2026-11-21T21:22:00Z", "backend", 0)->id == "abcd");
    // The same id first, for another target and time; then another.
    const auto second = store.create(samples::at(0), "api", test::scripted_random({0, 1, 2, 3, 4, 5, 6, 7}));
    REQUIRE(second);
    CHECK(second->id == "efgh");
    CHECK(store.list()->size() == 2);  // the attempt has left nothing behind
    const auto third = store.create(samples::at(0), "api", test::scripted_random({0, 1, 2, 3}));
    REQUIRE_FALSE(third);
    CHECK(third.error().message == "no free incident id was found in " + (dir / "incidents").string());
    CHECK(store.list()->size() == 2);
}

TEST_CASE("incidents made at the same moment have different ids", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    std::vector<std::string> ids(8 * 10);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            // Few letters: the threads meet again and again.
            std::uint32_t state = static_cast<std::uint32_t>(t) * 7 + 1;
            const auto random = [&state] { return (state = state * 1'103'515'245 + 12'345) >> 16U & 7U; };
            for (std::size_t i = 0; i < 10; ++i) {
                const auto entry = store.create(samples::at(0), "backend", random);
                ids[t * 10 + i] = entry ? entry->id : entry.error().message;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 80);
    CHECK(store.list()->size() == 80);
}

TEST_CASE("the list is the newest first, and of incidents only", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    CHECK(store.list()->empty());  // there is no folder yet
    REQUIRE(made(store, "2026-11-20T00:00:00Z", "api", 0));
    REQUIRE(made(store, "2026-11-22T00:00:00Z", "web", 1));
    REQUIRE(made(store, "2026-11-21T00:00:00Z", "db", 2));
    std::filesystem::create_directory(dir / "incidents/lost+found");
    std::ofstream(dir / "incidents/20261123T000000Z-file-zzzz") << "x";
    std::filesystem::create_directory_symlink("/etc", dir / "incidents/20261124T000000Z-link-zzzy");
    const auto all = store.list();
    REQUIRE(all);
    std::vector<std::string> targets;
    for (const auto& entry : *all) {
        targets.push_back(entry.target);
    }
    CHECK(targets == std::vector<std::string>{"web", "db", "api"});
}

TEST_CASE("an incident is found by its id, its beginning or its folder's name", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    CHECK(store.find("k7f2").error().message == "there is no incident `k7f2`: nothing is recorded yet");
    REQUIRE(made(store, "2026-11-20T00:00:00Z", "api", 0));  // abcd
    REQUIRE(made(store, "2026-11-21T00:00:00Z", "web", 8));  // jbcd
    const auto other = store.create(*parse_rfc3339("2026-11-22T00:00:00Z"), "db", test::scripted_random({0, 1, 9, 9}));
    REQUIRE(other);  // abkk
    CHECK(store.find("abcd")->target == "api");
    CHECK(store.find("j")->target == "web");
    CHECK(store.find("abk")->target == "db");
    CHECK(store.find("20261120T000000Z-api-abcd")->id == "abcd");

    const auto ambiguous = store.find("ab");
    REQUIRE_FALSE(ambiguous);
    CHECK(ambiguous.error().fault == Fault::usage);
    CHECK(ambiguous.error().message ==
          "`ab` means 2 incidents: abkk (db, 2026-11-22T00:00:00Z), abcd (api, 2026-11-20T00:00:00Z)");
    CHECK(ambiguous.error().hint == "give the whole id");

    const auto unknown = store.find("abck");
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().fault == Fault::usage);
    CHECK(unknown.error().message == "there is no incident `abck`: did you mean `abkk`?");
    CHECK(unknown.error().hint == "`memrb history` lists them");
    CHECK(store.find("../x").error().message == "there is no incident `../x`");
    CHECK(store.find("").error().message == "there is no incident ``");
    CHECK(store.find("\x1b[2J").error().message == "there is no incident `\\x1b[2J`");
}

TEST_CASE("a copied folder makes its id ambiguous, not its name", "[incident]") {
    const test::TempDir dir;
    const Store store(dir / "incidents");
    const auto entry = made(store, "2026-11-20T00:00:00Z", "api", 0);
    std::filesystem::copy(entry->folder, dir / "incidents/20261120T000000Z-api-copy-abcd");
    CHECK(store.find("abcd").error().hint == "give the folder's name");
    CHECK(store.find("20261120T000000Z-api-abcd")->target == "api");
}

TEST_CASE("a folder that cannot be used is told with its path", "[incident]") {
    const test::TempDir dir;
    std::filesystem::permissions(dir.path(), std::filesystem::perms(0755));
    std::ofstream(dir / "file") << "x";
    CHECK(Store(dir / "file").create(samples::at(0), "x").error().message ==
          "cannot make the folder " + (dir / "file").string() + ": Not a directory");
    std::filesystem::create_directory(dir / "closed");
    std::filesystem::permissions(dir / "closed", std::filesystem::perms(0500));
    const test::AsNobody nobody;
    const auto made_in_closed = Store(dir / "closed/incidents").create(samples::at(0), "x");
    REQUIRE_FALSE(made_in_closed);
    CHECK(made_in_closed.error().message ==
          "cannot make the folder " + (dir / "closed/incidents").string() + ": permission denied");
    CHECK(made_in_closed.error().hint == "let XDG_STATE_HOME name a folder that you may write");
}
