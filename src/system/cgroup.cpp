#include "system/cgroup.h"

#include "system/cgroup_place.h"
#include "system/files.h"

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <vector>

namespace memrb::system {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 8> v1_files{
    "memory.usage_in_bytes", "memory.limit_in_bytes", "memory.max_usage_in_bytes",   "memory.stat",
    "memory.oom_control",    "memory.failcnt",        "memory.memsw.limit_in_bytes", "memory.memsw.usage_in_bytes"};
constexpr std::array<std::string_view, 9> v2_files{"memory.current",      "memory.max",          "memory.high",
                                                   "memory.peak",         "memory.stat",         "memory.events",
                                                   "memory.events.local", "memory.swap.current", "memory.swap.max"};

constexpr Bytes largest_file = Bytes{1} << 20U;

// Long enough to be one container's only: the id is looked for inside folder names.
bool plain_id(const std::string& id) {
    constexpr std::size_t shortest = 12;
    return id.size() >= shortest && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::span<const std::string_view> files_of(int version) {
    if (version == 1) {
        return v1_files;
    }
    return v2_files;
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
        std::string problem = "its memory cgroup vanished while it was read";
        for (const auto name : files_of(hierarchy.version)) {
            std::error_code none;
            if (auto text = read_file(*folder / name, largest_file)) {
                json["files"][std::string(name)] = std::move(*text);
            } else if (fs::exists(*folder / name, none)) {  // not every kernel has every file
                problem = text.error().message;
            }
        }
        if (!json.contains("files")) {
            json["error"] = problem;
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
    outcome.ending = any ? Ending(Exited{0}) : Ending(NotStarted{.why = why});
    outcome.elapsed = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begin);
    return outcome;
}

}  // namespace memrb::system
