#pragma once

#include "memrb/units.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace memrb::test {

struct HttpReply {
    int status = 0;
    std::string head;  ///< status line and headers
    std::string body;
};

/// Where to: a port of an IPv4 address or a unix socket.
struct HttpAddress {
    int port = 0;
    std::string host = "127.0.0.1";
    std::string unix_socket = {};
};

/// One exchange on its own connection; nothing if there was no complete answer in time. For what a test itself wants to
/// know (is the server ready?), so it is as small as it can be: no TLS, no redirects.
std::optional<HttpReply> http(const HttpAddress& to, std::string_view method, std::string_view target,
                              std::string_view body = {}, Milliseconds limit = std::chrono::seconds(5));

/// `a b` as `a%20b`, for query parameters.
std::string percent_encode(std::string_view text);

}  // namespace memrb::test
