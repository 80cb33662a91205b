#include "system/cgroup_place.h"

#include "base/text.h"
#include "system/files.h"

#include <fmt/core.h>
#include <deque>
#include <string_view>

namespace memrb::system {

namespace {

namespace fs = std::filesystem;

constexpr Bytes largest_table = Bytes{4} << 20U;
constexpr std::size_t most_folders = 20'000;  ///< a bound for the search; busy nodes have some thousand cgroups

bool has_memory_files(const fs::path& folder, int version) {
    std::error_code none;
    return fs::exists(folder / (version == 1 ? "memory.usage_in_bytes" : "memory.current"), none);
}

bool has_memory_controller(std::string_view comma_list) {
    return fmt::format(",{},", comma_list).find(",memory,") != std::string::npos;
}

// The line of /proc/PID/cgroup, `ID:CONTROLLERS:PATH`, that belongs to the hierarchy.
std::optional<std::string> path_of_process(const CgroupRoots& roots, int version, int pid) {
    const auto text =
        pid > 0 ? read_file(roots.proc / std::to_string(pid) / "cgroup", largest_table) : Result<std::string>();
    for (const auto line : base::lines(text ? std::string_view(*text) : std::string_view())) {
        const auto first = line.find(':');
        const auto second = first == std::string_view::npos ? first : line.find(':', first + 1);
        if (second == std::string_view::npos) {
            continue;
        }
        const auto controllers = line.substr(first + 1, second - first - 1);
        if (version == 1 ? has_memory_controller(controllers) : line.starts_with("0::")) {
            return std::string(line.substr(second + 1));
        }
    }
    return std::nullopt;
}

// Up to the last part that carries the id: a container's init may put itself into a cgroup further down. Nothing if no
// part does, or the path climbs out of what this namespace can see.
std::optional<std::string> cut_at_container(const std::string& path, const std::string& id) {
    const auto at = path.rfind(id);
    if (at == std::string::npos || path.find("/../") != std::string::npos) {
        return std::nullopt;
    }
    return path.substr(0, path.find('/', at));
}

std::optional<fs::path> search(const Hierarchy& hierarchy, const std::string& id) {
    std::deque<fs::path> waiting{hierarchy.mount};
    std::size_t seen = 0;
    while (!waiting.empty() && seen < most_folders) {
        const fs::path folder = std::move(waiting.front());
        waiting.pop_front();
        std::error_code none;
        for (fs::directory_iterator entry(folder, none), end; entry != end && !none; entry.increment(none)) {
            if (!entry->is_directory(none) || entry->is_symlink(none)) {
                continue;
            }
            ++seen;
            const bool named = entry->path().filename().string().find(id) != std::string::npos;
            if (named && has_memory_files(entry->path(), hierarchy.version)) {
                return entry->path();
            }
            waiting.push_back(entry->path());
        }
    }
    return std::nullopt;
}

}  // namespace

std::vector<Hierarchy> find_hierarchies(const CgroupRoots& roots) {
    std::vector<Hierarchy> first;
    std::vector<Hierarchy> second;
    const auto text = read_file(roots.proc / "self" / "mountinfo", largest_table);
    // `ID PARENT MAJ:MIN ROOT MOUNTPOINT OPTIONS… - TYPE SOURCE SUPEROPTIONS`; spaces in paths are written as \040.
    for (const auto line : base::lines(text ? std::string_view(*text) : std::string_view())) {
        const auto dash = line.find(" - ");
        const auto head = base::split(line.substr(0, dash), ' ');
        if (dash == std::string_view::npos || head.size() < 5) {
            continue;
        }
        const auto tail = base::split(line.substr(dash + 3), ' ');
        const fs::path mount = base::replace_all(std::string(head[4]), "\\040", " ");
        const fs::path below = roots.root / mount.relative_path();
        const std::string root(head[3]);
        if (tail.size() > 2 && tail[0] == "cgroup" && has_memory_controller(tail[2])) {
            first.push_back({1, below, root});
        } else if (tail[0] == "cgroup2") {
            second.push_back({2, below, root});
        }
    }
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

std::optional<fs::path> find_folder(const CgroupRoots& roots, const Hierarchy& hierarchy,
                                    const ReadCgroup::Container& container) {
    std::vector<std::string> candidates;
    if (const auto path = path_of_process(roots, hierarchy.version, container.pid)) {
        if (const auto own = cut_at_container(*path, container.id)) {
            if (hierarchy.root != "/" && own->starts_with(hierarchy.root + "/")) {
                candidates.push_back(own->substr(hierarchy.root.size()));
            }
            candidates.push_back(*own);
        }
    }
    candidates.push_back("docker/" + container.id);
    candidates.push_back("system.slice/docker-" + container.id + ".scope");
    candidates.push_back("machine.slice/libpod-" + container.id + ".scope");
    for (const auto& candidate : candidates) {
        fs::path folder = hierarchy.mount / fs::path(candidate).relative_path();
        if (has_memory_files(folder, hierarchy.version)) {
            return folder;
        }
    }
    return search(hierarchy, container.id);
}

}  // namespace memrb::system
