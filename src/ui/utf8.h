#pragma once

#include <string>
#include <string_view>

namespace memrb::ui {

/// The characters of `text`; a byte that is not part of valid UTF-8 becomes U+FFFD.
std::u32string decode_utf8(std::string_view text);

/// As UTF-8; what is no character (surrogates, beyond U+10FFFF) becomes U+FFFD.
std::string encode_utf8(std::u32string_view characters);

}  // namespace memrb::ui
