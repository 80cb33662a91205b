#pragma once

#include "base/unique_fd.h"
#include "memrb/result.h"
#include "memrb/units.h"

#include <filesystem>

namespace memrb::incident {

/// Says that this process, and no other, writes an incident's journal. Held by an open file (`journal.lock`, which
/// names the owner), so it ends with the process however that ends.
class WriterLock {
public:
    /// Error (stale): another memrb holds it; the message names it and since when.
    static Result<WriterLock> take(const std::filesystem::path& folder, Timestamp now);

private:
    explicit WriterLock(base::UniqueFd fd) : fd_(std::move(fd)) {}
    base::UniqueFd fd_;
};

}  // namespace memrb::incident
