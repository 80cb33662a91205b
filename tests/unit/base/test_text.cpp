#include "base/text.h"

#include <catch2/catch.hpp>

using namespace memrb::base;
using Strings = std::vector<std::string>;
using Views = std::vector<std::string_view>;

TEST_CASE("trim removes blanks at both ends only", "[text]") {
    CHECK(trim("  a b\t\r\n") == "a b");
    CHECK(trim("").empty());
    CHECK(trim(" \n\t ").empty());
    CHECK(trim("x") == "x");
}

TEST_CASE("split keeps empty parts", "[text]") {
    CHECK(split("a,,b,", ',') == Views{"a", "", "b", ""});
    CHECK(split("", ',') == Views{""});
    CHECK(split(",", ',') == Views{"", ""});
}

TEST_CASE("lines knows both line ends, and that the last one ends nothing new", "[text]") {
    CHECK(lines("").empty());
    CHECK(lines("\n") == Views{""});
    CHECK(lines("a\nb") == Views{"a", "b"});
    CHECK(lines("a\r\nb\r\n") == Views{"a", "b"});
    CHECK(lines("a\n\n") == Views{"a", ""});
    CHECK(lines("a\rb\n") == Views{"a\rb"});
}

TEST_CASE("join and replace_all", "[text]") {
    CHECK(join(Strings{}, ", ").empty());
    CHECK(join(Strings{"a", "", "b"}, ", ") == "a, , b");
    CHECK(replace_all("aaa", "a", "aa") == "aaaaaa");
    CHECK(replace_all("a${x}b${x}", "${x}", "") == "ab");
    CHECK(replace_all("abc", "", "x") == "abc");
}

TEST_CASE("the closest word is found if it is near enough to be meant", "[text]") {
    const Strings known{"docker", "compose", "promql", "http", "shell", "manual", "memory"};
    CHECK(closest("dokcer", known) == "docker");  // neighbours swapped
    CHECK(closest("docke", known) == "docker");   // one missing
    CHECK(closest("htttp", known) == "http");     // one too many
    CHECK(closest("memroy", known) == "memory");
    CHECK_FALSE(closest("kubernetes", known));
    CHECK_FALSE(closest("", known));
    CHECK_FALSE(closest("x", Strings{"a"}));  // nothing in common
    CHECK_FALSE(closest("abc", Strings{"ax"}));
    CHECK_FALSE(closest(std::string(5'000'000, 'x'), Strings{std::string(5'000'000, 'y')}));
    CHECK(did_you_mean("dokcer", known) == ": did you mean `docker`?");
    CHECK(did_you_mean("kubernetes", known).empty());
}

TEST_CASE("printable makes control and escape sequences visible", "[text]") {
    CHECK(printable("plain text, caf\xC3\xA9, \xE2\x9C\x93") == "plain text, caf\xC3\xA9, \xE2\x9C\x93");
    CHECK(printable("\x1b[2Jx") == "\\x1b[2Jx");
    CHECK(printable(std::string_view("a\0b\x7f", 4)) == "a\\x00b\\x7f");
    CHECK(printable("\xC2\x9B") == "\\x9b");  // CSI as one C1 character
    CHECK(printable("a\r\nb\tc") == "a\\x0d\\nb c");
    CHECK(printable("a\nb\tc\r", true) == "a\nb\tc\\x0d");
    CHECK(printable("\b\a") == "\\x08\\x07");
}

TEST_CASE("printable makes direction overrides and invisible characters visible", "[text]") {
    CHECK(printable("\xE2\x80\xAE"
                    "cod") == "\\u202ecod");
    CHECK(printable("\xE2\x81\xA6") == "\\u2066");
    CHECK(printable("\xE2\x80\x8F") == "\\u200f");
    CHECK(printable("back\xE2\x80\x8B"
                    "end") == "back\\u200bend");
    CHECK(printable("\xEF\xBB\xBF") == "\\ufeff");
    CHECK(printable("\xE2\x80\xA8") == "\\u2028");
    CHECK(printable("a\xC2\xAD"
                    "b") == "a\\u00adb");
    CHECK(printable("\xF3\xA0\x81\xA1") == "\\ue0061");  // a tag character
}

