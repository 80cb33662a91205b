#include "ui/plain_line_reader.h"

#include "base/text.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>
#include <array>
#include <cerrno>

namespace memrb::ui {

namespace {

enum class Event { input, stopped, gone };

Event wait_for(int in, const Stop& stop) {
    while (!stop.requested()) {
        std::array<pollfd, 2> entries{{{in, POLLIN, 0}, {stop.poll_fd(), POLLIN, 0}}};  // -1 is left out by poll
        if (::poll(entries.data(), entries.size(), -1) < 0) {
            if (errno != EINTR) {
                return Event::gone;
            }
        } else if (entries[0].revents != 0 && entries[1].revents == 0) {
            return Event::input;
        }
    }
    return Event::stopped;
}

}  // namespace

Answer PlainLineReader::read(std::string_view prompt) {
    constexpr std::size_t longest = std::size_t{64} << 10U;  // a line of this length is no answer
    out_.write(prompt);
    while (true) {
        if (const std::size_t end = pending_.find('\n'); end != std::string::npos) {
            std::string line = base::to_utf8(pending_.substr(0, end));
            pending_.erase(0, end + 1);
            if (!line.empty() && line.back() == '\r') {
                line.pop_back();
            }
            return {Answer::Kind::line, std::move(line)};
        }
        const Event event = wait_for(in_, stop_);
        if (event != Event::input || pending_.size() > longest) {
            out_.write("\n");
            return {event == Event::stopped ? Answer::Kind::interrupted : Answer::Kind::end, {}};
        }
        std::array<char, 4096> bytes{};
        const ssize_t got = ::read(in_, bytes.data(), bytes.size());
        if (got > 0) {
            pending_.append(bytes.data(), static_cast<std::size_t>(got));
        } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
            out_.write("\n");
            return {Answer::Kind::end, {}};
        }
    }
}

void PlainLineReader::discard_typed_ahead() {
    pending_.clear();
    ::tcflush(in_, TCIFLUSH);
}

}  // namespace memrb::ui
