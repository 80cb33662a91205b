#pragma once

#include "memrb/units.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace memrb::actions {

using Json = nlohmann::json;

/// Reads a document that somebody else wrote; nothing if it is not JSON or nests deeper than any answer does. Never
/// throws.
std::optional<Json> read_json(std::string_view text);

/// The member `key`, or null if `object` is no object or has none.
const Json* member(const Json& object, std::string_view key);

/// The member's value if it is there and of that kind; a wrong kind is as good as none.
std::optional<std::string> get_text(const Json& object, std::string_view key);
std::optional<bool> get_flag(const Json& object, std::string_view key);
/// A whole number that is not negative and fits 64 bits.
std::optional<std::uint64_t> get_count(const Json& object, std::string_view key);
/// A whole number that fits an int.
std::optional<int> get_small(const Json& object, std::string_view key);
/// RFC 3339; Docker's `0001-01-01T00:00:00Z` is none.
std::optional<Timestamp> get_time(const Json& object, std::string_view key);

}  // namespace memrb::actions
