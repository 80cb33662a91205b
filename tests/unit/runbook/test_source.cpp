#include "runbook/source.h"

#include <catch2/catch.hpp>

using namespace memrb;
using namespace memrb::runbook;

namespace {

std::string refusal(std::string_view bytes) {
    const auto source = Source::read(bytes, "a");
    if (source) {
        return "read";
    }
    const auto& error = source.error();
    return std::to_string(error.mark.line) + ":" + std::to_string(error.mark.column) + " " + error.message;
}

}  // namespace

TEST_CASE("a byte order mark and carriage returns are taken away") {
    CHECK(Source::read("\xEF\xBB\xBF"
                       "a\r\nb\r\n",
                       "a")
              ->text() == "a\nb\n");
    CHECK(Source::read("", "a")->text().empty());
}

TEST_CASE("what is no text is refused at its place") {
    CHECK(refusal(std::string_view("ab\ncd\0", 6)) == "2:3 a NUL byte: this is no text file");
    CHECK(refusal("a\rb") == "1:2 a carriage return without a line feed");
    CHECK(refusal("ok\n\x1b[0m") == "2:1 control character \\x1b");
    CHECK(refusal("\x7f") == "1:1 control character \\x7f");
    CHECK(refusal("\xC2\x9B") == "1:1 control character \\x9b");
    CHECK(refusal("\xC2\x85\xC2\xA0") == "read");
    CHECK(refusal("\t\n ~") == "read");
}

TEST_CASE("invalid UTF-8 is refused, in whatever way it is invalid") {
    CHECK(refusal("日\xE6\x97") == "1:2 byte \\xe6 is not valid UTF-8");
    for (const char* bytes : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                              "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x28\xA1", "\xF0\x9F\x98"}) {
        INFO(bytes);
        CHECK(refusal(bytes).find("is not valid UTF-8") != std::string::npos);
    }
    CHECK(refusal("\xF0\x9F\x98\x80\xEF\xBF\xBD\xED\x9F\xBF\xF4\x8F\xBF\xBF") == "read");
}

TEST_CASE("a file may have 1 MiB and not a byte more") {
    CHECK(refusal(std::string(max_file_bytes, 'a')) == "read");
    CHECK(refusal(std::string(max_file_bytes + 1, 'a')) == "0:0 the file is larger than the 1048576 bytes allowed");
}

TEST_CASE("places are lines and characters from 1") {
    const auto source = *Source::read("aé日x\n\nlast", "a");
    const auto mark = [&](std::size_t offset) {
        const Mark at = source.mark(offset);
        return std::to_string(at.line) + ":" + std::to_string(at.column);
    };
    CHECK(mark(0) == "1:1");
    CHECK(mark(1) == "1:2");
    CHECK(mark(3) == "1:3");
    CHECK(mark(6) == "1:4");
    CHECK(mark(7) == "1:5");
    CHECK(mark(8) == "2:1");
    CHECK(mark(9) == "3:1");
    CHECK(mark(13) == "3:5");
    CHECK(mark(999) == "3:5");
    CHECK(source.offset(0, 3) == 3);
    CHECK(source.offset(0, 99) == 7);
    CHECK(source.offset(2, 1) == 10);
    CHECK(source.offset(9, 0) == 13);
    CHECK(source.line_end(2) == 7);
    CHECK(source.line_end(8) == 8);
    CHECK(source.line_end(10) == 13);
    CHECK(source.characters(0, 7) == 4);
}
