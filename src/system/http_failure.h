#pragma once

#include "memrb/outcome.h"
#include "memrb/request.h"

#include <curl/curl.h>

#include <string>
#include <string_view>

namespace memrb::system {

/// `host:port` of the address, or the path of the unix socket: for messages. Never the user or password of a URL.
std::string place_of(const HttpRequest& request);

/// The host of an address is this machine by name or number (localhost, 127.x.x.x, ::1).
bool is_loopback(std::string_view url);

/// What libcurl tells of an exchange that had no answer.
struct HttpFailure {
    CURLcode code = CURLE_OK;
    int os_error = 0;    ///< errno of the failing system call, 0 if there was none
    std::string detail;  ///< libcurl's own words, e.g. what is wrong with a certificate
    std::string proxy;   ///< the environment variable that names the proxy in use, or empty
};

/// The words for a person.
NotStarted explain(const HttpFailure& failure, const HttpRequest& request);

}  // namespace memrb::system
