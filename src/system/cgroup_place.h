#pragma once

#include "memrb/request.h"
#include "system/cgroup.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace memrb::system {

/// One mounted tree of cgroups that may have a memory controller.
struct Hierarchy {
    int version = 0;              ///< 1 or 2
    std::filesystem::path mount;  ///< below CgroupRoots::root
    std::string root;             ///< which cgroup the mount shows; not `/` inside a container
};

/// From /proc/self/mountinfo, v1 first: in a hybrid setup the v2 tree has no memory controller.
std::vector<Hierarchy> find_hierarchies(const CgroupRoots& roots);

/// The folder with the memory files of this container: where /proc/PID/cgroup says, else in the usual places of Docker
/// and Podman, else wherever a folder is named after the container (Kubernetes' pods, a cgroup parent of one's own,
/// rootless engines). Only a folder that carries the container's id counts: a pid may belong to somebody else by now,
/// and the paths of another cgroup namespace lead elsewhere.
std::optional<std::filesystem::path> find_folder(const CgroupRoots& roots, const Hierarchy& hierarchy,
                                                 const ReadCgroup::Container& container);

}  // namespace memrb::system
