#pragma once

#include "memrb/result.h"
#include "wire/target_json.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace memrb::wire {

/// What a document of unknown origin may cost. Json keeps the order of members and finds them by looking at each, so
/// large objects cost quadratic time; deep nesting costs stack.
struct DocumentLimits {
    std::size_t bytes = std::size_t{8} << 20U;
    std::size_t depth = 300;            ///< what jq can capture (256), and room around it
    std::size_t members = 2'000;        ///< of one object
    std::size_t all_members = 100'000;  ///< of all objects together
};

/// Whether reading `text` stays within the limits; says nothing else about it.
Result<void> within_limits(std::string_view text, const DocumentLimits& limits = {});

/// Strict JSON, one value. Errors say what is wrong at which byte; nothing throws.
Result<Json> parse_json(std::string_view text, const DocumentLimits& limits = {});

/// An empty object with room for `members`. Json keeps members in a vector that copies all it holds, values included,
/// each time it grows.
Json object_for(std::size_t members);

/// Compact, one line, never throws (bytes that are no UTF-8 become U+FFFD).
std::string dump(const Json& json);

}  // namespace memrb::wire
