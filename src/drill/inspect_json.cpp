#include "drill/inspect_json.h"

#include <fmt/core.h>

namespace memrb::drill {

namespace {

constexpr std::string_view compose_label = "com.docker.compose.";

Json labels_json(const World& world, const Container& container) {
    const auto label = [](std::string_view name) { return std::string(compose_label) + std::string(name); };
    return {{label("container-number"), std::to_string(container.number)},
            {label("oneoff"), "False"},
            {label("project"), "shop"},
            {label("project.config_files"), compose_file},
            {label("project.working_dir"), project_folder},
            {label("service"), world.service(container.service).spec->name},
            {label("version"), "2.24.5"}};
}

Json state_json(const Container& container) {
    return {{"Status", container.running ? "running" : "restarting"},
            {"Running", true},  // one that waits for its restart counts as running
            {"Paused", false},
            {"Restarting", !container.running},
            {"OOMKilled", container.oom_flag},
            {"Dead", false},
            {"Pid", container.running ? container.pid : 0},
            {"ExitCode", container.running ? 0 : container.exit_code},
            {"Error", ""},
            {"StartedAt", engine_time(container.started)},
            {"FinishedAt", engine_time(container.finished)}};
}

std::uint64_t whole(double bytes) {
    return bytes <= 0 ? 0 : static_cast<std::uint64_t>(bytes);
}

}  // namespace

std::string engine_time(std::optional<Timestamp> at) {
    return at ? format_rfc3339(*at) : "0001-01-01T00:00:00Z";
}

Json inspect_json(const World& world, const Container& container) {
    const auto limit = whole(container.limit);
    return {{"Id", container.id},
            {"Created", engine_time(container.created)},
            {"State", state_json(container)},
            {"Image", "sha256:" + world.chance().id(container.version.image, 0)},
            {"Name", "/" + container.name},
            {"RestartCount", container.restarts},
            {"Driver", "overlay2"},
            {"Platform", "linux"},
            {"HostConfig",
             {{"NetworkMode", "shop_default"},
              {"RestartPolicy", {{"Name", "unless-stopped"}, {"MaximumRetryCount", 0}}},
              {"Memory", limit},
              {"MemoryReservation", 0},
              {"MemorySwap", limit},
              {"OomKillDisable", false}}},
            {"Mounts", Json::array()},
            {"Config",
             {{"Hostname", container.id.substr(0, 12)},
              {"Image", container.version.image},
              {"Labels", labels_json(world, container)}}}};
}

Json listed_json(const World& world, const Container& container) {
    return {{"Id", container.id},
            {"Names", {"/" + container.name}},
            {"Image", container.version.image},
            {"Created", static_cast<std::int64_t>(to_unix_seconds(container.created))},
            {"Labels", labels_json(world, container)},
            {"State", container.running ? "running" : "restarting"},
            {"Status", container.running ? "Up" : "Restarting (137)"}};
}

Json stats_json(const World& world, const Container& container) {
    Json answer{{"read", engine_time(world.now())},
                {"preread", engine_time({})},
                {"name", "/" + container.name},
                {"id", container.id},
                {"pids_stats", {{"current", container.running ? 8 : 0}}},
                {"memory_stats", Json::object()}};
    if (container.running) {
        const double limit = container.limit > 0 ? container.limit : static_cast<double>(world.scenario().host_memory);
        answer["memory_stats"] = {{"usage", whole(container.usage())},
                                  {"stats",
                                   {{"active_anon", 0},
                                    {"active_file", whole(container.active_file)},
                                    {"anon", whole(container.anon())},
                                    {"file", whole(container.active_file + container.inactive_file)},
                                    {"file_dirty", 0},
                                    {"inactive_anon", whole(container.anon())},
                                    {"inactive_file", whole(container.inactive_file)},
                                    {"shmem", 0}}},
                                  {"limit", whole(limit)}};
    }
    return answer;
}

}  // namespace memrb::drill
