#include "support/cgroup_files.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>

namespace memrb::test {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::uint64_t> read_table(const fs::path& file) {
    std::map<std::string, std::uint64_t> out;
    std::ifstream in(file);
    std::string name;
    std::uint64_t value = 0;
    while (in >> name >> value) {
        out[name] = value;
    }
    return out;
}

std::optional<std::uint64_t> read_number(const fs::path& file) {
    std::ifstream in(file);
    std::uint64_t value = 0;
    return in >> value ? std::optional(value) : std::nullopt;
}

/// Path of the cgroup inside its hierarchy, from lines `9:memory:/docker/ID` (v1) or `0::/system.slice/...` (v2).
struct Place {
    int version = 0;
    std::string path;
};
std::optional<Place> place_of(pid_t pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/cgroup");
    std::optional<Place> unified;
    for (std::string line; std::getline(in, line);) {
        const auto first = line.find(':');
        const auto second = line.find(':', first + 1);
        if (second == std::string::npos) {
            continue;
        }
        const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
        const std::string path = line.substr(second + 1);
        if (controllers.find(",memory,") != std::string::npos) {
            return Place{1, path};
        }
        if (controllers == ",,") {
            unified = Place{2, path};
        }
    }
    return unified;
}

/// Where the hierarchy is mounted, from /proc/self/mountinfo: fields before ` - ` have the mount point, after it the
/// type and the controllers.
std::optional<fs::path> mount_of(int version) {
    std::ifstream in("/proc/self/mountinfo");
    for (std::string line; std::getline(in, line);) {
        const auto dash = line.find(" - ");
        if (dash == std::string::npos) {
            continue;
        }
        std::istringstream before(line.substr(0, dash));
        std::istringstream after(line.substr(dash + 3));
        std::string skipped;
        std::string mount_point;
        std::string type;
        std::string source;
        std::string options;
        before >> skipped >> skipped >> skipped >> skipped >> mount_point;
        after >> type >> source >> options;
        const bool memory = ("," + options + ",").find(",memory,") != std::string::npos;
        if ((version == 1 && type == "cgroup" && memory) || (version == 2 && type == "cgroup2")) {
            return mount_point;
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<CgroupMemory> read_cgroup(pid_t pid) {
    const auto place = place_of(pid);
    const auto mount = place ? mount_of(place->version) : std::nullopt;
    if (!mount) {
        return std::nullopt;
    }
    CgroupMemory out;
    out.version = place->version;
    out.folder = mount->string() + place->path;
    const bool v1 = out.version == 1;
    const auto usage = read_number(out.folder / (v1 ? "memory.usage_in_bytes" : "memory.current"));
    const auto limit = read_number(out.folder / (v1 ? "memory.limit_in_bytes" : "memory.max"));
    auto stat = read_table(out.folder / "memory.stat");
    auto events = read_table(out.folder / (v1 ? "memory.oom_control" : "memory.events"));
    if (!usage || stat.empty()) {
        return std::nullopt;
    }
    out.usage = *usage;
    out.inactive_file = stat[v1 ? "total_inactive_file" : "inactive_file"];
    out.working_set = out.usage - std::min(out.usage, out.inactive_file);
    out.anon = stat[v1 ? "total_rss" : "anon"];
    out.file = stat[v1 ? "total_cache" : "file"];
    // v1 writes "no limit" as the largest multiple of a page; v2 writes the word `max`, which is no number.
    constexpr std::uint64_t beyond_any_machine = std::uint64_t{1} << 60U;
    if (limit && *limit < beyond_any_machine) {
        out.limit = limit;
    }
    out.oom_kills = events["oom_kill"];
    return out;
}

}  // namespace memrb::test
