#pragma once

#include <string>
#include <string_view>

namespace memrb::drill {

/// A parameter of a URL's query (what follows the `?`), decoded; empty if it is not there.
std::string url_parameter(std::string_view query, std::string_view name);

}  // namespace memrb::drill
