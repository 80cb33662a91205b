#include "ui/layout.h"

#include <catch2/catch.hpp>

using namespace memrb::ui;

namespace {

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("text breaks at spaces and never inside a word") {
    CHECK(wrap("one two three", 8, 8) == Lines{"one two", "three"});
    CHECK(wrap("one two three", 13, 13) == Lines{"one two three"});
    CHECK(wrap("a incomprehensibilities b", 10, 10) == Lines{"a", "incomprehensibilities", "b"});
    CHECK(wrap("one two three", 0, 0) == Lines{"one two three"});
    CHECK(wrap("", 10, 10) == Lines{""});
    CHECK(wrap("ends   ", 10, 10) == Lines{"ends"});
}

TEST_CASE("the first line may be shorter or longer than the rest") {
    CHECK(wrap("one two three four", 3, 20) == Lines{"one", "two three four"});
    CHECK(wrap("one two three four", 13, 5) == Lines{"one two three", "four"});
}

TEST_CASE("glue keeps words together") {
    CHECK(wrap("memory " + glue("498 of 512 MiB") + " now", 16, 16) == Lines{"memory", "498 of 512 MiB", "now"});
    CHECK(wrap(glue("a b"), 0, 0) == Lines{"a b"});
}

TEST_CASE("blanks inside a line are kept, those at a break are not") {
    CHECK(wrap("a    b    c", 8, 8) == Lines{"a    b", "c"});
    CHECK(wrap("  indented", 20, 20) == Lines{"  indented"});
}

TEST_CASE("paint and wide characters count as what they take on the screen") {
    CHECK(columns("\x1b[1;31mred\x1b[0m") == 3);
    CHECK(columns("日本") == 4);
    CHECK(wrap("\x1b[1mone\x1b[0m two", 7, 7) == Lines{"\x1b[1mone\x1b[0m two"});
    CHECK(wrap("日本 日本", 8, 8) == Lines{"日本", "日本"});
    CHECK(pad("\x1b[1mab\x1b[0m", 4) == "\x1b[1mab\x1b[0m  ");
    CHECK(pad_left("ab", 4) == "  ab");
    CHECK(pad("abcdef", 4) == "abcdef");
}

TEST_CASE("facts stand beside their label, or as key and value") {
    const std::vector<Fact> facts{{"Memory", "memory", "498 of 512 MiB working set"},
                                  {"", "parts", "usage 512 MiB anon 480 MiB", 2},
                                  {"Record", "record", "$ a very long command that is never broken", 0, true}};
    CHECK(lay_out(facts, {false, true, 62, false}) ==
          "Memory   498 of 512 MiB working set\n"
          "         usage 512 MiB anon 480 MiB\n"
          "Record   $ a very long command that is never broken\n");
    CHECK(lay_out(facts, {false, true, 32, false}) ==
          "memory: 498 of 512 MiB working\n"
          "  set\n"
          "parts: usage 512 MiB anon 480\n"
          "  MiB\n"
          "record: $ a very long command that is never broken\n");
}

TEST_CASE("verbatim text is safe and keeps its lines") {
    CHECK(verbatim("a\n\x1b[Jb\tc", {false, true, 80, false}, "| ") == "| a\n| \\x1b[Jb\tc\n");
}
