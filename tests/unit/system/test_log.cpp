#include "system/log.h"

#include "support/temp_dir.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <regex>
#include <string>

using namespace memrb::system;
using memrb::test::TempDir;

TEST_CASE("nothing is logged unless it is asked for") {
    Log log("");
    CHECK_FALSE(log.on());
    log.write("nowhere");
}

TEST_CASE("a log file is appended to, private, and safe to look at") {
    const TempDir folder;
    const std::string file = folder / "memrb.log";
    {
        Log log(file);
        CHECK(log.on());
        CHECK_FALSE(std::filesystem::exists(file));  // not before the first line
        log.write("one\x1b[2J {} %s");
    }
    Log(file).write("two");
    struct stat info{};
    REQUIRE(::stat(file.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600);
    const std::string stamp = R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \d+/\d+ )";
    CHECK(
        std::regex_match(folder.read("memrb.log"), std::regex(stamp + R"(one\\x1b\[2J \{\} %s\n)" + stamp + "two\n")));
}

TEST_CASE("a log that cannot be opened does not stop anything") {
    const TempDir folder;
    folder.write("file", "");
    Log log(folder / "file/log");
    log.write("goes to stderr");
}
