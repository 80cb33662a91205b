#include "ui/edit_line_reader.h"

#include "support/descriptor.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>
#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <future>
#include <string>

using namespace memrb;
using namespace memrb::ui;
using memrb::test::Descriptor;

// Each tgetent() of libtinfo leaves a copy of one capability behind once its cache of four is full; a program has one.
// NOLINTBEGIN(readability-identifier-naming): the name that the sanitizer looks for
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:_nc_trim_sgr0\n";
}
// NOLINTEND(readability-identifier-naming)

namespace {

class FakeStop final : public Stop {
public:
    FakeStop() {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        read_ = Descriptor(ends[0]);
        write_ = Descriptor(ends[1]);
    }
    [[nodiscard]] bool requested() const override { return requested_; }
    [[nodiscard]] int poll_fd() const override { return read_.get(); }
    /// As a signal that arrives while poll() waits.
    void wake() { REQUIRE(::write(write_.get(), "x", 1) == 1); }
    void request() { requested_ = true; }

private:
    Descriptor read_, write_;
    bool requested_ = false;
};

struct Terminal {
    Terminal() {
        int keyboard_fd = -1;
        int tty_fd = -1;
        winsize size{24, 80, 0, 0};
        REQUIRE(::openpty(&keyboard_fd, &tty_fd, nullptr, nullptr, &size) == 0);
        keyboard = Descriptor(keyboard_fd);
        tty = Descriptor(tty_fd);
        ::tcgetattr(tty.get(), &before);
    }
    void type(std::string_view keys) const {
        REQUIRE(::write(keyboard.get(), keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
    }
    [[nodiscard]] bool as_found() const {
        termios now{};
        ::tcgetattr(tty.get(), &now);
        return now.c_lflag == before.c_lflag && now.c_iflag == before.c_iflag && now.c_oflag == before.c_oflag &&
               now.c_cflag == before.c_cflag && std::memcmp(now.c_cc, before.c_cc, sizeof now.c_cc) == 0;
    }
    /// Types when the prompt is there: before, the terminal itself would act on Ctrl-C. Gives what was shown until
    /// then.
    [[nodiscard]] std::future<std::string> type_at(std::string prompt, std::string keys) const {
        return std::async(std::launch::async, [this, prompt = std::move(prompt), keys = std::move(keys)] {
            std::string seen = shown_until(prompt);
            static_cast<void>(::write(keyboard.get(), keys.data(), keys.size()));
            return seen;
        });
    }
    /// Reads what the screen has been sent until `text` comes; what came if it does not come.
    [[nodiscard]] std::string shown_until(std::string_view text) const {
        std::string seen;
        std::array<char, 256> bytes{};
        pollfd entry{keyboard.get(), POLLIN, 0};
        while (seen.find(text) == std::string::npos && ::poll(&entry, 1, 5'000) == 1) {
            const ssize_t got = ::read(keyboard.get(), bytes.data(), bytes.size());
            if (got <= 0) {
                break;
            }
            seen.append(bytes.data(), static_cast<std::size_t>(got));
        }
        return seen;
    }

    Descriptor keyboard, tty;
    termios before{};
};

std::unique_ptr<LineReader> open_on(const Terminal& terminal, const Stop& stop, bool utf8 = true) {
    ::setenv("TERM", "xterm", 1);
    auto reader = EditLineReader::open(terminal.tty.get(), terminal.tty.get(), stop, utf8);
    REQUIRE(reader);
    return std::move(*reader);
}

}  // namespace

TEST_CASE("a line is what was typed, edited and ended by Enter") {
    const Terminal terminal;
    const FakeStop stop;
    const auto reader = open_on(terminal, stop);
    CHECK(terminal.as_found());
    terminal.type("# grx\x7f\xc3\xb6\xc3\x9f\x65r 5\r");
    const Answer answer = reader->read("Choose [1-3, q quit]: ");
    CHECK(answer.kind == Answer::Kind::line);
    CHECK(answer.text == "# größer 5");
    CHECK(terminal.as_found());
    CHECK(terminal.shown_until("Choose [1-3, q quit]: ").find("Choose [1-3, q quit]: ") != std::string::npos);
}

TEST_CASE("one answer after the other, typed at once") {
    const Terminal terminal;
    const FakeStop stop;
    const auto reader = open_on(terminal, stop);
    terminal.type("1\rsteps\r\r");
    CHECK(reader->read("? ").text == "1");
    CHECK(reader->read("? ").text == "steps");
    const Answer enter = reader->read("? ");
    CHECK(enter.kind == Answer::Kind::line);
    CHECK(enter.text.empty());
}

TEST_CASE("Ctrl-C is not an answer, whatever was typed before it") {
    const Terminal terminal;
    const FakeStop stop;
    const auto reader = open_on(terminal, stop);
    auto typing = terminal.type_at("? ", "yes\x03");
    const Answer answer = reader->read("? ");
    CHECK(typing.get().ends_with("? "));
    CHECK(answer.kind == Answer::Kind::interrupted);
    CHECK(answer.text.empty());
    CHECK(terminal.as_found());
    CHECK(terminal.shown_until("\n").ends_with("\n"));
    terminal.type("q\r");
    CHECK(reader->read("? ").text == "q");
}

TEST_CASE("Ctrl-D on an empty line leaves, and behind text it does nothing") {
    const Terminal terminal;
    const FakeStop stop;
    const auto reader = open_on(terminal, stop);
    auto typing = terminal.type_at("? ", "\x04");
    CHECK(reader->read("? ").kind == Answer::Kind::end);
    typing.get();
    CHECK(terminal.as_found());
    typing = terminal.type_at("! ", "ab\x04\x63\r");
    CHECK(reader->read("! ").text == "abc");
}

TEST_CASE("a signal ends the read as interrupted") {
    const Terminal terminal;
    FakeStop stop;
    const auto reader = open_on(terminal, stop);
    SECTION("that came while it waited") {
        stop.wake();
    }
    SECTION("that came before") {
        stop.request();
    }
    CHECK(reader->read("? ").kind == Answer::Kind::interrupted);
    CHECK(terminal.as_found());
}

TEST_CASE("a terminal that goes away is the end") {
    Terminal terminal;
    const FakeStop stop;
    const auto reader = open_on(terminal, stop);
    terminal.keyboard.close();
    CHECK(reader->read("? ").kind == Answer::Kind::end);
}

TEST_CASE("what was typed before the question can be thrown away") {
    const Terminal terminal;
    const FakeStop stop;
    const auto reader = open_on(terminal, stop);
    terminal.type("yes\r");
    reader->discard_typed_ahead();
    terminal.type("no\r");
    CHECK(reader->read("? ").text == "no");
}

TEST_CASE("other character sets are read too, and never refused") {
    ::setenv("LC_ALL", "C", 1);
    const Terminal terminal;
    const FakeStop stop;
    const auto reader = open_on(terminal, stop, false);
    terminal.type("gr\xf6\xdf\x65r\r");
    CHECK(reader->read("? ").text == "gr??er");
    ::unsetenv("LC_ALL");
}

TEST_CASE("an unknown kind of terminal is good enough") {
    const Terminal terminal;
    const FakeStop stop;
    ::setenv("TERM", "no-such-terminal", 1);
    auto reader = EditLineReader::open(terminal.tty.get(), terminal.tty.get(), stop, true);
    REQUIRE(reader);
    terminal.type("q\r");
    CHECK((*reader)->read("? ").text == "q");
    CHECK(terminal.as_found());
}

TEST_CASE("without a terminal there is nobody to ask") {
    const FakeStop stop;
    const Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const auto reader = EditLineReader::open(nothing.get(), nothing.get(), stop, true);
    REQUIRE_FALSE(reader);
    CHECK(reader.error().fault == Fault::answer_needed);
    CHECK(reader.error().message == "there is no terminal to ask on");
}
