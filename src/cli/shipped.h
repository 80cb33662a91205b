#pragma once

#include <span>
#include <string_view>

namespace memrb::cli {

/// A file of runbooks/ as it is inside the program.
struct ShippedFile {
    std::string_view path;  ///< relative to runbooks/: `container-high-memory.yaml`, `demo/leak.json`
    std::string_view bytes;
};

/// In the order of their paths.
std::span<const ShippedFile> shipped_files();

}  // namespace memrb::cli
