#include "support/http_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cctype>
#include <cstring>
#include <exception>
#include <stdexcept>

namespace memrb::test {
namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%' && at + 2 < text.size()) {
            out += static_cast<char>(std::stoi(std::string(text.substr(at + 1, 2)), nullptr, 16));
            at += 2;
        } else {
            out += text[at] == '+' ? ' ' : text[at];
        }
    }
    return out;
}

void read_parameters(std::string_view text, std::map<std::string, std::string>& into) {
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto pair = text.substr(0, end);
        const auto equals = std::min(pair.find('='), pair.size());
        into[percent_decode(pair.substr(0, equals))] = percent_decode(pair.substr(std::min(equals + 1, pair.size())));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

/// Head (without its empty line) and body of a request to a Seen.
Seen parse_head(std::string_view head) {
    Seen seen;
    auto line_end = std::min(head.find("\r\n"), head.size());
    const auto first = head.substr(0, line_end);
    const auto method_end = std::min(first.find(' '), first.size());
    seen.method = first.substr(0, method_end);
    const auto target = first.substr(std::min(method_end + 1, first.size()));
    seen.target = target.substr(0, target.rfind(' '));
    const auto question = std::min(seen.target.find('?'), seen.target.size());
    seen.path = seen.target.substr(0, question);
    if (question < seen.target.size()) {
        read_parameters(std::string_view(seen.target).substr(question + 1), seen.query);
    }
    while (line_end < head.size()) {
        head.remove_prefix(line_end + 2);
        line_end = std::min(head.find("\r\n"), head.size());
        const auto line = head.substr(0, line_end);
        const auto colon = line.find(':');
        if (colon != std::string_view::npos) {
            const auto value = line.substr(colon + 1);
            seen.headers[lower(std::string(line.substr(0, colon)))] =
                value.substr(std::min(value.find_first_not_of(' '), value.size()));
        }
    }
    return seen;
}

bool matches(std::string_view pattern, const Seen& seen) {
    if (pattern == "*") {
        return true;
    }
    const std::string with_query = seen.method + " " + seen.target;
    if (pattern.ends_with('*')) {
        return with_query.starts_with(pattern.substr(0, pattern.size() - 1));
    }
    return pattern == with_query || pattern == seen.method + " " + seen.path;
}

bool send_all(int to, std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = ::send(to, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::string hexadecimal(std::size_t number) {
    std::array<char, 20> text{};
    std::snprintf(text.data(), text.size(), "%zx", number);
    return text.data();
}

}  // namespace

Answer json_answer(std::string body, int status) {
    return {.status = status, .body = std::move(body), .headers = {{"Content-Type", "application/json"}}};
}

Answer answer_ending(Answer::Ending ending, std::string body) {
    return {.body = std::move(body), .ending = ending};
}

HttpServer::HttpServer() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listen_and_start(AF_INET, &address, sizeof address);
}

HttpServer::HttpServer(const std::filesystem::path& unix_socket) : socket_path_(unix_socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = unix_socket.string();
    if (path.size() >= sizeof address.sun_path) {
        throw std::runtime_error("too long for a socket: " + path);
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    listen_and_start(AF_UNIX, &address, sizeof address);
}

void HttpServer::listen_and_start(int family, const void* address, unsigned length) {
    listener_ = Descriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    std::array<int, 2> ends{};
    if (::bind(listener_.get(), static_cast<const sockaddr*>(address), length) != 0 ||
        ::listen(listener_.get(), 64) != 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error(std::string("cannot listen: ") + std::strerror(errno));
    }
    stop_read_ = Descriptor(ends[0]);
    stop_write_ = Descriptor(ends[1]);
    if (family == AF_INET) {
        sockaddr_in bound{};
        socklen_t size = sizeof bound;
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&bound), &size);
        port_ = ntohs(bound.sin_port);
    }
    acceptor_ = std::thread([this] { accept_connections(); });
}

HttpServer::~HttpServer() {
    stop_write_.close();
    acceptor_.join();
    for (auto& connection : connections_) {
        connection.join();
    }
    if (!socket_path_.empty()) {
        std::error_code ignored;
        std::filesystem::remove(socket_path_, ignored);
    }
    if (!problems_.empty() && std::uncaught_exceptions() == 0) {
        FAIL_CHECK(problems_);
    }
}

HttpServer::Script& HttpServer::script(std::string_view pattern) {
    const auto known =
        std::find_if(scripts_.begin(), scripts_.end(), [&](const Script& s) { return s.pattern == pattern; });
    return known != scripts_.end() ? *known : scripts_.emplace_back(Script{std::string(pattern), {}, std::nullopt});
}

HttpServer& HttpServer::on(std::string_view pattern, Answer answer) {
    const std::lock_guard lock(mutex_);
    script(pattern).queued.push_back(std::move(answer));
    return *this;
}

HttpServer& HttpServer::always(std::string_view pattern, Answer answer) {
    const std::lock_guard lock(mutex_);
    script(pattern).standing = std::move(answer);
    return *this;
}

