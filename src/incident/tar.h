#pragma once

#include "memrb/result.h"
#include "memrb/units.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace memrb::incident {

inline constexpr std::size_t tar_block = 512;

/// One file of a tar archive.
struct TarMember {
    std::string name;  ///< with `/`
    std::uint64_t size = 0;
};

/// Its header, as POSIX's ustar has it: a plain file, readable by its owner. Error: the name does not fit.
Result<std::string> tar_header(const TarMember& member, Timestamp at);
/// What fills the last block of a file of that size.
std::string tar_padding(std::uint64_t size);

/// Reads a header of 512 bytes; nothing for the empty block at an archive's end. Errors: it is none, its sum is wrong,
/// or the member (which it names) is no plain file.
Result<std::optional<TarMember>> read_tar_header(std::string_view block);

}  // namespace memrb::incident
