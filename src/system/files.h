#pragma once

#include "memrb/result.h"
#include "memrb/units.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace memrb::system {

/// The whole file. A file that is larger than `largest` is an error, not a part of it. Works for /proc and cgroup
/// files, whose size is said to be 0.
Result<std::string> read_file(const std::filesystem::path& path, Bytes largest);

/// All or nothing, also through a crash: readers see the old text or the new one. Mode 0600.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// The same for a file that is there: its mode and owner stay.
Result<void> replace_file_atomically(const std::filesystem::path& path, std::string_view text);

/// Makes the folder and its parents, those that it makes with mode 0700.
Result<void> make_private_folder(const std::filesystem::path& path);

}  // namespace memrb::system
