#include "ui/plain_line_reader.h"

#include "support/descriptor.h"

#include <fcntl.h>
#include <unistd.h>
#include <array>
#include <catch2/catch.hpp>
#include <sstream>
#include <string>

using namespace memrb;
using namespace memrb::ui;
using memrb::test::Descriptor;

namespace {

class FakeStop final : public Stop {
public:
    [[nodiscard]] bool requested() const override { return now; }
    [[nodiscard]] int poll_fd() const override { return -1; }
    bool now = false;
};

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        read = Descriptor(ends[0]);
        write = Descriptor(ends[1]);
    }
    void type(std::string_view text) const {
        REQUIRE(::write(write.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }
    Descriptor read, write;
};

}  // namespace

TEST_CASE("a plain prompt reads line by line") {
    Pipe keyboard;
    std::ostringstream out;
    StreamSink sink(out);
    const FakeStop stop;
    PlainLineReader reader(keyboard.read.get(), sink, stop);
    keyboard.type("one\r\ntwo\xff\n\nhalf");
    CHECK(reader.read("? ").text == "one");
    CHECK(reader.read("? ").text == "two\xEF\xBF\xBD");
    CHECK(reader.read("? ").kind == Answer::Kind::line);
    keyboard.write.close();
    const Answer last = reader.read("? ");
    CHECK(last.kind == Answer::Kind::end);
    CHECK(last.text.empty());
    CHECK(out.str() == "? ? ? ? \n");
}

TEST_CASE("a stop ends a plain prompt as interrupted") {
    const Pipe keyboard;
    std::ostringstream out;
    StreamSink sink(out);
    FakeStop stop;
    stop.now = true;
    PlainLineReader reader(keyboard.read.get(), sink, stop);
    CHECK(reader.read("? ").kind == Answer::Kind::interrupted);
}

TEST_CASE("lines that came with the one before can be thrown away") {
    const Pipe keyboard;
    std::ostringstream out;
    StreamSink sink(out);
    const FakeStop stop;
    PlainLineReader reader(keyboard.read.get(), sink, stop);
    keyboard.type("1\nyes\n");
    CHECK(reader.read("? ").text == "1");
    reader.discard_typed_ahead();
    keyboard.type("no\n");
    CHECK(reader.read("? ").text == "no");
}
