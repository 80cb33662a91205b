#include "memory/chosen.h"

#include "base/text.h"
#include "memory/thresholds.h"

#include <fmt/core.h>
#include <algorithm>
#include <chrono>
#include <cmath>

namespace memrb::memory {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view from_prometheus = "prometheus";

std::vector<const MemoryReading*> live_readings(const Evidence& evidence) {
    std::vector<const MemoryReading*> live;
    for (const Reading& reading : evidence.readings) {
        const auto* memory = std::get_if<MemoryReading>(&reading);
        if (memory != nullptr && memory->source != from_prometheus && !evidence.past) {
            live.push_back(memory);
        }
    }
    std::stable_sort(live.begin(), live.end(),
                     [](const MemoryReading* a, const MemoryReading* b) { return a->at < b->at; });
    return live;
}

const StateReading* newest_state(const Evidence& evidence) {
    const StateReading* newest = nullptr;
    for (const Reading& reading : evidence.readings) {
        if (const auto* state = std::get_if<StateReading>(&reading); state != nullptr && !evidence.past) {
            newest = state;
        }
    }
    return newest;
}

// The value in force at `at`, if it was sampled near enough to say so.
std::optional<Bytes> value_at(const Series& series, Timestamp at) {
    const auto after = std::upper_bound(series.points.begin(), series.points.end(), at,
                                        [](Timestamp moment, const Point& point) { return moment < point.at; });
    if (after == series.points.begin() || at - (after - 1)->at > longest_distance(series.step)) {
        return std::nullopt;
    }
    return to_bytes((after - 1)->value);
}

MemoryReading reading_of(const Series& memory, const Companions& companions) {
    const Point& last = memory.points.back();
    MemoryReading reading;
    reading.at = last.at;
    const bool usual = memory.metric.empty() || memory.metric.find("working_set") != std::string::npos;
    reading.metric = usual ? "working set" : memory.metric;
    reading.used = to_bytes(last.value);
    reading.usage = value_at(companions.usage, last.at);
    reading.anon = value_at(companions.anon, last.at);
    reading.file = value_at(companions.file, last.at);
    reading.source = from_prometheus;
    return reading;
}

// How actions name their failed attempts to learn the memory: `memory`, `engine statistics`, or the query.
bool speaks_of_memory(std::string_view what) {
    const auto holds = [&](std::string_view part) { return what.find(part) != std::string_view::npos; };
    return holds("memory") || holds("statistics") || holds("docker stats") || holds("cgroup");
}

std::string why_no_memory(const Evidence& evidence, const Chosen& chosen, std::size_t unusable) {
    if (chosen.stopped) {
        return chosen.state != nullptr && chosen.state->exit_code
                   ? fmt::format("the container is not running ({}, exit {})", base::printable(chosen.state->status),
                                 *chosen.state->exit_code)
                   : "the container is not running";
    }
    if (unusable > 0) {
        return "no sample is usable: all are NaN, infinite or negative";
    }
    std::vector<std::string> reasons;
    for (const Reading& reading : evidence.readings) {
        const auto* nothing = std::get_if<NoData>(&reading);
        if (nothing != nullptr && speaks_of_memory(nothing->what)) {
            auto reason = fmt::format("{}: {}", base::printable(nothing->what), base::printable(nothing->why));
            if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) {
                reasons.push_back(std::move(reason));  // two steps may fail for the same one
            }
        }
    }
    return reasons.empty() ? "no source has told the memory" : base::join(reasons, "; ");
}

std::string limit_text(const Limit& limit) {
    const auto* bytes = std::get_if<Bytes>(&limit);
    return bytes != nullptr ? format_bytes(*bytes) : "no limit";
}

bool known(const Limit& limit) {
    return !std::holds_alternative<LimitUnknown>(limit);
}

void warn_of_limits(const MemoryReading& live, const Series& limits, std::vector<std::string>& warnings) {
    if (limits.points.empty()) {
        return;
    }
    const Limit told = limit_from_metric(limits.points.back().value);
    if (known(live.limit) && known(told) && live.limit != told) {
        warnings.push_back(fmt::format("the limit is {} ({}), but {} (prometheus)", limit_text(live.limit),
                                       base::printable(live.source), limit_text(told)));
    }
}

void warn_of_difference(const MemoryReading& live, const Series& memory, std::vector<std::string>& warnings) {
    const auto told = value_at(memory, live.at);
    if (!told) {
        return;
    }
    constexpr double most = 0.1;
    const auto a = static_cast<double>(live.used);
    const auto b = static_cast<double>(*told);
    if (std::abs(a - b) > most * std::max(a, b)) {
        warnings.push_back(fmt::format("{} says {}, prometheus {}: they differ by more than 10 %",
                                       base::printable(live.source), format_bytes(live.used), format_bytes(*told)));
    }
}