std::string HttpServer::url() const {
    return port_ == 0 ? "http://localhost" : "http://127.0.0.1:" + std::to_string(port_);
}

std::vector<Seen> HttpServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

bool HttpServer::wait_for_requests(std::size_t count, Milliseconds limit) const {
    std::unique_lock lock(mutex_);
    return arrived_.wait_for(lock, limit, [&] { return requests_.size() >= count; });
}

std::string HttpServer::unasked() const {
    const std::lock_guard lock(mutex_);
    std::string out;
    for (const auto& script : scripts_) {
        if (!script.queued.empty()) {
            out += (out.empty() ? "" : ", ") + script.pattern + " ×" + std::to_string(script.queued.size());
        }
    }
    return out;
}

std::string HttpServer::take_problems() {
    const std::lock_guard lock(mutex_);
    return std::exchange(problems_, {});
}

Answer HttpServer::answer_to(const Seen& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    arrived_.notify_all();
    for (auto& script : scripts_) {
        if (!matches(script.pattern, request)) {
            continue;
        }
        if (!script.queued.empty()) {
            Answer answer = std::move(script.queued.front());
            script.queued.pop_front();
            return answer;
        }
        if (script.standing) {
            return *script.standing;
        }
    }
    problems_ +=
        "the scripted server got a request that it has no answer for: " + request.method + " " + request.target + "\n";
    return {.status = 501, .body = "no answer was scripted for this request\n"};
}

bool HttpServer::wait_readable(int descriptor) const {
    std::array<pollfd, 2> waiting{{{descriptor, POLLIN, 0}, {stop_read_.get(), POLLIN, 0}}};
    ::poll(waiting.data(), waiting.size(), -1);
    return waiting[1].revents == 0;
}

bool HttpServer::pause(Milliseconds time) const {
    pollfd waiting{stop_read_.get(), POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) == 0;
}

void HttpServer::accept_connections() {
    while (wait_readable(listener_.get())) {
        Descriptor connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (connection.open()) {
            connections_.emplace_back([this, connection = std::move(connection)] { serve(connection); });
        }
    }
}

void HttpServer::serve(const Descriptor& connection) {
    // A client that stopped reading must not hold up the end of the test.
    const timeval send_limit{5, 0};
    ::setsockopt(connection.get(), SOL_SOCKET, SO_SNDTIMEO, &send_limit, sizeof send_limit);
    std::string got;
    std::array<char, 65536> block{};
    const auto read_more = [&] {
        if (!wait_readable(connection.get())) {
            return false;
        }
        const ssize_t count = ::recv(connection.get(), block.data(), block.size(), 0);
        got.append(block.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
        return count > 0;
    };
    for (;;) {
        while (got.find("\r\n\r\n") == std::string::npos) {
            if (!read_more()) {
                return;
            }
        }
        const auto head_end = got.find("\r\n\r\n");
        Seen seen = parse_head(std::string_view(got).substr(0, head_end));
        got.erase(0, head_end + 4);
        const auto length = seen.headers.find("content-length");
        const std::size_t size = length == seen.headers.end() ? 0 : std::stoul(length->second);
        if (seen.headers["expect"] == "100-continue") {
            send_all(connection.get(), "HTTP/1.1 100 Continue\r\n\r\n");
        }
        while (got.size() < size) {
            if (!read_more()) {
                return;
            }
        }
        seen.body = got.substr(0, size);
        got.erase(0, size);
        if (seen.headers["content-type"].starts_with("application/x-www-form-urlencoded")) {
            read_parameters(seen.body, seen.query);
        }
        const bool last = lower(seen.headers["connection"]) == "close";
        if (!send_answer(connection.get(), answer_to(seen)) || last) {
            return;
        }
    }
}

bool HttpServer::send_answer(int to, const Answer& answer) const {
    if (answer.delay.count() > 0 && !pause(answer.delay)) {
        return false;
    }
    switch (answer.ending) {
        case Answer::Ending::hang: (void)pause(Milliseconds(-1)); return false;
        case Answer::Ending::close: return false;
        case Answer::Ending::reset: {
            // Closing with a linger time of zero sends RST.
            const linger at_once{1, 0};
            ::setsockopt(to, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            return false;
        }
        default: break;
    }
    std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n";
    for (const auto& [name, value] : answer.headers) {
        head.append(name).append(": ").append(value).append("\r\n");
    }
    head += answer.chunked ? "Transfer-Encoding: chunked\r\n"
                           : "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
    head += "\r\n";
    const bool whole = answer.ending == Answer::Ending::complete;
    const std::string part = answer.body.substr(0, whole ? answer.body.size() : answer.body.size() / 2);
    if (answer.chunked) {
        head += part.empty() ? "" : hexadecimal(part.size()) + "\r\n" + part + "\r\n";
        head += whole ? "0\r\n\r\n" : "";
    } else {
        head += part;
    }
    if (!send_all(to, head)) {
        return false;
    }
    if (answer.ending == Answer::Ending::stall) {
        (void)pause(Milliseconds(-1));
    }
    return whole;
}

}  // namespace memrb::test
