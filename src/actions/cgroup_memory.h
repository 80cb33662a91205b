#pragma once

#include "actions/json_get.h"
#include "memrb/reading.h"
#include "memrb/target.h"

#include <optional>
#include <string>
#include <vector>

namespace memrb::actions {

/// True if the document is what ReadCgroup brings (system/cgroup.h).
bool is_cgroup_document(const Json& document);

/// One container's part of the document.
struct CgroupSample {
    std::string id;
    Reading reading;  ///< MemoryReading or NoData
    std::optional<OomCheck>
        kills;  ///< the kernel's own count since the cgroup was made, that is since the container's start
};

/// Every container of the document; version 1 and 2 differ in the names of their files. `at` is used where none is
/// told.
std::vector<CgroupSample> read_cgroup_document(const Json& document, Timestamp at);

}  // namespace memrb::actions