void warn_of_series(const Series& memory, std::vector<std::string>& warnings) {
    if (memory.unusable > 0) {
        warnings.push_back(fmt::format("{} sample{} of {} could not be used (NaN, infinite, negative or double)",
                                       memory.unusable, memory.unusable == 1 ? "" : "s",
                                       memory.metric.empty() ? "the series" : base::printable(memory.metric)));
    }
    if (memory.others > 0) {
        warnings.push_back(fmt::format("{} more container{} report{} under this name; judged is {}", memory.others,
                                       memory.others == 1 ? "" : "s", memory.others == 1 ? "s" : "",
                                       base::printable(memory.identity)));
    }
    constexpr double complete = 0.9;
    const double share = coverage(memory.points, memory.step);
    if (memory.points.size() >= 2 && share < complete) {
        warnings.push_back(fmt::format("partial: samples cover only {} of {}", format_percent(share),
                                       format_duration(memory.points.back().at - memory.points.front().at)));
    }
}

// The series of the working set, or of the usage where nothing else is known; says so.
Series memory_series(const Evidence& evidence, const Wanted& wanted, bool has_live,
                     std::vector<std::string>& warnings) {
    Series memory = gather(evidence.readings, wanted);
    if (memory.points.empty() && !has_live) {
        Wanted usage = wanted;
        usage.role = SeriesRole::usage;
        if (Series other = gather(evidence.readings, usage); !other.points.empty()) {
            warnings.emplace_back("the working set is not known: judged is the usage, which counts page cache too");
            return other;
        }
    }
    return memory;
}

}  // namespace

Chosen choose(const Evidence& evidence) {
    Chosen chosen;
    const auto live = live_readings(evidence);
    chosen.state = newest_state(evidence);
    chosen.now = live.empty() ? evidence.now : std::max(evidence.now, live.back()->at);
    const bool runs =
        chosen.state != nullptr ? chosen.state->running && !chosen.state->exit_code : evidence.target.running;
    chosen.stopped = !runs && !evidence.past;

    Wanted wanted{SeriesRole::memory, evidence.target.id, {}, chosen.now};
    Series memory = memory_series(evidence, wanted, !live.empty(), chosen.warnings);
    const std::string identity = memory.identity;
    wanted.identity = identity;
    const auto get = [&](SeriesRole role) {
        wanted.role = role;
        return gather(evidence.readings, wanted);
    };
    chosen.companions = {get(SeriesRole::usage), get(SeriesRole::anon), get(SeriesRole::file), get(SeriesRole::load),
                         get(SeriesRole::descriptors)};
    chosen.oom_events = get(SeriesRole::oom_events);
    const Series limits = get(SeriesRole::limit);
    const Series restarts = get(SeriesRole::restarts);
    const Series start_time = get(SeriesRole::start_time);

    LimitHistory limit(limits, evidence.target.limit);
    warn_of_series(memory, chosen.warnings);
    if (!live.empty()) {
        chosen.memory = *live.back();
        warn_of_limits(*live.back(), limits, chosen.warnings);
        warn_of_difference(*live.back(), memory, chosen.warnings);
    } else if (!memory.points.empty()) {
        chosen.memory = reading_of(memory, chosen.companions);
    } else {
        chosen.no_memory_why = why_no_memory(evidence, chosen, memory.unusable);
    }
    if (evidence.past && limits.points.empty() && known(evidence.target.limit) && chosen.memory) {
        chosen.warnings.emplace_back("the limit of that time is not known: today's was taken");
    }
    while (!live.empty() && !memory.points.empty() && memory.points.back().at >= live.front()->at) {
        memory.points.pop_back();
    }
    for (const MemoryReading* reading : live) {
        limit.set_from(reading->at, reading->limit);
        if (memory.points.empty() || reading->at > memory.points.back().at) {
            memory.points.push_back({reading->at, static_cast<double>(reading->used)});
        }
    }
    if (!live.empty()) {
        memory.step = resolution(memory.points);
    }
    if (chosen.memory && !known(chosen.memory->limit)) {
        chosen.memory->limit = limit.at(chosen.memory->at);
    }
    chosen.restarts = chosen.state != nullptr && chosen.state->restarts ? chosen.state->restarts : std::nullopt;
    if (!chosen.restarts && !restarts.points.empty()) {
        chosen.restarts = to_bytes(restarts.points.back().value);
    }

    std::vector<Timestamp> starts;
    for (const auto& start :
         {evidence.target.started_at, chosen.state != nullptr ? chosen.state->started_at : std::nullopt}) {
        if (start) {
            starts.push_back(*start);
        }
    }
    History& history = chosen.history;
    if (!starts.empty()) {
        history.started_at = *std::max_element(starts.begin(), starts.end());
    } else if (!start_time.points.empty()) {
        history.started_at = from_unix_seconds(start_time.points.back().value);
    }
    history.memory = std::move(memory);
    history.limit = std::move(limit);
    history.cuts = find_cuts({history.memory, start_time, restarts, history.limit, starts});
    history.lives = split(history.points(), history.cuts, {CutReason::restart, CutReason::revision});
    return chosen;
}

}  // namespace memrb::memory
