#include "support/pty.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace memrb::test {
Pty::Pty(const Run& run, std::size_t columns, std::size_t rows)
    : home_(run.plan().home), screen_(columns, rows), session_(run.plan().spawn, columns, rows) {
    before_ = session_.settings_at_start();
}

bool Pty::pump(Milliseconds limit) {
    std::array<pollfd, 2> waiting{{{session_.terminal(), POLLIN, 0}, {session_.ended_descriptor(), POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), static_cast<int>(std::max<Milliseconds::rep>(limit.count(), 0)));
    std::array<char, 65536> block{};
    const ssize_t got = ::read(session_.terminal(), block.data(), block.size());
    if (got <= 0) {
        return false;
    }
    const std::string_view bytes(block.data(), static_cast<std::size_t>(got));
    raw_ += bytes;
    screen_.feed(bytes);
    return true;
}

template <class Done>
bool Pty::pump_until(Done done, Milliseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!done()) {
        const auto left = std::chrono::duration_cast<Milliseconds>(deadline - std::chrono::steady_clock::now());
        const bool ended = session_.wait(Milliseconds(0)).has_value();
        if (left.count() <= 0) {
            return false;
        }
        if (!pump(ended ? Milliseconds(0) : left) && ended) {
            return done();
        }
    }
    return true;
}

void Pty::expect(std::string_view text, Milliseconds limit) {
    std::size_t found = std::string::npos;
    const auto seen = [&] {
        found = transcript().find(text, matched_);
        return found != std::string::npos;
    };
    if (!pump_until(seen, limit)) {
        FAIL("the terminal did not show \"" << text << "\"\n--- screen\n"
                                            << screen_.everything() << "\n--- since the last match\n"
                                            << transcript().substr(matched_));
    }
    matched_ = found + text.size();
}

void Pty::expect_on_screen(std::string_view text, Milliseconds limit) {
    if (!pump_until([&] { return screen_.text().find(text) != std::string::npos; }, limit)) {
        FAIL("\"" << text << "\" is not on the screen\n--- screen\n" << screen_.text());
    }
}

void Pty::read_for(Milliseconds time) {
    pump_until([] { return false; }, time);
}

void Pty::send(std::string_view keys) {
    while (!keys.empty()) {
        const ssize_t sent = ::write(session_.terminal(), keys.data(), keys.size());
        if (sent > 0) {
            keys.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            pump(Milliseconds(10));
        } else if (errno != EINTR) {
            throw std::runtime_error(std::string("cannot type: ") + std::strerror(errno));
        }
    }
}

void Pty::resize(std::size_t columns, std::size_t rows) {
    screen_.resize(columns, rows);
    session_.resize(columns, rows);
}

Ending Pty::wait(Milliseconds limit) {
    pump_until([] { return false; }, limit);
    return session_.wait(Milliseconds(0)).value_or(timed_out());
}

std::string Pty::what_is_not_restored() const {
    const termios now = session_.settings();
    std::string out;
    const auto differs = [&](bool is, const char* what) {
        if (is) {
            out += (out.empty() ? "" : ", ") + std::string(what);
        }
    };
    differs(now.c_iflag != before_.c_iflag, "input flags");
    differs(now.c_oflag != before_.c_oflag, "output flags");
    differs(now.c_cflag != before_.c_cflag, "control flags");
    differs((now.c_lflag & ECHO) != (before_.c_lflag & ECHO), "echo");
    differs((now.c_lflag & ICANON) != (before_.c_lflag & ICANON), "line mode");
    differs((now.c_lflag & ISIG) != (before_.c_lflag & ISIG), "signals");
    differs(now.c_lflag != before_.c_lflag, "local flags");
    differs(std::memcmp(now.c_cc, before_.c_cc, sizeof now.c_cc) != 0, "control characters");
    differs(!screen_.cursor_visible(), "cursor");
    differs(screen_.alternate(), "alternate screen");
    differs(screen_.styled(), "colour");
    return out;
}

}  // namespace memrb::test
