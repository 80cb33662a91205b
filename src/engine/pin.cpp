#include "engine/pin.h"

#include "base/text.h"

#include <fmt/core.h>

namespace memrb::engine {

namespace {

// What is another one after each change, where the platform tells it.
std::string version_of(const Target& target) {
    if (target.cloud_run) {
        return fmt::format("{} with {}", target.cloud_run->generation, target.cloud_run->latest_ready);
    }
    return target.kube ? target.kube->resource_version : std::string();
}

// A rollout that memrb has begun keeps changing the status for minutes: then only another spec is somebody else's work.
bool same_spec(const Target& pinned, const Target& now) {
    return pinned.kube && now.kube && pinned.id == now.id && pinned.kube->generation != 0 &&
           pinned.kube->generation == now.kube->generation;
}

}  // namespace

bool same_pin(const Target& pinned, const Target& now) {
    return pinned.id == now.id && pinned.started_at == now.started_at && version_of(pinned) == version_of(now);
}

std::string how_moved(const Target& pinned, const Target& now, bool changed_by_memrb) {
    if (same_pin(pinned, now) || (changed_by_memrb && same_spec(pinned, now))) {
        return {};
    }
    const std::string name = base::printable(pinned.name);
    if (now.id != pinned.id && pinned.cloud_run) {
        return fmt::format("{} is served by {} now, not by {} as when it was diagnosed", name, base::printable(now.id),
                           base::printable(pinned.id));
    }
    if (now.id != pinned.id) {
        return fmt::format("{} is another {} now than the one that was diagnosed", name,
                           pinned.kube ? pinned.kube->kind : "container");
    }
    const std::string before = version_of(pinned);
    const std::string after = version_of(now);
    return before.empty() ? fmt::format("{} has been started anew since it was diagnosed", name)
                          : fmt::format("{} has been changed since it was diagnosed ({} {}, now {})", name,
                                        pinned.kube ? "resourceVersion" : "generation", base::printable(before),
                                        after.empty() ? "unknown" : base::printable(after));
}

}  // namespace memrb::engine
