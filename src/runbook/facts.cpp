#include "runbook/facts.h"

#include <algorithm>
#include <array>

namespace memrb::runbook {

namespace {

using std::string_view;

constexpr std::array<string_view, 9> names{"target",   "vars", "memory",   "trend", "oom",
                                           "restarts", "load", "features", "steps"};
constexpr std::array<string_view, 6> assessed{"memory", "trend", "oom", "restarts", "load", "features"};
constexpr std::array<string_view, 9> target{"name",    "platform", "id",        "running",    "image",
                                            "compose", "kube",     "cloud_run", "limit_bytes"};
constexpr std::array<string_view, 13> memory{
    "used_bytes",  "limit_bytes", "ratio",      "level",  "anon_bytes", "file_bytes",     "reclaimable_bytes",
    "usage_bytes", "shmem_bytes", "limit_kind", "metric", "at",         "droppable_share"};
constexpr std::array<string_view, 9> trend{
    "verdict", "slope_bytes_per_hour", "seconds_to_limit", "restarts_seen", "reason", "slope_ci90",
    "samples", "span_seconds",         "asymptote_bytes"};
constexpr std::array<string_view, 5> oom{"verdict", "count", "last_at", "level", "confirmed_by"};
constexpr std::array<string_view, 10> features{
    "anon_share_of_growth",  "file_share_of_growth", "load_correlation", "retention",        "p95_to_limit",
    "peak_soon_after_start", "sawtooth_same_slope",  "growth_slows",     "descriptors_grow", "minutes_after_change"};

}  // namespace

std::span<const string_view> fact_names() {
    return names;
}

std::optional<std::span<const string_view>> fact_fields(string_view fact) {
    if (fact == "target") {
        return target;
    }
    if (fact == "memory") {
        return memory;
    }
    if (fact == "trend") {
        return trend;
    }
    if (fact == "oom") {
        return oom;
    }
    if (fact == "features") {
        return features;
    }
    return std::nullopt;
}

bool is_assessed(string_view fact) {
    return std::find(assessed.begin(), assessed.end(), fact) != assessed.end();
}

}  // namespace memrb::runbook
