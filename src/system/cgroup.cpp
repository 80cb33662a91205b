#include "system/cgroup.h"

#include "base/text.h"

#include <fmt/format.h>
#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <vector>

namespace memrb::system {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 8> v1_files{
    "memory.usage_in_bytes", "memory.limit_in_bytes", "memory.max_usage_in_bytes",   "memory.stat",
    "memory.oom_control",    "memory.failcnt",        "memory.memsw.limit_in_bytes", "memory.memsw.usage_in_bytes"};
constexpr std::array<std::string_view, 7> v2_files{"memory.current", "memory.max",    "memory.peak",
                                                   "memory.stat",    "memory.events", "memory.swap.current",
                                                   "memory.swap.max"};

struct Hierarchy {
    int version = 0;
    fs::path mount;
};

std::optional<std::string> read_text(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return std::nullopt;
    }
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

// `ID PARENT MAJ:MIN ROOT MOUNTPOINT OPTIONS… - TYPE SOURCE SUPEROPTIONS`; spaces in paths are written as \040.
std::vector<Hierarchy> find_hierarchies(const CgroupRoots& roots) {
    std::vector<Hierarchy> found;
    const auto text = read_text(roots.proc / "self" / "mountinfo");
    for (const auto line : base::lines(text ? *text : std::string_view{})) {
        const auto dash = line.find(" - ");
        const auto head = base::split(line.substr(0, dash), ' ');
        if (dash == std::string_view::npos || head.size() < 5) {
            continue;
        }
        const auto tail = base::split(line.substr(dash + 3), ' ');
        const bool v1 = tail.size() > 2 && tail[0] == "cgroup" &&
                        fmt::format(",{},", tail[2]).find(",memory,") != std::string::npos;
        const bool v2 = tail[0] == "cgroup2";
        if (v1 || v2) {
            const std::string mount = base::replace_all(std::string(head[4]), "\\040", " ");
            // v1 first: in a hybrid setup the v2 tree has no memory controller.
            found.insert(v1 ? found.begin() : found.end(), {v1 ? 1 : 2, roots.root / fs::path(mount).relative_path()});
        }
    }
    return found;
}

bool has_memory_files(const fs::path& folder, int version) {
    std::error_code none;
    return fs::exists(folder / (version == 1 ? "memory.usage_in_bytes" : "memory.current"), none);
}

// The path that /proc/PID/cgroup gives, if it names this container: a pid may belong to somebody else by now.
std::optional<std::string> path_of_process(const CgroupRoots& roots, int version,
                                           const ReadCgroup::Container& container) {
    if (container.pid <= 0) {
        return std::nullopt;
    }
    const auto text = read_text(roots.proc / std::to_string(container.pid) / "cgroup");
    for (const auto line : base::lines(text ? *text : std::string_view{})) {
        const auto first = line.find(':');
        const auto second = line.find(':', first + 1);
        if (first == std::string_view::npos || second == std::string_view::npos) {
            continue;
        }
        const auto controllers = fmt::format(",{},", line.substr(first + 1, second - first - 1));
        const bool fits = version == 1 ? controllers.find(",memory,") != std::string::npos : line.starts_with("0::");
        std::string path(line.substr(second + 1));
        if (fits && path.find(container.id) != std::string::npos) {
            return path;
        }
    }
    return std::nullopt;
}

std::optional<fs::path> find_folder(const CgroupRoots& roots, const Hierarchy& hierarchy,
                                    const ReadCgroup::Container& container) {
    std::vector<std::string> candidates;
    if (auto path = path_of_process(roots, hierarchy.version, container)) {
        candidates.push_back(std::move(*path));
    }
    // The drivers cgroupfs and systemd, as root and rootless podman's place.
    candidates.push_back("docker/" + container.id);
    candidates.push_back("system.slice/docker-" + container.id + ".scope");
    candidates.push_back("machine.slice/libpod-" + container.id + ".scope");
    for (const auto& candidate : candidates) {
        const fs::path folder = hierarchy.mount / fs::path(candidate).relative_path();
        if (has_memory_files(folder, hierarchy.version)) {
            return folder;
        }
    }
    return std::nullopt;
}

bool plain_id(const std::string& id) {
    return !id.empty() && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Json read_container(const CgroupRoots& roots, const std::vector<Hierarchy>& hierarchies,
                    const ReadCgroup::Container& container, Timestamp now) {
    Json json;
    json["id"] = container.id;
    if (!plain_id(container.id)) {
        json["error"] = "its id is no container id";
        return json;
    }
    for (const auto& hierarchy : hierarchies) {
        const auto folder = find_folder(roots, hierarchy, container);
        if (!folder) {
            continue;
        }
        json["version"] = hierarchy.version;
        const std::span<const std::string_view> names = hierarchy.version == 1
                                                            ? std::span<const std::string_view>(v1_files)
                                                            : std::span<const std::string_view>(v2_files);
        for (const auto name : names) {
            if (auto text = read_text(*folder / name)) {
                json["files"][std::string(name)] = std::move(*text);
            }
        }
        json["read_at"] = format_rfc3339(now);
        return json;
    }
    json["error"] =
        hierarchies.empty() ? "this machine has no memory cgroups mounted" : "its memory cgroup is not on this machine";
    return json;
}

}  // namespace

Outcome read_cgroups(const ReadCgroup& request, Timestamp now, const CgroupRoots& roots) {
    const auto begin = std::chrono::steady_clock::now();
    Outcome outcome;
    outcome.started = now;
    const auto hierarchies = find_hierarchies(roots);
    Json document{{"containers", Json::array()}};
    bool any = false;
    std::string why = "no container was named";
    for (const auto& container : request.containers) {
        Json one = read_container(roots, hierarchies, container, now);
        any = any || one.contains("files");
        why = one.value("error", why);
        document["containers"].push_back(std::move(one));
    }
    outcome.out.head = document.dump(-1, ' ', false, Json::error_handler_t::replace);
    outcome.out.total = outcome.out.head.size();
    outcome.ending = any ? Ending(Exited{0}) : Ending(NotStarted{why, false, false});
    outcome.elapsed = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begin);
    return outcome;
}

}  // namespace memrb::system
