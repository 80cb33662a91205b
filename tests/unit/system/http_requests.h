#pragma once

#include "run_sh.h"
#include "support/http_server.h"
#include "system/http.h"

#include <string>

namespace memrb::system {

inline HttpRequest get(std::string url) {
    HttpRequest request;
    request.url = std::move(url);
    return request;
}

inline HttpRequest change(std::string method, std::string url, std::string body = {}) {
    HttpRequest request = get(std::move(url));
    request.method = std::move(method);
    request.body = std::move(body);
    return request;
}

inline Outcome fetch(const HttpRequest& request, const RunContext& context = {}) {
    return run_http(request, context, NoStop());
}

inline Ending not_started(std::string why) {
    return NotStarted{.why = std::move(why)};
}

/// Why there was no exchange.
inline std::string why(const Outcome& outcome) {
    const auto* failed = std::get_if<NotStarted>(&outcome.ending);
    return failed == nullptr ? "it was answered" : failed->why;
}

/// Why it is not known what became of a change.
inline std::string unknown(const Outcome& outcome) {
    const auto* lost = std::get_if<Unknown>(&outcome.ending);
    return lost == nullptr ? "it is known" : lost->why;
}

inline std::string header(const test::Seen& seen, const std::string& name) {
    const auto found = seen.headers.find(name);
    return found == seen.headers.end() ? std::string() : found->second;
}

inline std::string port_of(const test::HttpServer& server) {
    return "127.0.0.1:" + std::to_string(server.port());
}

}  // namespace memrb::system
