#include "ui/style.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::ui;

TEST_CASE("key and value lines are for narrow terminals and for plain output") {
    CHECK(Style{false, true, 59, false}.key_value());
    CHECK_FALSE(Style{false, true, 60, false}.key_value());
    CHECK_FALSE(Style{false, true, 0, false}.key_value());
    CHECK(Style{false, true, 200, true}.key_value());
}

TEST_CASE("paint only where colour is wanted") {
    CHECK(paint({true, true, 80, false}, Paint::bad, "x") == "\x1b[1;31mx\x1b[0m");
    CHECK(paint({false, true, 80, false}, Paint::bad, "x") == "x");
    CHECK(paint({true, true, 80, false}, Paint::none, "x") == "x");
    CHECK(paint({true, true, 80, false}, Paint::bad, "").empty());
}

TEST_CASE("glyphs have ASCII forms") {
    CHECK(glyph({false, true, 80, false}, Glyph::good) == "✓");
    CHECK(glyph({false, false, 80, false}, Glyph::good) == "+");
    CHECK(glyph({false, true, 80, true}, Glyph::bad) == "x");
    CHECK(glyph({false, false, 80, false}, Glyph::ellipsis) == "...");
}

TEST_CASE("without UTF-8 every other character is shown as what it is") {
    const Style utf8{false, true, 80, false};
    const Style ascii{false, false, 80, false};
    CHECK(safe(utf8, "größer → 5\x1b") == "größer → 5\\x1b");
    CHECK(safe(ascii, "größer → 5\x1b") == "gr\\u00f6\\u00dfer -> 5\\x1b");
    CHECK(safe(ascii, "\U0001f600") == "\\U0001f600");
    CHECK(safe(ascii, "a\nb") == "a\\nb");
    CHECK(safe_lines(ascii, "a\nb") == "a\nb");
    CHECK(safe(utf8, "\xff") == "\\xff");
}
