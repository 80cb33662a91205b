#pragma once

#include "memrb/result.h"

#include <string>
#include <string_view>

namespace memrb::actions {

/// An http(s) address that may be asked: a scheme, a host, and no character that ends an address or a header line.
Result<std::string> check_web_address(std::string_view address);

/// The same for the base of an API: no query, no fragment, no trailing slashes.
Result<std::string> check_base_address(std::string_view address);

/// The address for people: `http://user:word@host` without the user and the word.
std::string without_login(std::string_view address);

/// Percent-encoded for a query: only the unreserved characters of RFC 3986 stay.
std::string encode_query(std::string_view text);

}  // namespace memrb::actions
