#pragma once

#include "memrb/reading.h"
#include "memrb/target.h"

#include <nlohmann/json.hpp>

namespace memrb::wire {

using Json = nlohmann::ordered_json;

/// RFC 3339 UTC, or null.
Json to_json(const std::optional<Timestamp>& at);
/// Bytes, or null for "no limit" and for "unknown"; limit_kind() tells the two apart.
Json to_json(const Limit& limit);
/// `bytes`, `none` or `unknown`.
std::string_view limit_kind(const Limit& limit);

/// Everything that is pinned; from_json(to_json(t)) == t.
Json to_json(const Target& target);
Result<Target> target_from_json(const Json& json);

}  // namespace memrb::wire
