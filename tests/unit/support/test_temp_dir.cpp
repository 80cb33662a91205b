#include "support/temp_dir.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

using memrb::test::read_file;
using memrb::test::TempDir;
namespace fs = std::filesystem;

TEST_CASE("a temporary folder is only for this user and is gone afterwards") {
    fs::path path;
    {
        const TempDir folder;
        path = folder.path();
        struct stat status{};
        REQUIRE(::stat(path.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777U) == 0700);
        CHECK(folder.write("a/b/file.txt", "text") == path / "a/b/file.txt");
        CHECK(folder.read("a/b/file.txt") == "text");
    }
    CHECK_FALSE(fs::exists(path));
}

TEST_CASE("a script in a temporary folder can be executed") {
    const TempDir folder;
    const auto script = folder.write_script("tool", "#!/bin/sh\n");
    CHECK((fs::status(script).permissions() & fs::perms::owner_exec) != fs::perms::none);
}

TEST_CASE("reading an empty file gives no text, reading none throws") {
    const TempDir folder;
    (void)folder.write("empty", "");
    CHECK(folder.read("empty").empty());
    CHECK_THROWS_WITH(read_file(folder / "nosuch"), "cannot read " + (folder / "nosuch").string());
}
