#include "system/dirs.h"

#include <pwd.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using namespace memrb::system;

namespace {

Environment with(std::map<std::string, std::string, std::less<>> values) {
    return Environment(std::move(values));
}

}  // namespace

TEST_CASE("folders are below the home folder unless XDG says otherwise") {
    const Dirs dirs = find_dirs(with({{"HOME", "/home/ops"}}));
    CHECK(dirs.config == "/home/ops/.config/memrb");
    CHECK(dirs.system_config == "/etc/memrb");
    CHECK(dirs.runbooks == "/home/ops/.local/share/memrb/runbooks");
    CHECK(dirs.incidents == "/home/ops/.local/state/memrb/incidents");
}

TEST_CASE("the XDG variables win, but not with a relative or empty path") {
    const Dirs dirs = find_dirs(Environment(
        {{"HOME", "/home/ops"}, {"XDG_CONFIG_HOME", "/cfg"}, {"XDG_DATA_HOME", ""}, {"XDG_STATE_HOME", "state"}}));
    CHECK(dirs.config == "/cfg/memrb");
    CHECK(dirs.runbooks == "/home/ops/.local/share/memrb/runbooks");
    CHECK(dirs.incidents == "/home/ops/.local/state/memrb/incidents");
}

TEST_CASE("without HOME the password database is asked") {
    CHECK(with({}).home() == ::getpwuid(::getuid())->pw_dir);
}

TEST_CASE("the environment is the process's own") {
    ::setenv("MEMRB_TEST_ODD", "a=b=c", 1);
    const Environment environment = Environment::of_process();
    CHECK(environment.get("MEMRB_TEST_ODD") == "a=b=c");
    CHECK(environment.get("MEMRB_TEST_NONE").empty());
    CHECK(environment.has("MEMRB_TEST_ODD"));
    CHECK_FALSE(environment.has("MEMRB_TEST_NONE"));
    ::unsetenv("MEMRB_TEST_ODD");
}