TEST_CASE("printable shows bytes that are no UTF-8", "[text]") {
    CHECK(printable("\xFF\xFE") == "\\xff\\xfe");
    CHECK(printable("cut \xE2\x82") == "cut \\xe2\\x82");
    CHECK(printable("\xC0\xAF") == "\\xc0\\xaf");                    // overlong
    CHECK(printable("\xE0\x80\xAF") == "\\xe0\\x80\\xaf");           // overlong
    CHECK(printable("\xED\xA0\x80") == "\\xed\\xa0\\x80");           // a surrogate
    CHECK(printable("\xF4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
    CHECK(printable("\x80x") == "\\x80x");
}

TEST_CASE("UTF-8 is told from other bytes, and made from them", "[text]") {
    CHECK(is_utf8(""));
    CHECK(is_utf8("caf\xC3\xA9 \xF0\x9F\x98\x80"));
    CHECK_FALSE(is_utf8("caf\xC3"));
    CHECK_FALSE(is_utf8("\xED\xA0\x80"));
    CHECK_FALSE(is_utf8("\xC0\x80"));
    CHECK(to_utf8("a\xFF"
                  "b") ==
          "a\xEF\xBF\xBD"
          "b");
    CHECK(to_utf8("caf\xC3\xA9") == "caf\xC3\xA9");
    CHECK(is_utf8(to_utf8("\xE2\x82 \xFF\xC3")));
}

TEST_CASE("the first line is the first that is not blank", "[text]") {
    CHECK(first_line("\n  \t\n  one \ntwo") == "one");
    CHECK(first_line("one") == "one");
    CHECK(first_line(" \n\n").empty());
    CHECK(first_line("\x1b[31mred\nplain") == printable("\x1b[31mred"));
}

TEST_CASE("columns counts what a terminal draws", "[text]") {
    CHECK(columns("") == 0);
    CHECK(columns("abc") == 3);
    CHECK(columns("caf\xC3\xA9") == 4);
    CHECK(columns("e\xCC\x81") == 1);                 // e + combining acute
    CHECK(columns("\xE6\xBC\xA2\xE5\xAD\x97") == 4);  // two ideographs
    CHECK(columns("\xF0\x9F\x98\x80") == 2);
    CHECK(columns("\xE2\x9C\x93") == 1);                          // check mark, narrow
    CHECK(columns("\xE2\x9C\x85") == 2);                          // its coloured sister, wide
    CHECK(columns("\xE2\x96\x81\xE2\x96\x88\xE2\x80\xA6") == 3);  // sparkline blocks and an ellipsis
    CHECK(columns("\xFFx") == 2);
}

TEST_CASE("fit cuts to a width and shows that it did", "[text]") {
    CHECK(fit("backend", 7) == "backend");
    CHECK(fit("backend", 6) == "backe\xE2\x80\xA6");
    CHECK(fit("backend", 6, true) == "backe~");
    CHECK(fit("backend", 1) == "\xE2\x80\xA6");
    CHECK(fit("backend", 0).empty());
    CHECK(fit("", 0).empty());
    CHECK(fit("\xE6\xBC\xA2\xE5\xAD\x97\xE6\xBC\xA2", 4) == "\xE6\xBC\xA2\xE2\x80\xA6");  // a wide one is not halved
    CHECK(fit("e\xCC\x81xyz", 2) == "e\xCC\x81\xE2\x80\xA6");  // the accent stays with its letter
    for (std::size_t width = 0; width < 12; ++width) {
        CHECK(columns(fit("a\xE6\xBC\xA2\xFF\xF0\x9F\x98\x80 e\xCC\x81 backend", width)) <= width);
    }
}
