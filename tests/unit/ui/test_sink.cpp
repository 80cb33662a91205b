#include "ui/sink.h"

#include <fcntl.h>
#include <unistd.h>
#include <array>
#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <thread>

using namespace memrb::ui;

TEST_CASE("text longer than a pipe's buffer arrives whole, also on a non-blocking descriptor") {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    REQUIRE(::fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0);
    const std::string text(300'000, 'x');
    std::size_t got = 0;
    std::thread reader([&] {
        std::array<char, 4096> bytes{};
        for (ssize_t n = 0; (n = ::read(ends[0], bytes.data(), bytes.size())) > 0;) {
            got += static_cast<std::size_t>(n);
        }
    });
    FdSink sink(ends[1]);
    CHECK(sink.write(text));
    ::close(ends[1]);
    reader.join();
    CHECK(got == text.size());
    ::close(ends[0]);
}

TEST_CASE("a sink that cannot be written to says so once and for all") {
    FdSink sink(-1);
    CHECK_FALSE(sink.write("x"));
    CHECK(sink.broken());
    std::ostringstream out;
    StreamSink stream(out);
    CHECK(stream.write("a"));
    out.setstate(std::ios::badbit);
    CHECK_FALSE(stream.write("b"));
    out.clear();
    CHECK_FALSE(stream.write("c"));
    CHECK(out.str() == "a");
}
