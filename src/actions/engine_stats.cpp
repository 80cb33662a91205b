#include "actions/engine_stats.h"

#include "actions/memory_counters.h"

#include <fmt/core.h>

namespace memrb::actions {

namespace {

constexpr std::string_view what = "engine statistics";

// v1 tells its real limit among the counters; v2 does not, so there only a limit that was known before can be told from
// the host's memory.
Limit read_limit(const Json& memory, const Json& stats, const Target& target) {
    if (const auto v1 = get_count(stats, "hierarchical_memory_limit")) {
        return limit_from_v1(*v1);
    }
    const auto told = get_count(memory, "limit");
    return std::holds_alternative<Bytes>(target.limit) && told && *told != 0 ? Limit(*told) : target.limit;
}

}  // namespace

bool is_engine_stats(const Json& document) {
    return member(document, "memory_stats") != nullptr;
}

Reading read_engine_stats(const Json& document, const Target& target, Timestamp at) {
    const auto nothing = [&](std::string why) { return NoData{std::string(what), std::move(why)}; };
    const auto id = get_text(document, "id");
    if (id && !target.id.empty() && *id != target.id) {
        return nothing(fmt::format("the answer is about another container ({})", id->substr(0, 12)));
    }
    const Json* memory = member(document, "memory_stats");
    if (memory == nullptr || !memory->is_object()) {
        return nothing("the answer holds no memory statistics");
    }
    const auto usage = get_count(*memory, "usage");
    const Json* stats = member(*memory, "stats");
    if (memory->empty() || usage == std::uint64_t{0}) {
        return nothing(fmt::format("{} is not running", target.name));
    }
    if (!usage || stats == nullptr || !stats->is_object()) {
        return nothing("the answer's memory statistics are not understood");
    }
    const int version = member(*stats, "total_inactive_file") != nullptr ? 1 : 2;
    auto reading = read_counters({version, *usage, [&](std::string_view name) { return get_count(*stats, name); }});
    if (!reading) {
        return nothing("the answer does not tell the inactive file cache, so the working set is unknown");
    }
    reading->at = get_time(document, "read").value_or(at);
    reading->limit = read_limit(*memory, *stats, target);
    reading->source = "docker engine";
    return *std::move(reading);
}

}  // namespace memrb::actions
