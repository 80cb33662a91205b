// The kernel's log, as `dmesg --time-format iso` prints it.
#include "drill/tools.h"

#include "base/text.h"

#include <fmt/core.h>

namespace memrb::drill {

extern const Tool kernel_tool;

namespace {

std::string stamp(Timestamp at) {
    std::string text = format_rfc3339(std::chrono::floor<std::chrono::seconds>(at));
    text.pop_back();  // the Z
    return fmt::format("{},{:06}+00:00 ", text, at.time_since_epoch().count() % 1000 * 1000);
}

std::optional<Reply> answer(const Request& request, World& world) {
    const auto* command = std::get_if<Command>(&request);
    if (command == nullptr || command->argv.empty() || command->argv.front() != "dmesg") {
        return std::nullopt;
    }
    std::string out = stamp(world.began()) + "eth0: link up\n";
    for (const auto& event : world.events()) {
        if (event.action != "oom") {
            continue;
        }
        const Container& container = world.with_id(event.id);
        const bool limited = container.limit > 0;
        const std::string at = stamp(event.at);
        out += fmt::format("{}python3 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n", at);
        out += fmt::format(
            "{}oom-kill:constraint={},nodemask=(null),cpuset={},mems_allowed=0,{}task_memcg=/docker/{},"
            "task=python3,pid={},uid=1000\n",
            at, limited ? "CONSTRAINT_MEMCG" : "CONSTRAINT_NONE", event.id,
            limited ? fmt::format("oom_memcg=/docker/{},", event.id) : "global_oom,", event.id, container.pid);
        out += fmt::format(
            "{}{} out of memory: Killed process {} (python3) total-vm:2097152kB, anon-rss:{:.0f}kB, "
            "file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:900kB oom_score_adj:0\n",
            at, limited ? "Memory cgroup" : "Out of memory:", container.pid, container.limit / 1024);
    }
    return says(std::move(out));
}

}  // namespace

const Tool kernel_tool{"kernel", answer};

}  // namespace memrb::drill
