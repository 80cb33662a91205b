#include "system/http_failure.h"

#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace memrb::system {

namespace {

std::string_view host_and_port(std::string_view url) {
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
        url.remove_prefix(scheme + 3);
    }
    url = url.substr(0, url.find_first_of("/?#"));
    if (const auto user = url.rfind('@'); user != std::string_view::npos) {
        url.remove_prefix(user + 1);
    }
    return url;
}

bool is_ipv4_loopback(std::string_view host) {
    return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

NotStarted failure(std::string why, bool denied = false) {
    return {.why = std::move(why), .denied = denied};
}

std::string words_of(int error) {
    return std::generic_category().message(error);
}

NotStarted socket_failure(int error, const std::string& socket) {
    switch (error) {
        case EACCES:
        case EPERM: return failure(fmt::format("no permission to open {}", socket), true);
        case ENOENT: return failure(fmt::format("the socket {} does not exist", socket));
        case ECONNREFUSED: return failure(fmt::format("nothing listens on {} (connection refused)", socket));
        case 0: return failure(fmt::format("{} cannot be opened", socket));
        default: return failure(fmt::format("{} cannot be opened: {}", socket, words_of(error)));
    }
}

NotStarted connect_failure(const HttpFailure& failed, const std::string& place) {
    if (!failed.proxy.empty()) {
        return failure(fmt::format("{} cannot be reached through the proxy that {} names{}", place, failed.proxy,
                                   failed.os_error == 0 ? "" : ": " + words_of(failed.os_error)));
    }
    switch (failed.os_error) {
        case 0:
        case ECONNREFUSED: return failure(fmt::format("nothing listens at {} (connection refused)", place));
        case ENETUNREACH:
        case EHOSTUNREACH: return failure(fmt::format("there is no network route to {}", place));
        case ETIMEDOUT: return failure(fmt::format("{} does not answer (the connection timed out)", place));
        default: return failure(fmt::format("cannot connect to {}: {}", place, words_of(failed.os_error)));
    }
}

std::string with_detail(std::string words, const HttpFailure& failed) {
    return failed.detail.empty() ? words : fmt::format("{}: {}", words, base::printable(failed.detail));
}

}  // namespace

std::string place_of(const HttpRequest& request) {
    return base::printable(request.unix_socket.empty() ? host_and_port(request.url) : request.unix_socket);
}

bool is_loopback(std::string_view url) {
    std::string_view host = host_and_port(url);
    if (host.starts_with('[')) {
        return host.starts_with("[::1]");
    }
    host = host.substr(0, host.find(':'));
    return host == "localhost" || host.ends_with(".localhost") || is_ipv4_loopback(host);
}

NotStarted explain(const HttpFailure& failed, const HttpRequest& request) {
    const std::string place = place_of(request);
    switch (failed.code) {
        case CURLE_COULDNT_CONNECT:
            return request.unix_socket.empty() ? connect_failure(failed, place)
                                               : socket_failure(failed.os_error, place);
        case CURLE_COULDNT_RESOLVE_HOST: return failure(fmt::format("the host name of {} is not known", place));
        case CURLE_COULDNT_RESOLVE_PROXY:
            return failure(fmt::format("the host name of the proxy that {} names is not known", failed.proxy));
        case CURLE_PARTIAL_FILE:
        case CURLE_RECV_ERROR: return failure(fmt::format("the answer of {} broke off in the middle", place));
        case CURLE_SEND_ERROR: return failure(fmt::format("{} closed the connection before it was asked", place));
        case CURLE_GOT_NOTHING: return failure(fmt::format("{} closed the connection without an answer", place));
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_HTTP2:
        case CURLE_HTTP2_STREAM: return failure(fmt::format("{} does not answer in HTTP", place));
        case CURLE_URL_MALFORMAT: return failure(fmt::format("`{}` is no web address", base::printable(request.url)));
        case CURLE_PEER_FAILED_VERIFICATION:
            return failure(with_detail(fmt::format("the certificate of {} is not trusted", place), failed));
        case CURLE_SSL_CONNECT_ERROR: return failure(with_detail(fmt::format("no TLS with {}", place), failed));
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CACERT_BADFILE:
            return failure(with_detail(fmt::format("the certificate files for {} cannot be used", place), failed));
        default:
            return failure(with_detail(
                fmt::format("no answer from {} (libcurl error {})", place, static_cast<int>(failed.code)), failed));
    }
}

}  // namespace memrb::system
