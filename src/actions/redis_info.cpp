#include "actions/redis_info.h"

#include "actions/ending.h"
#include "base/number.h"
#include "base/text.h"

#include <fmt/core.h>
#include <algorithm>
#include <cmath>

namespace memrb::actions {

namespace {

constexpr std::string_view what_it_is = "redis info";

std::optional<double> ratio(std::string_view text) {
    const auto value = base::number<double>(text);
    return value && std::isfinite(*value) && *value > 0 ? value : std::nullopt;
}

std::string word(std::string_view text) {
    constexpr std::size_t longest = 40;
    return base::printable(text.substr(0, longest));
}

bool asks_redis(const CommandLine& line) {
    const auto has = [&](auto&& is) { return std::any_of(line.rest.begin(), line.rest.end(), is); };
    const auto client = [](const std::string& one) { return one == "redis-cli" || one.ends_with("/redis-cli"); };
    const auto info = [](const std::string& one) { return one == "info" || one == "INFO"; };
    return line.verb == "exec" && has(client) && has(info);
}

}  // namespace

std::optional<RedisMemory> read_redis_info(std::string_view text) {
    RedisMemory memory;
    std::optional<Bytes> used;
    for (const auto line : base::lines(text)) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            continue;
        }
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = base::trim(line.substr(colon + 1));
        if (name == "used_memory") {
            used = base::number<Bytes>(value);
        } else if (name == "used_memory_peak") {
            memory.peak = base::number<Bytes>(value);
        } else if (name == "maxmemory") {
            memory.maxmemory = base::number<Bytes>(value);
        } else if (name == "maxmemory_policy") {
            memory.policy = word(value);
        } else if (name == "mem_fragmentation_ratio") {
            memory.fragmentation = ratio(value);
        } else if (name == "evicted_keys") {
            memory.evictions = base::number<std::uint64_t>(value);
        }
    }
    if (!used) {
        return std::nullopt;
    }
    memory.used = *used;
    return memory;
}

std::string describe(const RedisMemory& memory) {
    const bool bounded = memory.maxmemory.value_or(0) > 0;
    std::string text = "used " + format_bytes(memory.used);
    if (bounded) {
        const double part = static_cast<double>(memory.used) / static_cast<double>(*memory.maxmemory);
        text += fmt::format(" of {} maxmemory = {}", format_bytes(*memory.maxmemory), format_percent(part));
    }
    text += memory.peak ? ", peak " + format_bytes(*memory.peak) : "";
    if (memory.maxmemory && !bounded) {
        text += ", no maxmemory: it evicts nothing";
    } else if (!memory.policy.empty()) {
        text += ", policy " + memory.policy;
    }
    text += memory.fragmentation ? fmt::format(", fragmentation {:.3g}", *memory.fragmentation) : "";
    text += memory.evictions ? fmt::format(", {} keys evicted", *memory.evictions) : "";
    return text;
}

std::optional<Interpretation> interpret_redis(const CommandLine& line, const Outcome& outcome) {
    if (!asks_redis(line)) {
        return std::nullopt;
    }
    if (auto why = failure_of(outcome)) {
        return no_data(std::string(what_it_is), *std::move(why));
    }
    const auto memory = read_redis_info(outcome.out.text());
    if (!memory) {
        // A password that is missing is no error for redis-cli: exit 0, and the refusal on stdout.
        const std::string said = last_words(outcome.out);
        return no_data(std::string(what_it_is), said.empty() ? "it says nothing" : "no used_memory in it: " + said);
    }
    Interpretation result;
    result.note = describe(*memory);
    return result;
}

}  // namespace memrb::actions
