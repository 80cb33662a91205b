#include "system/log.h"

#include "base/text.h"
#include "memrb/units.h"
#include "support/temp_dir.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <string>

using namespace memrb::system;
using memrb::test::TempDir;

namespace {

/// What follows `TIME PID/THREAD `; empty if the line does not begin so.
std::string message_of(std::string_view line) {
    const auto time_end = line.find(' ');
    const auto ids_end = line.find(' ', time_end + 1);
    if (ids_end == std::string_view::npos || !memrb::parse_rfc3339(line.substr(0, time_end))) {
        return {};
    }
    const std::string ids(line.substr(time_end + 1, ids_end - time_end - 1));
    const bool numbers =
        ids.find_first_not_of("0123456789/") == std::string::npos && ids.find('/') != std::string::npos;
    return numbers ? std::string(line.substr(ids_end + 1)) : std::string();
}

}  // namespace

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
    const std::string written = folder.read("memrb.log");
    const auto lines = memrb::base::lines(written);
    REQUIRE(lines.size() == 2);
    CHECK(message_of(lines[0]) == "one\\x1b[2J {} %s");
    CHECK(message_of(lines[1]) == "two");
}

TEST_CASE("a log that cannot be opened does not stop anything") {
    const TempDir folder;
    folder.write("file", "");
    Log log(folder / "file/log");
    log.write("goes to stderr");
}
