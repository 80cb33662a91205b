#pragma once

#include "memrb/outcome.h"
#include "memrb/request.h"

#include <filesystem>

namespace memrb::system {

/// Where the kernel's files are; tests give folders of their own.
struct CgroupRoots {
    std::filesystem::path proc = "/proc";
    std::filesystem::path root = "/";  ///< put before the mount points that /proc/self/mountinfo names
};

/// Reads the memory controller's files of local containers, cgroup v1 and v2. Outcome::out is one JSON document
/// `{"containers":[{"id","version":1|2,"files":{"memory.stat":"…",…},"read_at":"…"} or {"id","error":"…"}]}`: the
/// kernel's own text; actions/ reads it. Exited 0 if at least one container could be read, else NotStarted with the
/// reason.
Outcome read_cgroups(const ReadCgroup& request, Timestamp now, const CgroupRoots& roots = {});

}  // namespace memrb::system
