#include "support/http_client.h"

#include "support/descriptor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstring>
#include <utility>

namespace memrb::test {
namespace {

using Clock = std::chrono::steady_clock;

Descriptor connect_to(const HttpAddress& to) {
    if (!to.unix_socket.empty()) {
        sockaddr_un address{};
        if (to.unix_socket.size() >= sizeof address.sun_path) {
            return {};
        }
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, to.unix_socket.c_str(), to.unix_socket.size() + 1);
        Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const auto* generic = reinterpret_cast<const sockaddr*>(&address);
        return ::connect(socket.get(), generic, sizeof address) == 0 ? std::move(socket) : Descriptor();
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(to.port));
    if (::inet_pton(AF_INET, to.host.c_str(), &address.sin_addr) != 1) {
        return {};
    }
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    return ::connect(socket.get(), generic, sizeof address) == 0 ? std::move(socket) : Descriptor();
}

/// Everything until the other side closes; nothing if the time is over before.
std::optional<std::string> read_all(int from, Clock::time_point deadline) {
    std::string text;
    std::array<char, 65536> block{};
    for (;;) {
        const auto left = std::chrono::duration_cast<Milliseconds>(deadline - Clock::now());
        pollfd waiting{from, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) {
            return std::nullopt;
        }
        const ssize_t got = ::recv(from, block.data(), block.size(), 0);
        if (got <= 0) {
            return text;
        }
        text.append(block.data(), static_cast<std::size_t>(got));
    }
}

std::string without_chunks(std::string_view body) {
    std::string out;
    while (!body.empty()) {
        std::size_t size = 0;
        std::from_chars(body.data(), body.data() + body.size(), size, 16);
        const auto line_end = body.find("\r\n");
        if (size == 0 || line_end == std::string_view::npos || line_end + 2 + size > body.size()) {
            break;
        }
        out += body.substr(line_end + 2, size);
        body.remove_prefix(std::min(line_end + 2 + size + 2, body.size()));
    }
    return out;
}

}  // namespace

std::optional<HttpReply> http(const HttpAddress& to, std::string_view method, std::string_view target,
                              std::string_view body, Milliseconds limit) {
    const auto deadline = Clock::now() + limit;
    const Descriptor socket = connect_to(to);
    if (!socket.open()) {
        return std::nullopt;
    }
    std::string request =
        std::string(method) + " " + std::string(target) +
        " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + std::string(body);
    if (::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
        return std::nullopt;
    }
    const auto text = read_all(socket.get(), deadline);
    const auto head_end = text ? text->find("\r\n\r\n") : std::string::npos;
    if (head_end == std::string::npos || !text->starts_with("HTTP/1.")) {
        return std::nullopt;
    }
    HttpReply reply;
    reply.head = text->substr(0, head_end);
    std::from_chars(text->data() + 9, text->data() + 12, reply.status);
    reply.body = text->substr(head_end + 4);
    if (reply.head.find("Transfer-Encoding: chunked") != std::string::npos) {
        reply.body = without_chunks(reply.body);
    }
    return reply;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 0xFU];
        }
    }
    return out;
}

}  // namespace memrb::test
