#pragma once

#include "base/unique_fd.h"
#include "memrb/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace memrb::incident {

/// `cannot write /x/journal.jsonl: the disk is full`, with a hint where one helps. `what` is a verb: `write`, `open`.
tl::unexpected<Error> fail_errno(std::string_view what, const std::filesystem::path& path, int error);

/// Makes the folder and those above it that do not exist, with mode 0700. Fine if it exists.
Result<void> make_private_folder(const std::filesystem::path& path);

/// Opens a regular file for reading without following a link in its last part, and without waiting (a FIFO is
/// refused).
Result<base::UniqueFd> open_regular(const std::filesystem::path& path);

/// The size of an open file.
Result<std::uint64_t> size_of(const base::UniqueFd& fd, const std::filesystem::path& path);

/// `count` bytes from `from`; an error if the file ends before.
Result<std::string> read_at(const base::UniqueFd& fd, std::uint64_t from, std::size_t count,
                            const std::filesystem::path& path);

/// The whole file, if it is not larger than `most`.
Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t most);

/// Writes all of it, over several calls if need be. Gives errno, 0 if all is well.
int write_all(int fd, std::string_view bytes);

}  // namespace memrb::incident
