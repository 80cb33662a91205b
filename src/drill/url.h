#pragma once

#include "memrb/units.h"

#include <optional>
#include <string>
#include <string_view>

namespace memrb::drill {

/// What follows the host in a URL: the path, and the query without its `?`.
struct PathAndQuery {
    std::string_view path;
    std::string_view query;
};

/// Both are parts of `text`.
PathAndQuery split_url(std::string_view text);

/// A parameter of a URL's query (what follows the `?`), decoded; empty if it is not there.
std::string url_parameter(std::string_view query, std::string_view name);

/// One that is a time in seconds; no value: it is not there, or is no number.
std::optional<Timestamp> url_moment(std::string_view query, std::string_view name);

}  // namespace memrb::drill
