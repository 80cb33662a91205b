#include "actions/fleet_gather.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>
#include <cmath>

namespace memrb::actions {

namespace {

std::optional<SeriesRole> role_of(FleetQuery query) {
    switch (query) {
        case FleetQuery::limit: return SeriesRole::limit;
        case FleetQuery::start_time:
        case FleetQuery::starts: return SeriesRole::start_time;
        case FleetQuery::anon: return SeriesRole::anon;
        case FleetQuery::file: return SeriesRole::file;
        case FleetQuery::load: return SeriesRole::load;
        case FleetQuery::oom_events: return SeriesRole::oom_events;
        case FleetQuery::working_set_docker:
        case FleetQuery::working_set_kubernetes: return SeriesRole::memory;
        case FleetQuery::oom_known:
        case FleetQuery::left_out: break;
    }
    return std::nullopt;
}

// The query leaves zeros out: a counter that begins within the range was zero, or not there, before.
void begin_at_zero(const FleetRange& range, std::vector<Point>& points) {
    const Timestamp first = points.front().at;
    const Milliseconds before = points.size() > 1 ? points[1].at - first : range.step;
    if (first - before > range.start) {
        points.insert(points.begin(), Point{first - before, 0});
    }
}

const SeriesReading& newest_of(const std::vector<SeriesReading>& lives) {
    return *std::max_element(lives.begin(), lives.end(), [](const SeriesReading& a, const SeriesReading& b) {
        return a.points.back().at < b.points.back().at ||
               (a.points.back().at == b.points.back().at && a.points.front().at < b.points.front().at);
    });
}

std::string since_when(Timestamp last) {
    return fmt::format("no sample since {}: it has ended, or is not scraped any more",
                       format_rfc3339(std::chrono::floor<std::chrono::seconds>(last)));
}

}  // namespace

void FleetGather::add_companion(FleetQuery query, SeriesReading series) {
    if (series.points.empty()) {
        return;
    }
    if (query == FleetQuery::left_out) {
        const double count = series.points.back().value;
        left_out_ = count > 0 && count < 1e9 ? static_cast<std::size_t>(std::llround(count)) : 0;
        return;
    }
    if (query == FleetQuery::load) {
        if (std::string key = service_key(series.labels); !key.empty()) {
            series.points.shrink_to_fit();
            loads_[std::move(key)] = std::move(series.points);
        }
        return;
    }
    std::string key = life_key(series.labels);
    if (key.empty()) {
        return;
    }
    Companions& companions = companions_[std::move(key)];
    if (query == FleetQuery::oom_known) {
        companions.oom_counted = true;
        if (!companions.series.empty()) {
            return;
        }
        series.points.clear();  // kept for its labels
    }
    if (query == FleetQuery::oom_events) {
        begin_at_zero(range_, series.points);
    }
    series.role = role_of(query).value_or(SeriesRole::other);
    if (!companions.series.empty()) {
        series.labels.clear();  // the same again: 10,000 times some hundred bytes
        series.labels.shrink_to_fit();
    }
    series.points.shrink_to_fit();
    companions.series.push_back(std::move(series));
}

void FleetGather::add_working_set(SeriesReading series) {
    std::string key = container_key(series.labels);
    if (key.empty() || series.points.empty()) {
        return;
    }
    series.role = SeriesRole::memory;
    const bool whole =
        series.points.front().at <= range_.start + range_.step && series.points.back().at > range_.end - range_.step;
    if (whole && !held_.contains(key)) {
        std::vector<SeriesReading> one;
        one.push_back(std::move(series));
        on_member_(member_of(std::move(one)));
        return;
    }
    held_[std::move(key)].push_back(std::move(series));
}

void FleetGather::add_companions_of(const SeriesLabels& labels, bool newest, FleetMember& member) {
    const auto found = companions_.find(life_key(labels));
    if (found == companions_.end()) {
        return;
    }
    found->second.used = true;
    bool counted_kills = false;
    for (SeriesReading& series : found->second.series) {
        const double value = series.points.empty() ? 0 : series.points.back().value;
        counted_kills = counted_kills || series.role == SeriesRole::oom_events;
        if (newest && series.role == SeriesRole::start_time && value > 0) {
            member.target.started_at = from_unix_seconds(value);
        }
        const bool newest_value = series.role == SeriesRole::start_time && series.points.size() == 1;
        if (!newest_value && !series.points.empty()) {
            series.labels = labels;
            member.readings.emplace_back(std::move(series));
        }
    }
    if (newest && found->second.oom_counted && !counted_kills) {
        member.readings.emplace_back(OomCheck{OomSource::metric, {}, range_.start});
    }
    std::vector<SeriesReading>().swap(found->second.series);
}

// A service may name its container, only its pod, or neither its cluster.
const std::vector<Point>* FleetGather::load_of(const SeriesLabels& labels) const {
    static constexpr std::array<std::array<std::string_view, 2>, 4> left_out{
        {{}, {"cluster"}, {"container"}, {"container", "cluster"}}};
    for (const auto& names : left_out) {
        SeriesLabels rest = labels;
        std::erase_if(
            rest, [&](const auto& label) { return std::find(names.begin(), names.end(), label.first) != names.end(); });
        if (const auto found = loads_.find(service_key(rest)); found != loads_.end()) {
            return &found->second;
        }
    }
    return nullptr;
}

FleetMember FleetGather::member_of(std::vector<SeriesReading> lives) {
    FleetMember member;
    const SeriesReading& newest = newest_of(lives);
    const Timestamp last = newest.points.back().at;
    member.target.platform = Platform::prometheus;
    member.target.name = container_name(newest.labels);
    member.target.id = container_id(label_value(newest.labels, "id"));
    member.target.image = label_value(newest.labels, "image");
    member.target.found_by = "prometheus";
    member.target.labels.insert(newest.labels.begin(), newest.labels.end());
    if (last <= range_.end - range_.step) {
        member.outdated = since_when(last);
    }
    for (const SeriesReading& life : lives) {
        add_companions_of(life.labels, &life == &newest, member);
    }
    if (const auto* points = loads_.empty() ? nullptr : load_of(newest.labels)) {
        ++loads_used_;
        member.readings.emplace_back(SeriesReading{SeriesRole::load, {}, newest.labels, *points});
    }
    for (SeriesReading& life : lives) {
        member.readings.emplace_back(std::move(life));
    }
    return member;
}

void FleetGather::finish() {
    for (auto& [key, lives] : held_) {
        on_member_(member_of(std::move(lives)));
    }
    held_.clear();
    for (auto& [key, companions] : companions_) {
        if (companions.used || companions.series.empty()) {
            continue;
        }
        // Another life of it may have told its memory: then this one has only ended.
        FleetMember member;
        const SeriesLabels labels = companions.series.front().labels;
        member.target.platform = Platform::prometheus;
        member.target.name = container_name(labels);
        member.target.id = container_id(label_value(labels, "id"));
        member.target.image = label_value(labels, "image");
        member.target.found_by = "prometheus";
        member.target.labels.insert(labels.begin(), labels.end());
        add_companions_of(labels, true, member);
        member.readings.emplace_back(NoData{"memory", "Prometheus has no working set of it in this time"});
        on_member_(std::move(member));
    }
}

}  // namespace memrb::actions
