#include "system/terminal.h"

#include "base/unique_fd.h"

#include <fcntl.h>
#include <pty.h>

#include <catch2/catch.hpp>

using namespace memrb::system;

namespace {

struct Terminal {
    memrb::base::UniqueFd master;
    memrb::base::UniqueFd slave;
};

Terminal open_terminal(unsigned short columns, unsigned short rows) {
    int master = -1;
    int slave = -1;
    winsize size{};
    size.ws_col = columns;
    size.ws_row = rows;
    REQUIRE(::openpty(&master, &slave, nullptr, nullptr, &size) == 0);
    return {memrb::base::UniqueFd(master), memrb::base::UniqueFd(slave)};
}

Environment with(std::map<std::string, std::string, std::less<>> values) {
    return Environment(std::move(values));
}

}  // namespace

TEST_CASE("the size is the terminal's, then COLUMNS and LINES, then 80 x 24") {
    const Terminal terminal = open_terminal(132, 50);
    const Terminal unsized = open_terminal(0, 0);
    const memrb::base::UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const Environment says = with({{"COLUMNS", "100"}, {"LINES", "30"}});
    CHECK(terminal_size(terminal.slave.get(), says).columns == 132);
    CHECK(terminal_size(terminal.slave.get(), says).rows == 50);
    CHECK(terminal_size(unsized.slave.get(), says).columns == 100);
    CHECK(terminal_size(null.get(), says).rows == 30);
    CHECK(terminal_size(null.get(), with({})).columns == 80);
    CHECK(terminal_size(null.get(), with({})).rows == 24);
    for (const char* wrong : {"0", "-5", "80x", "", " 80", "99999999999999999999", "1000000"}) {
        CHECK(terminal_size(null.get(), with({{"COLUMNS", wrong}})).columns == 80);
    }
}

TEST_CASE("a terminal is told from a file") {
    const Terminal terminal = open_terminal(80, 24);
    const memrb::base::UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    CHECK(is_terminal(terminal.slave.get()));
    CHECK_FALSE(is_terminal(null.get()));
    CHECK_FALSE(is_terminal(-1));
}

TEST_CASE("colour: the flag, NO_COLOR, CLICOLOR_FORCE, TERM=dumb, then the terminal") {
    const Terminal terminal = open_terminal(80, 24);
    const memrb::base::UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const int tty = terminal.slave.get();
    const auto automatic = ColourChoice::automatic;
    CHECK(use_colour(ColourChoice::always, null.get(), with({{"NO_COLOR", "1"}, {"TERM", "dumb"}})));
    CHECK_FALSE(use_colour(ColourChoice::never, tty, with({{"CLICOLOR_FORCE", "1"}})));
    CHECK_FALSE(use_colour(automatic, tty, with({{"NO_COLOR", "1"}, {"CLICOLOR_FORCE", "1"}, {"TERM", "xterm"}})));
    CHECK(use_colour(automatic, tty, with({{"NO_COLOR", ""}, {"TERM", "xterm"}})));
    CHECK(use_colour(automatic, null.get(), with({{"CLICOLOR_FORCE", "1"}, {"TERM", "dumb"}})));
    CHECK_FALSE(use_colour(automatic, null.get(), with({{"CLICOLOR_FORCE", "0"}})));
    CHECK_FALSE(use_colour(automatic, tty, with({{"TERM", "dumb"}})));
    CHECK(use_colour(automatic, tty, with({{"TERM", "xterm"}})));
    CHECK_FALSE(use_colour(automatic, null.get(), with({{"TERM", "xterm"}})));
}

TEST_CASE("the locale is what the first variable that is set says") {
    CHECK(locale_is_utf8(with({{"LANG", "de_DE.UTF-8"}})));
    CHECK(locale_is_utf8(with({{"LC_CTYPE", "C.utf8"}})));
    CHECK_FALSE(locale_is_utf8(with({{"LC_ALL", "C"}, {"LANG", "de_DE.UTF-8"}})));
    CHECK(locale_is_utf8(with({{"LC_ALL", ""}, {"LC_CTYPE", "en_GB.UTF-8"}, {"LANG", "C"}})));
    CHECK_FALSE(locale_is_utf8(with({{"LANG", "de_DE.ISO-8859-1"}})));
    CHECK_FALSE(locale_is_utf8(with({})));
}
