#include "engine/pin.h"

#include "base/text.h"

#include <fmt/core.h>

namespace memrb::engine {

namespace {

// A rollout that memrb has begun keeps changing the status for minutes: then only another spec is somebody else's work.
bool same_spec(const Target& pinned, const Target& now) {
    return pinned.kube && now.kube && pinned.id == now.id && pinned.kube->generation != 0 &&
           pinned.kube->generation == now.kube->generation;
}

}  // namespace

bool same_pin(const Target& pinned, const Target& now) {
    return pinned.id == now.id && pinned.started_at == now.started_at &&
           (pinned.kube ? pinned.kube->resource_version : "") == (now.kube ? now.kube->resource_version : "");
}

std::string how_moved(const Target& pinned, const Target& now, bool changed_by_memrb) {
    if (same_pin(pinned, now) || (changed_by_memrb && same_spec(pinned, now))) {
        return {};
    }
    const std::string name = base::printable(pinned.name);
    if (now.id != pinned.id) {
        return fmt::format("{} is another {} now than the one that was diagnosed", name,
                           pinned.kube ? pinned.kube->kind : "container");
    }
    return pinned.kube ? fmt::format("{} has been changed since it was diagnosed (resourceVersion {}, now {})", name,
                                     base::printable(pinned.kube->resource_version),
                                     now.kube ? base::printable(now.kube->resource_version) : "unknown")
                       : fmt::format("{} has been started anew since it was diagnosed", name);
}

}  // namespace memrb::engine
