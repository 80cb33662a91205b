#include "support/screen.h"

#include <catch2/catch.hpp>

using memrb::test::Screen;
using memrb::test::without_escapes;

namespace {

std::string shown(std::string_view bytes, std::size_t columns = 20, std::size_t rows = 5) {
    Screen screen(columns, rows);
    screen.feed(bytes);
    return screen.text();
}

}  // namespace

TEST_CASE("lines, carriage returns and backspaces") {
    CHECK(shown("one\r\ntwo") == "one\ntwo");
    CHECK(shown("working...\rdone\x1b[K") == "done");
    CHECK(shown("working...\rdone") == "doneing...");
    CHECK(shown("ab\b\bc") == "cb");
    CHECK(shown("a\tb") == "a       b");
}

TEST_CASE("text wraps at the right edge and scrolls away at the bottom") {
    CHECK(shown("abcdef", 3) == "abc\ndef");
    Screen screen(5, 2);
    screen.feed("1\r\n2\r\n3");
    CHECK(screen.text() == "2\n3");
    CHECK(screen.everything() == "1\n2\n3");
}

TEST_CASE("the cursor moves and parts are erased") {
    CHECK(shown("one\r\ntwo\x1b[A\x1b[2Dxx") == "oxx\ntwo");
    CHECK(shown("a\r\nb\r\nc\x1b[1;1H\x1b[0J").empty());
    CHECK(shown("a\r\nb\r\nc\x1b[2J\x1b[Hnew") == "new");
    CHECK(shown("abcdef\x1b[3G\x1b[1K") == "   def");
    CHECK(shown("a\r\nb\x1b[1Fc") == "c\nb");
    CHECK(shown("12345\x1b[99D\x1b[2Cx") == "12x45");
}

TEST_CASE("colours are dropped, and one left on is known") {
    Screen screen(20, 2);
    screen.feed("\x1b[1;31mred");
    CHECK(screen.text() == "red");
    CHECK(screen.styled());
    screen.feed("\x1b[0m");
    CHECK_FALSE(screen.styled());
}

TEST_CASE("the cursor's visibility and the alternate screen") {
    Screen screen(20, 2);
    screen.feed("main\x1b[?25l\x1b[?1049h\x1b[Hother");
    CHECK(screen.text() == "other");
    CHECK(screen.alternate());
    CHECK_FALSE(screen.cursor_visible());
    screen.feed("\x1b[?1049l\x1b[?25h");
    CHECK(screen.text() == "main");
    CHECK_FALSE(screen.alternate());
    CHECK(screen.cursor_visible());
}

TEST_CASE("characters and sequences may come in pieces") {
    Screen screen(20, 2);
    for (const char byte : std::string("\x1b[31m✓ 界x\x1b]0;title\x07.")) {
        screen.feed(std::string(1, byte));
    }
    CHECK(screen.text() == "✓ 界x.");
    CHECK(screen.cursor_column() == 6);
}

TEST_CASE("a wide character does not fit into the last column") {
    CHECK(shown("ab界", 3) == "ab\n界");
}

TEST_CASE("a smaller window scrolls, a larger one has room") {
    Screen screen(10, 3);
    screen.feed("1\r\n2\r\n3");
    screen.resize(5, 2);
    CHECK(screen.text() == "2\n3");
    screen.feed("4567");
    CHECK(screen.text() == "2\n34567");
}

TEST_CASE("a transcript has the bytes without sequences") {
    CHECK(without_escapes("a\x1b[31mb\x1b[0m\r\nc\x1b]0;t\x1b\\d\x1b(Be") == "ab\ncde");
}
