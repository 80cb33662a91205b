#pragma once

#include "base/secret_table.h"

#include <string>
#include <string_view>
#include <vector>

namespace memrb::base {

// One function for each shape: each gets the whole text, and where the beginning of its rule stands.

SecretSpan look_at_token(std::string_view text, std::size_t at, const SecretRule& rule, bool more);
SecretSpan look_at_token64(std::string_view text, std::size_t at, const SecretRule& rule, bool more);
SecretSpan look_at_key(std::string_view text, std::size_t at, bool more);
SecretSpan look_at_key64(std::string_view text, std::size_t at, bool more);
SecretSpan look_at_jwt(std::string_view text, std::size_t at, bool more);
SecretSpan look_at_url(std::string_view text, std::size_t at, bool more);
SecretSpan look_at_bearer(std::string_view text, std::size_t at, bool more);
SecretSpan look_at_basic(std::string_view text, std::size_t at, bool more);
/// `password=...`: the rule's beginning is a part of the name.
SecretSpan look_at_named(std::string_view text, std::size_t at, bool more);

/// How the words begin by which a name tells of a secret: 4 bytes each, lower case.
std::vector<std::string> name_beginnings();

/// Where bytes of this kind end; the text's size if they do not.
std::size_t end_of(SecretBytes kind, std::string_view text, std::size_t from);

/// A letter, a digit or `_`.
bool is_word_byte(char c);

}  // namespace memrb::base
