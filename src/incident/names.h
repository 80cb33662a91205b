#pragma once

#include "memrb/units.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace memrb::incident {

/// Any 32 bits; override point for tests.
using RandomSource = std::function<std::uint32_t()>;
/// The kernel's.
RandomSource system_random();

/// Four characters of a-z and 2-9 without those that look alike (i, l, o, 0, 1).
std::string make_id(const RandomSource& random);
/// Whether `text` could be an id or the beginning of one.
bool is_id_prefix(std::string_view text);

/// What the name of an incident's folder says: `20261121T212200Z-backend-k7f2`.
struct FolderName {
    Timestamp at{};      ///< whole seconds
    std::string target;  ///< as far as it fits into a file name
    std::string id;
};

/// Anything but letters, digits, `_`, `.` and `-` becomes `-`; never a hidden name, never a path.
std::string folder_name(Timestamp at, std::string_view target, std::string_view id);
/// Nothing if the name is not of this form.
std::optional<FolderName> parse_folder_name(std::string_view name);

}  // namespace memrb::incident
