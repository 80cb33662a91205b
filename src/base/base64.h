#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace memrb::base {

/// RFC 4648, section 4: with padding, without line breaks.
std::string to_base64(std::string_view bytes);

/// Nothing if `text` is not exactly what to_base64 writes (length, alphabet, padding, unused bits).
std::optional<std::string> from_base64(std::string_view text);

}  // namespace memrb::base
