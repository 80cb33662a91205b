#include "runbook/diagnostic.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::runbook;

namespace {

Diagnostic at(int line, int column, std::size_t length, std::string message, std::string hint = {}) {
    return {"a.yaml", {line, column}, Severity::error, std::move(message), std::move(hint), length};
}

}  // namespace

TEST_CASE("a diagnostic is shown with its line, a caret and the hint") {
    CHECK(render(at(2, 3, 4, "wrong", "do this"), "one\n  here now\nthree\n", false) ==
          "a.yaml:2:3: error: wrong\n"
          "    2 |   here now\n"
          "      |   ^~~~\n"
          "      = do this\n");
}

TEST_CASE("without a hint there is no hint line, without a place no source") {
    CHECK(render(at(1, 1, 1, "wrong"), "one\n", false) ==
          "a.yaml:1:1: error: wrong\n"
          "    1 | one\n"
          "      | ^\n");
    CHECK(render(at(0, 0, 1, "too large"), "one\n", false) == "a.yaml: error: too large\n");
}

TEST_CASE("a warning says that it is one") {
    auto diagnostic = at(1, 1, 3, "odd");
    diagnostic.severity = Severity::warning;
    CHECK(render(diagnostic, "one\n", false) ==
          "a.yaml:1:1: warning: odd\n"
          "    1 | one\n"
          "      | ^~~\n");
}

TEST_CASE("tabs, wide and combining characters do not move the caret") {
    CHECK(render(at(1, 4, 2, "wrong"), "a\t\tbcd\n", false) ==
          "a.yaml:1:4: error: wrong\n"
          "    1 | a  bcd\n"
          "      |    ^~\n");
    CHECK(render(at(1, 3, 3, "wrong"), "日本abc\n", false) ==
          "a.yaml:1:3: error: wrong\n"
          "    1 | 日本abc\n"
          "      |     ^~~\n");
    CHECK(render(at(1, 1, 2, "wrong"), "日本abc\n", false) ==
          "a.yaml:1:1: error: wrong\n"
          "    1 | 日本abc\n"
          "      | ^~~~\n");
    CHECK(render(at(1, 3, 1, "wrong"), "e\u0301x\n", false) ==
          "a.yaml:1:3: error: wrong\n"
          "    1 | e\u0301x\n"
          "      |  ^\n");
}

TEST_CASE("escape sequences of the source, the message and the name stay visible and count as shown") {
    Diagnostic diagnostic = at(1, 3, 1, "bad \x1b[31m", "no \x07");
    diagnostic.origin = "a\n.yaml";
    CHECK(render(diagnostic,
                 "a\x1b"
                 "b\n",
                 false) ==
          "a\\n.yaml:1:3: error: bad \\x1b[31m\n"
          "    1 | a\\x1bb\n"
          "      |      ^\n"
          "      = no \\x07\n");
}

TEST_CASE("a long line is cut around the caret") {
    const std::string line = std::string(1000, 'a') + "HERE" + std::string(1000, 'b');
    const std::string text = render(at(1, 1001, 4, "wrong"), line, false);
    CHECK(text == "a.yaml:1:1001: error: wrong\n    1 | …" + std::string(60, 'a') + "HERE" + std::string(94, 'b') +
                      "…\n      | " + std::string(61, ' ') + "^~~~\n");
    CHECK(render(at(1, 1, 2000, "wrong"), line, false) ==
          "a.yaml:1:1: error: wrong\n    1 | " + std::string(159, 'a') + "…\n      | ^" + std::string(159, '~') + "\n");
}

TEST_CASE("a mark behind the end of its line or of the file is harmless") {
    CHECK(render(at(1, 9, 3, "wrong"), "one\n", false) == "a.yaml:1:9: error: wrong\n    1 | one\n      |    ^\n");
    CHECK(render(at(9, 9, 3, "wrong"), "one\n", false) == "a.yaml:9:9: error: wrong\n    9 | \n      | ^\n");
}

TEST_CASE("a byte order mark and carriage returns are not part of the line") {
    CHECK(render(at(1, 1, 3, "wrong"), "\xEF\xBB\xBFone\r\ntwo\r\n", false) ==
          "a.yaml:1:1: error: wrong\n    1 | one\n      | ^~~\n");
}

TEST_CASE("colour is only colour") {
    CHECK(render(at(1, 1, 2, "wrong"), "one\n", true) ==
          "\x1b[1ma.yaml:1:1:\x1b[0m \x1b[1;31merror:\x1b[0m wrong\n"
          "    1 | one\n"
          "      | \x1b[1;32m^~\x1b[0m\n");
}

TEST_CASE("several diagnostics follow each other") {
    CHECK(render({at(0, 0, 1, "one"), at(0, 0, 1, "two")}, "", false) == "a.yaml: error: one\na.yaml: error: two\n");
}
